package io.sluice.retry;

import static io.sluice.retry.FailingProvider.failure;
import static io.sluice.retry.FailingProvider.rateLimit;
import static io.sluice.retry.FailingProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.retry.RetryReport.Reason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** The same policy as a {@code Retry} of Reactor. */
class RetryWhenTest {

    private final FailingProvider provider = new FailingProvider();

    private Heard<String> hear(Mono<String> call) {
        Heard<String> heard = new Heard<>(Long.MAX_VALUE, Context.of("user", "x"));
        call.subscribe(heard);
        provider.pass(Duration.ofMinutes(9));
        return heard;
    }

    @Test
    void itWaitsAsTheProviderSaysAndTriesAgain() {
        Heard<String> heard =
                hear(provider.failingTimes(2, rateLimit(Duration.ofSeconds(7))).retryWhen(provider.retry(3)));
        assertThat(heard.elements).containsExactly("answer");
        assertThat(provider.calledAt).containsExactly(Duration.ZERO, Duration.ofSeconds(7), Duration.ofSeconds(14));
    }

    @Test
    void theLastErrorIsToldAsItIs() {
        Throwable last = serverError();
        Heard<String> heard =
                hear(provider.failing(serverError(), serverError(), last).retryWhen(provider.retry(3)));
        assertThat(heard.error).isSameAs(last);
        assertThat(heard.ends).isEqualTo(1);
        assertThat(ProviderRetry.report(last)).isEqualTo(new RetryReport(3, Duration.ofSeconds(3), Reason.EXHAUSTED));
    }

    @Test
    void whatNoAttemptCanCureIsToldAtOnce() {
        Throwable error = failure(FailureClass.CALLER, null);
        Heard<String> heard = hear(provider.failing(error).retryWhen(provider.retry(3)));
        assertThat(heard.error).isSameAs(error);
        assertThat(provider.calledAt).hasSize(1);
    }

    @Test
    void theDeadlineIsTheSame() {
        Heard<String> heard =
                hear(provider.failing(serverError()).retryWhen(provider.retry(9).total(Duration.ofSeconds(3))));
        assertThat(provider.calledAt).hasSize(2);
        assertThat(heard.report()).isEqualTo(new RetryReport(2, Duration.ofSeconds(1), Reason.NO_TIME_LEFT));
    }

    @Test
    void whatEndsTheMachineIsPassedOnAndNotThrown() {
        InternalError error = new InternalError("none left");
        Heard<String> heard = hear(Mono.<String>error(error).hide().retryWhen(provider.retry(3)));
        assertThat(heard.error).isSameAs(error);
    }

    @Test
    void aRandomSourceThatThrowsIsToldTogetherWithTheFailure() {
        Throwable failure = serverError();
        ProviderRetry unlucky = provider.retry(3).random(() -> {
            throw new IllegalStateException("no dice");
        });
        Heard<String> heard = hear(provider.failing(failure).retryWhen(unlucky));
        assertThat(heard.error).hasMessage("no dice").hasSuppressedException(failure);
    }

    @Test
    void cancellingWhileItWaitsLeavesNothingBehind() {
        Heard<String> heard = new Heard<>();
        provider.failing(rateLimit(Duration.ofSeconds(30)))
                .retryWhen(provider.retry(3))
                .subscribe(heard);
        provider.pass(Duration.ofSeconds(29));
        heard.cancel();
        long tasks = provider.clock.getScheduledTaskCount();
        provider.pass(Duration.ofHours(1));
        assertThat(provider.calledAt).hasSize(1);
        assertThat(provider.clock.getScheduledTaskCount()).as("ever scheduled").isEqualTo(tasks);
    }

    @Test
    void subscribersDoNotShareAttempts() {
        Mono<String> call = provider.failing(serverError()).retryWhen(provider.retry(2));
        hear(call);
        hear(call);
        assertThat(provider.calledAt).hasSize(4);
    }

    @Test
    void whatTheCallersOwnErrorStrategySkipsDoesNotSwallowTheEnd() {
        Throwable error = failure(FailureClass.CALLER, null);
        AtomicInteger skipped = new AtomicInteger();
        Heard<String> heard = new Heard<>();
        Flux.<String>error(error)
                .retryWhen(provider.retry(2))
                .onErrorContinue((thrown, value) -> skipped.incrementAndGet())
                .subscribe(heard);
        assertThat(heard.error).isSameAs(error);
        assertThat(skipped).hasValue(0);
    }
}
