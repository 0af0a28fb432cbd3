package io.sluice.retry;

import static io.sluice.retry.FailingProvider.rateLimit;
import static io.sluice.retry.FailingProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.call.RetryTicket;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.ProviderAnswer;
import io.sluice.testing.Garbage;
import io.sluice.testing.HeldScheduler;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** Whoever stops listening leaves nothing behind. */
class RetryCancellationTest {

    private final FailingProvider provider = new FailingProvider();

    @Test
    void cancellingWhileItWaitsLeavesNothingBehind() {
        assertThat(Garbage.isCollected(cancelledInBackoff()))
                .as("the timer has let go of the call")
                .isTrue();
        long tasks = provider.clock.getScheduledTaskCount();
        provider.pass(Duration.ofHours(1));
        assertThat(provider.calledAt).hasSize(1);
        assertThat(provider.clock.getScheduledTaskCount()).as("ever scheduled").isEqualTo(tasks);
    }

    private WeakReference<Object> cancelledInBackoff() {
        Heard<String> heard = new Heard<>();
        provider.retry(3)
                .protect(provider.failing(rateLimit(Duration.ofSeconds(30))))
                .subscribe(heard);
        provider.pass(Duration.ofSeconds(29));
        heard.cancel();
        assertThat(heard.ends).isZero();
        return new WeakReference<>(heard);
    }

    @Test
    void cancellingBetweenTheTimerAndTheSchedulerIsInTime() {
        HeldScheduler held = new HeldScheduler();
        Heard<String> heard = new Heard<>();
        ProviderRetry.attempts(3)
                .scheduler(held)
                .random(() -> 0)
                .protect(provider.failing(serverError()))
                .subscribe(heard);
        held.advanceBy(Duration.ofSeconds(1));
        heard.cancel();
        held.runAll();
        assertThat(provider.calledAt).hasSize(1);
    }

    @Test
    void cancellingWhileItIsDecidedWhatFollowsSetsNoTimer() {
        Heard<String> heard = new Heard<>();
        provider.retry(3)
                .random(() -> {
                    heard.cancel();
                    return 0;
                })
                .protect(provider.failing(serverError()))
                .subscribe(heard);
        assertThat(provider.clock.getScheduledTaskCount()).as("ever scheduled").isZero();
        assertThat(heard.ends).isZero();
    }

    @Test
    void whoCancelsWhileItIsDecidedToGiveUpHearsNothingMore() {
        Heard<String> heard = new Heard<>();
        Throwable failure = new IOException("503");
        Mono<String> call = provider.retry(1)
                .classifier(FailureClassifier.standard().with(error -> {
                    heard.cancel();
                    return ProviderAnswer.of(503);
                }))
                .protect(provider.failing(failure));
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            call.subscribe(heard);
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(heard.ends).isZero();
        assertThat(dropped).containsExactly(failure);
    }

    @Test
    void whoCancelsBeforeTheFirstAttemptCausesNoCall() {
        Heard<String> heard = new Heard<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.cancel();
            }
        };
        provider.retry(3).protect(provider.failing(serverError())).subscribe(heard);
        assertThat(provider.calledAt).isEmpty();
    }

    @Test
    void cancellingWhileRetryWhenWaitsLeavesNothingBehindEither() {
        Heard<String> heard = new Heard<>();
        provider.failing(rateLimit(Duration.ofSeconds(30)))
                .retryWhen(provider.retry(3))
                .subscribe(heard);
        heard.cancel();
        WeakReference<Object> forgotten = new WeakReference<>(heard);
        heard = null;
        assertThat(Garbage.isCollected(forgotten)).isTrue();
    }

    @Test
    void theTicketAndTheContextOfACancelledWaitGoToo() {
        List<WeakReference<Object>> attempts = new ArrayList<>();
        Mono<String> call = Mono.deferContextual(context -> {
            attempts.add(new WeakReference<>(context));
            attempts.add(new WeakReference<>(RetryTicket.of(context)));
            return Mono.error(serverError());
        });
        Heard<String> heard = new Heard<>();
        provider.retry(2).protect(call).subscribe(heard);
        heard.cancel();
        heard = null;
        assertThat(Garbage.left(attempts)).isZero();
    }

    @Test
    void cancellingWhileTheTimerIsBeingSetLeavesNothingInIt() {
        Heard<String> heard = new Heard<>();
        provider.retry(2)
                .scheduler(new InterceptedScheduler(provider.clock, heard::cancel, () -> {}))
                .protect(provider.failing(serverError()))
                .subscribe(heard);
        provider.pass(Duration.ofSeconds(1));
        assertThat(provider.calledAt).hasSize(1);
        assertThat(heard.ends).isZero();
    }
}
