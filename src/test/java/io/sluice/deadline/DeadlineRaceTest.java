package io.sluice.deadline;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.ManualClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Sinks;
import reactor.test.util.RaceTestUtils;

@Timeout(60)
class DeadlineRaceTest {

    private static final Duration TEN = Duration.ofSeconds(10);

    private final ManualClock clock = new ManualClock();
    private final Deadline deadline =
            Deadline.attempt(TEN).gap(TEN).firstElement(TEN).scheduler(clock);

    /** Sees to it that signals come one at a time, and one end only. */
    private static final class Strict extends BaseSubscriber<Integer> {
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger ends = new AtomicInteger();
        final AtomicInteger broken = new AtomicInteger();
        final AtomicInteger values = new AtomicInteger();

        private void enter() {
            if (inside.getAndIncrement() != 0 || ends.get() != 0) {
                broken.incrementAndGet();
            }
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            requestUnbounded();
        }

        @Override
        protected void hookOnNext(Integer value) {
            enter();
            values.incrementAndGet();
            inside.decrementAndGet();
        }

        @Override
        protected void hookOnComplete() {
            enter();
            ends.incrementAndGet();
            inside.decrementAndGet();
        }

        @Override
        protected void hookOnError(Throwable error) {
            enter();
            ends.incrementAndGet();
            inside.decrementAndGet();
        }
    }

    @Test
    void anAnswerAndTheDeadlineEndACallOnce() {
        for (int round = 0; round < 5_000; round++) {
            Sinks.One<Integer> answer = Sinks.one();
            AtomicInteger cancelled = new AtomicInteger();
            Strict told = new Strict();
            deadline.protect(answer.asMono().doOnCancel(cancelled::incrementAndGet))
                    .subscribe(told);
            RaceTestUtils.race(() -> answer.tryEmitValue(1), () -> clock.advance(TEN));
            assertThat(told.ends).hasValue(1);
            assertThat(told.broken).hasValue(0);
            assertThat(told.values.get() + cancelled.get())
                    .as("told or cancelled")
                    .isPositive();
        }
    }

    @Test
    void aStreamIsToldOneSignalAtATimeAndEndsOnce() {
        for (int round = 0; round < 5_000; round++) {
            Sinks.Many<Integer> stream = Sinks.many().unicast().onBackpressureBuffer();
            Strict told = new Strict();
            deadline.protect(stream.asFlux()).subscribe(told);
            RaceTestUtils.race(
                    () -> {
                        for (int i = 0; i < 20; i++) {
                            stream.tryEmitNext(i);
                        }
                        stream.tryEmitComplete();
                    },
                    () -> clock.advance(TEN));
            assertThat(told.ends).hasValue(1);
            assertThat(told.broken).hasValue(0);
        }
    }

    @Test
    void aCancellationAndTheDeadlineLeaveNothingBehind() {
        for (int round = 0; round < 5_000; round++) {
            Sinks.Many<Integer> stream = Sinks.many().unicast().onBackpressureBuffer();
            AtomicInteger errors = new AtomicInteger();
            Disposable call =
                    deadline.protect(stream.asFlux()).subscribe(value -> {}, error -> errors.incrementAndGet());
            stream.tryEmitNext(1);
            RaceTestUtils.race(call::dispose, () -> clock.advance(TEN));
            assertThat(stream.currentSubscriberCount()).isZero();
            assertThat(errors.get()).isBetween(0, 1);
        }
    }

    @Test
    void theFirstElementAndTheTimerNeverLoseTheNextDeadline() {
        Deadline both =
                Deadline.none().firstElement(TEN).gap(Duration.ofSeconds(1)).scheduler(clock);
        for (int round = 0; round < 5_000; round++) {
            Sinks.Many<Integer> stream = Sinks.many().unicast().onBackpressureBuffer();
            Strict told = new Strict();
            both.protect(stream.asFlux()).subscribe(told);
            RaceTestUtils.race(() -> stream.tryEmitNext(1), () -> clock.advance(TEN.minusNanos(1)));
            clock.advance(TEN);
            assertThat(told.ends).as("silent for too long either way").hasValue(1);
        }
    }
}
