package io.sluice.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.testing.SettableScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class TimeSourceTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LONG = Duration.ofSeconds(20);

    /** What a component does that waits for an hour. */
    private static Mono<Duration> anHour(TimeSource time) {
        return Mono.create(sink -> {
            long begun = time.nanos();
            Timeout timeout = time.schedule(TimeSource.after(begun, HOUR), new Timeout.Task() {
                @Override
                public void due() {
                    sink.success(Duration.ofNanos(time.nanos() - begun));
                }

                @Override
                public void rejected(RejectedExecutionException reason) {
                    sink.error(reason);
                }
            });
            sink.onCancel(timeout);
        });
    }

    private static void waitsAnHourOfVirtualTime(TimeSource time) {
        StepVerifier.withVirtualTime(() -> anHour(time))
                .expectSubscription()
                .expectNoEvent(HOUR.minusNanos(1))
                .thenAwait(Duration.ofNanos(1))
                .expectNextMatches(waited -> waited.compareTo(HOUR) >= 0)
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void oneBuiltBeforeVirtualTimeRunsOnVirtualTimeInEachTest() {
        TimeSource time = TimeSource.of(null, null);
        waitsAnHourOfVirtualTime(time);
        waitsAnHourOfVirtualTime(time);
    }

    @Test
    void oneBuiltInsideVirtualTimeRunsOnVirtualTime() {
        StepVerifier.withVirtualTime(() -> anHour(TimeSource.of(null, null)))
                .expectSubscription()
                .expectNoEvent(HOUR.minusNanos(1))
                .thenAwait(Duration.ofNanos(1))
                .expectNext(HOUR)
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void oneBuiltInsideVirtualTimeRunsOnRealTimeAfterIt() {
        TimeSource[] built = new TimeSource[1];
        StepVerifier.withVirtualTime(() -> {
                    built[0] = TimeSource.of(null, null);
                    return anHour(built[0]);
                })
                .thenAwait(HOUR)
                .expectNextCount(1)
                .expectComplete()
                .verify(LONG);
        TimeSource time = built[0];
        long begun = time.nanos();
        assertThat(Duration.ofNanos(begun))
                .as("time goes on from where it stood")
                .isGreaterThanOrEqualTo(HOUR);
        Mono<Boolean> soon = Mono.create(sink -> time.schedule(begun + 20_000_000, new Timeout.Task() {
            @Override
            public void due() {
                sink.success(time.nanos() >= begun + 20_000_000);
            }

            @Override
            public void rejected(RejectedExecutionException reason) {
                sink.error(reason);
            }
        }));
        StepVerifier.create(soon).expectNext(true).expectComplete().verify(LONG);
    }

    @Test
    void twoTestsWithAClockOfTheirOwnShareOneTimeSource() {
        TimeSource time = TimeSource.of(null, null);
        for (int test = 0; test < 3; test++) {
            long before = time.nanos();
            VirtualTimeScheduler clock = VirtualTimeScheduler.getOrSet();
            clock.advanceTimeBy(Duration.ofSeconds(7));
            assertThat(time.nanos() - before).isGreaterThanOrEqualTo(0);
            assertThat(time.scheduler()).isNotNull();
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void timeNeverGoesBack() {
        SettableScheduler clock = new SettableScheduler();
        clock.set(Duration.ofSeconds(100));
        TimeSource time = TimeSource.of(clock, null);
        assertThat(time.nanos()).isZero();
        clock.set(Duration.ofSeconds(110));
        assertThat(time.nanos()).isEqualTo(10_000_000_000L);
        clock.set(Duration.ofSeconds(50));
        assertThat(time.nanos()).isEqualTo(10_000_000_000L);
        clock.set(Duration.ofSeconds(111));
        assertThat(time.nanos()).isEqualTo(11_000_000_000L);
    }

    @Test
    void instantsComeFromTheSchedulerUnlessSomethingElseTellsThem() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        clock.advanceTimeBy(Duration.ofSeconds(5));
        assertThat(TimeSource.of(clock, null).instant()).isEqualTo(Instant.ofEpochSecond(5));
        Instant fixed = Instant.parse("2026-11-24T00:00:00Z");
        assertThat(TimeSource.of(clock, () -> fixed).instant()).isEqualTo(fixed);
    }

    @Test
    void aSchedulerThatCannotWaitIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeSource.of(Schedulers.immediate(), null))
                .withMessageContaining("Schedulers.parallel()");
    }

    @Test
    void aTimeBeyondTheRangeOfALongIsItsLargestValue() {
        assertThat(TimeSource.after(5, Duration.ofNanos(7))).isEqualTo(12);
        assertThat(TimeSource.after(Long.MAX_VALUE - 1, Duration.ofNanos(1))).isEqualTo(Long.MAX_VALUE);
        assertThat(TimeSource.after(1, Duration.ofNanos(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
        assertThat(TimeSource.after(0, Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aDeadlineThatNeverComesIsNotToldAndDoesNotDisturbTheOthers() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        clock.advanceTimeBy(Duration.ofSeconds(1));
        TimeSource time = TimeSource.of(clock, null);
        Told never = new Told(time);
        Told soon = new Told(time);
        time.schedule(Long.MAX_VALUE, never);
        time.schedule(Long.MAX_VALUE - 1, never);
        time.schedule(1_000, soon);
        clock.advanceTimeBy(Duration.ofDays(10_000));
        assertThat(never.dueAt).isEmpty();
        assertThat(soon.dueAt).hasSize(1);
    }
}
