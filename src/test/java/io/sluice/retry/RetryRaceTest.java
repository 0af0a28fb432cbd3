package io.sluice.retry;

import static io.sluice.retry.FailingProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.ManualClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;
import reactor.test.util.RaceTestUtils;
import reactor.util.context.Context;

/** Real threads, ten thousand rounds each: whoever wins, the subscriber hears one end at most and nothing runs on. */
class RetryRaceTest {

    private static final int ROUNDS = 10_000;

    private final ManualClock clock = new ManualClock();
    private final ProviderRetry retry =
            ProviderRetry.attempts(2).scheduler(clock).random(() -> 0).total(Duration.ofDays(999));
    private final AtomicInteger calls = new AtomicInteger();

    @BeforeEach
    void forgetWhatComesTooLate() {
        Hooks.onErrorDropped(late -> {});
    }

    @AfterEach
    void reset() {
        Hooks.resetOnErrorDropped();
    }

    private Mono<String> failing() {
        return Mono.defer(() -> {
            calls.incrementAndGet();
            return Mono.error(serverError());
        });
    }

    private void passEnough() {
        for (int i = 0; i < 4; i++) {
            clock.advance(Duration.ofMinutes(1));
        }
    }

    @Test
    void cancelAgainstTheEndOfAWait() {
        int second = 0;
        for (int i = 0; i < ROUNDS; i++) {
            calls.set(0);
            Heard<String> heard = new Heard<>();
            retry.protect(failing()).subscribe(heard);
            RaceTestUtils.race(heard::cancel, () -> clock.advance(Duration.ofSeconds(1)));
            int then = calls.get();
            passEnough();
            assertThat(calls).as("nothing begins later").hasValue(then);
            assertThat(heard.ends).isLessThanOrEqualTo(1);
            second += then - 1;
        }
        assertThat(second).isBetween(0, ROUNDS);
    }

    @Test
    void cancelAgainstTheFailureOfAnAttempt() {
        for (int i = 0; i < ROUNDS; i++) {
            TestPublisher<String> first = TestPublisher.create();
            calls.set(0);
            Heard<String> heard = new Heard<>();
            retry.protect(Mono.defer(() -> calls.incrementAndGet() == 1 ? first.mono() : Mono.just("late")))
                    .subscribe(heard);
            RaceTestUtils.race(heard::cancel, () -> first.error(serverError()));
            passEnough();
            assertThat(calls).as("cancelled before or while it waits").hasValue(1);
            assertThat(heard.elements).isEmpty();
            assertThat(heard.ends).isZero();
        }
    }

    @Test
    void cancelAgainstTheLastFailure() {
        for (int i = 0; i < ROUNDS; i++) {
            TestPublisher<String> only = TestPublisher.create();
            Heard<String> heard = new Heard<>();
            ProviderRetry once = retry.total(Duration.ofNanos(1));
            once.protect(only.mono()).subscribe(heard);
            RaceTestUtils.race(heard::cancel, () -> only.error(serverError()));
            assertThat(heard.ends).isLessThanOrEqualTo(1);
            only.assertWasSubscribed();
        }
    }

    @Test
    void demandAgainstTheEndOfAWait() {
        for (int i = 0; i < ROUNDS; i++) {
            calls.set(0);
            AtomicLong asked = new AtomicLong();
            Flux<Integer> call = Flux.defer(() -> calls.incrementAndGet() == 1
                    ? Flux.<Integer>error(serverError())
                    : Flux.range(0, 100).doOnRequest(asked::addAndGet));
            Heard<Integer> heard = new Heard<>(1, Context.empty());
            retry.protect(call).subscribe(heard);
            RaceTestUtils.race(
                    () -> {
                        heard.request(1);
                        heard.request(1);
                    },
                    () -> clock.advance(Duration.ofSeconds(1)));
            passEnough();
            assertThat(heard.elements)
                    .as("no more and no less than was asked for")
                    .containsExactly(0, 1, 2);
            assertThat(asked).as("of the second attempt").hasValue(3);
            heard.cancel();
        }
    }

    @Test
    void cancelAgainstTheEndOfAWaitOfRetryWhen() {
        for (int i = 0; i < ROUNDS; i++) {
            calls.set(0);
            Heard<String> heard = new Heard<>();
            failing().retryWhen(retry).subscribe(heard);
            RaceTestUtils.race(heard::cancel, () -> clock.advance(Duration.ofSeconds(1)));
            int then = calls.get();
            passEnough();
            assertThat(calls).hasValue(then);
            assertThat(heard.ends).isLessThanOrEqualTo(1);
        }
    }
}
