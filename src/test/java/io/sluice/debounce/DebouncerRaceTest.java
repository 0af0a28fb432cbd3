package io.sluice.debounce;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.util.RaceTestUtils;

@Timeout(60)
class DebouncerRaceTest {

    private static final Duration COOLDOWN = Duration.ofMinutes(5);

    private final ManualClock clock = new ManualClock();

    private Debouncer.Builder builder(DebounceMode mode) {
        return Debouncer.builder().scheduler(clock).mode(mode).unlimitedPerHour();
    }

    private static void race(int times, Runnable action) {
        RaceTestUtils.race(IntStream.range(0, times).mapToObj(i -> action).toArray(Runnable[]::new));
    }

    @Test
    void tenConcurrentTriggersRunOnce() {
        for (int round = 0; round < 1_000; round++) {
            Debouncer debouncer = builder(DebounceMode.LEADING).build();
            AtomicInteger ran = new AtomicInteger();
            AtomicInteger denied = new AtomicInteger();
            Mono<Integer> call = debouncer.protect("deploy", Mono.fromCallable(ran::incrementAndGet));
            race(10, () -> call.subscribe(value -> {}, error -> denied.incrementAndGet()));
            assertThat(ran).hasValue(1);
            assertThat(denied).hasValue(9);
        }
    }

    @Test
    void tenConcurrentTriggersOfDifferentKeysKeepTheHourlyCap() {
        for (int round = 0; round < 1_000; round++) {
            Debouncer debouncer = builder(DebounceMode.LEADING).perHour(5).build();
            AtomicInteger number = new AtomicInteger();
            AtomicInteger admitted = new AtomicInteger();
            race(10, () -> {
                if (debouncer.admit("tool-" + number.incrementAndGet()).isAdmitted()) {
                    admitted.incrementAndGet();
                }
            });
            assertThat(admitted).hasValue(5);
        }
    }

    @Test
    void tenConcurrentTriggersShareOneStreamAndAllAreToldAllOfIt() {
        for (int round = 0; round < 500; round++) {
            Debouncer debouncer = builder(DebounceMode.SHARE).build();
            AtomicInteger ran = new AtomicInteger();
            Sinks.Many<Integer> source = Sinks.many().replay().all();
            Flux<Integer> call = debouncer.protect("report", source.asFlux().doOnSubscribe(s -> ran.incrementAndGet()));
            ConcurrentLinkedQueue<List<Integer>> told = new ConcurrentLinkedQueue<>();
            Runnable[] all = new Runnable[11];
            Arrays.fill(all, (Runnable) () -> call.collectList().subscribe(told::add, error -> told.add(List.of(-1))));
            all[10] = () -> {
                source.tryEmitNext(1);
                source.tryEmitNext(2);
            };
            RaceTestUtils.race(all);
            source.tryEmitComplete();
            assertThat(ran).hasValue(1);
            assertThat(told).hasSize(10).allMatch(List.of(1, 2)::equals);
        }
    }

    @Test
    void tenConcurrentTriggersShareOneRunAndAllAreTold() {
        for (int round = 0; round < 1_000; round++) {
            Debouncer debouncer = builder(DebounceMode.SHARE).build();
            AtomicInteger ran = new AtomicInteger();
            ConcurrentLinkedQueue<Object> told = new ConcurrentLinkedQueue<>();
            Sinks.One<String> answer = Sinks.one();
            Mono<String> call = debouncer.protect(
                    "report", Mono.fromRunnable(ran::incrementAndGet).then(answer.asMono()));
            race(10, () -> call.subscribe(told::add, told::add));
            assertThat(ran).hasValue(1);
            answer.tryEmitValue("x");
            assertThat(told).hasSize(10).containsOnly("x");
        }
    }

    @Test
    void whoeverComesAsTheAnswerDoesIsToldOrDenied() {
        for (int round = 0; round < 3_000; round++) {
            Debouncer debouncer = builder(DebounceMode.SHARE).build();
            Sinks.One<String> answer = Sinks.one();
            Mono<String> call = debouncer.protect("report", answer.asMono());
            ConcurrentLinkedQueue<Object> told = new ConcurrentLinkedQueue<>();
            call.subscribe(told::add, told::add);
            Runnable join = () -> call.subscribe(told::add, told::add);
            RaceTestUtils.race(() -> answer.tryEmitValue("x"), join, join);
            assertThat(told).hasSize(3).allMatch(one -> one.equals("x") || one instanceof DebouncedException);
        }
    }

