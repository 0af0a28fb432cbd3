package io.sluice.retry;

import static io.sluice.retry.FailingProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.retry.RetryReport.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** Sources, settings and schedulers that do not do what they should. */
class RetryBrokenPromisesTest {

    private final FailingProvider provider = new FailingProvider();

    @Test
    void aSourceThatThrowsInsteadOfFailingIsAnAttempt() {
        Mono<String> call = new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super String> actual) {
                provider.calledAt.add(provider.now());
                throw new IllegalStateException("thrown in subscribe");
            }
        };
        Heard<String> heard = new Heard<>();
        provider.retry(3).protect(call).subscribe(heard);
        provider.pass(Duration.ofMinutes(1));
        assertThat(provider.calledAt).hasSize(3);
        assertThat(heard.error).hasMessage("thrown in subscribe");
        assertThat(heard.ends).isEqualTo(1);
    }

    @Test
    void aRandomSourceThatThrowsIsToldTogetherWithTheFailure() {
        Throwable failure = serverError();
        Heard<String> heard = new Heard<>();
        provider.retry(3)
                .random(() -> {
                    throw new IllegalStateException("no dice");
                })
                .protect(provider.failing(failure))
                .subscribe(heard);
        assertThat(heard.error).hasMessage("no dice").hasSuppressedException(failure);
    }

    @Test
    void aSecondErrorOfOneAttemptIsDropped() {
        TestPublisher<String> call = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        StepVerifier.create(provider.retry(1).protect(call.flux()))
                .then(() -> call.error(serverError()))
                .then(() -> call.error(new IllegalStateException("again")))
                .expectError()
                .verifyThenAssertThat()
                .hasDroppedErrorWithMessage("again");
    }

    @Test
    void aSecondSubscriptionOfOneAttemptIsRefused() {
        List<String> cancelled = new ArrayList<>();
        Flux<String> call = new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super String> actual) {
                actual.onSubscribe(Operators.emptySubscription());
                actual.onSubscribe(new Subscription() {
                    @Override
                    public void request(long n) {}

                    @Override
                    public void cancel() {
                        cancelled.add("second");
                    }
                });
                actual.onComplete();
            }
        };
        StepVerifier.create(provider.retry(1).protect(call)).verifyComplete();
        assertThat(cancelled).containsExactly("second");
    }

    @Test
    void aSchedulerThatIsShutDownEndsTheCallWithItsLastError() {
        Scheduler closed = Schedulers.newSingle("closed");
        closed.dispose();
        Throwable failure = serverError();
        StepVerifier.create(ProviderRetry.attempts(3).scheduler(closed).protect(Mono.error(failure)))
                .expectErrorMatches(error -> error == failure)
                .verify(Duration.ofSeconds(5));
        assertThat(ProviderRetry.report(failure)).isEqualTo(new RetryReport(1, Duration.ZERO, Reason.SHUT_DOWN));
        StepVerifier.create(
                        Mono.error(failure).retryWhen(ProviderRetry.attempts(3).scheduler(closed)))
                .expectErrorMatches(error -> error == failure)
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void aSchedulerThatIsShutDownWhenAWaitEndsEndsTheCallToo() {
        Scheduler closing = new InterceptedScheduler(provider.clock, () -> {}, () -> {
            throw new RejectedExecutionException("closed");
        });
        Throwable failure = serverError();
        Heard<String> heard = new Heard<>();
        provider.retry(3).scheduler(closing).protect(provider.failing(failure)).subscribe(heard);
        provider.pass(Duration.ofSeconds(1));
        assertThat(heard.error).isSameAs(failure);
        assertThat(heard.ends).isEqualTo(1);
        assertThat(heard.report()).isEqualTo(new RetryReport(1, Duration.ZERO, Reason.SHUT_DOWN));
    }
}