    @Test
    void whoeverComesAsTheLastOneLeavesIsNotLeftWaiting() {
        for (int round = 0; round < 3_000; round++) {
            Debouncer debouncer = builder(DebounceMode.SHARE).build();
            Sinks.One<String> answer = Sinks.one();
            AtomicInteger cancelled = new AtomicInteger();
            Mono<String> call = debouncer.protect("report", answer.asMono().doOnCancel(cancelled::incrementAndGet));
            ConcurrentLinkedQueue<Object> told = new ConcurrentLinkedQueue<>();
            Disposable first = call.subscribe();
            RaceTestUtils.race(first::dispose, () -> call.subscribe(told::add, told::add));
            answer.tryEmitValue("x");
            assertThat(told).hasSize(1);
            assertThat(told.peek() instanceof DebouncedException).isEqualTo(cancelled.get() == 1);
        }
    }

    @Test
    void ofManyTriggersAtOnceOneRunsWhenItIsQuietAndAllAreTold() {
        for (int round = 0; round < 1_000; round++) {
            Debouncer debouncer = builder(DebounceMode.TRAILING).build();
            AtomicInteger ran = new AtomicInteger();
            List<Object> answers = new ArrayList<>();
            ConcurrentLinkedQueue<Object> told = new ConcurrentLinkedQueue<>();
            Mono<Integer> call = debouncer.protect("index", Mono.fromCallable(ran::incrementAndGet));
            race(4, () -> call.subscribe(told::add, told::add));
            clock.advance(COOLDOWN);
            told.forEach(one -> {
                if (one instanceof Integer) {
                    answers.add(one);
                }
            });
            assertThat(ran).hasValue(1);
            assertThat(told).hasSize(4);
            assertThat(answers).containsExactly(1);
        }
    }

    @Test
    void whetherATriggerIsCancelledOrItsTimeComesItRunsOnceAtMost() {
        for (int round = 0; round < 3_000; round++) {
            Debouncer debouncer = builder(DebounceMode.TRAILING).build();
            AtomicInteger ran = new AtomicInteger();
            Disposable waiting = debouncer
                    .protect("index", Mono.fromRunnable(ran::incrementAndGet).then(Mono.never()))
                    .subscribe();
            RaceTestUtils.race(waiting::dispose, () -> clock.advance(COOLDOWN));
            clock.advance(Duration.ZERO);
            assertThat(ran.get()).isLessThanOrEqualTo(1);
            if (ran.get() == 1) {
                assertThat(debouncer.timeUntilAllowed("index")).isPositive();
            }
        }
    }

    @Test
    void failuresThatDoNotCountLeaveNothingBehindHoweverManyFailAtOnce() {
        Debouncer debouncer = builder(DebounceMode.LEADING)
                .cooldown(Duration.ZERO)
                .perHour(1_000_000)
                .countFailures(false)
                .build();
        Mono<Object> failing = debouncer.protect("flaky", Mono.error(new IOException("reset")));
        race(4, () -> {
            for (int i = 0; i < 1_000; i++) {
                failing.subscribe(value -> {}, error -> {});
            }
        });
        assertThat(debouncer.timeUntilAllowed("flaky")).isZero();
        clock.advance(Duration.ofHours(2));
        assertThat(debouncer.keys()).isZero();
    }

    @Test
    void ofAQuietKeyOneElementPassesHoweverElementsTimeAndDemandRace() {
        for (int round = 0; round < 2_000; round++) {
            Debouncer debouncer = builder(DebounceMode.TRAILING).build();
            Sinks.Many<String> words = Sinks.many().unicast().onBackpressureBuffer();
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger broken = new AtomicInteger();
            ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
            BaseSubscriber<String> subscriber = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {}

                @Override
                protected void hookOnNext(String value) {
                    if (inside.getAndIncrement() != 0) {
                        broken.incrementAndGet();
                    }
                    told.add(value);
                    inside.decrementAndGet();
                }
            };
            words.asFlux().transform(debouncer.<String>throttle(word -> word)).subscribe(subscriber);
            words.tryEmitNext("a");
            RaceTestUtils.race(
                    () -> words.tryEmitNext("b"), () -> clock.advance(COOLDOWN), () -> subscriber.request(10));
            clock.advance(COOLDOWN);
            assertThat(told).containsExactlyInAnyOrder("a", "b");
            assertThat(broken).hasValue(0);
        }
    }
}
