package io.sluice.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class EventHubTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final EventHub<Long> hub = new EventHub<>(() -> clock);

    /** Asks for a number of events and remembers what came. */
    private static class Listener extends BaseSubscriber<Long> {

        private final List<Long> events = new ArrayList<>();
        private final long asked;
        private boolean completed;

        Listener(long asked) {
            this.asked = asked;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (asked > 0) {
                request(asked);
            }
        }

        @Override
        protected void hookOnNext(Long event) {
            events.add(event);
        }

        @Override
        protected void hookOnComplete() {
            completed = true;
        }
    }

    private Listener listen(long asked) {
        Listener listener = new Listener(asked);
        hub.events().subscribe(listener);
        return listener;
    }

    private void publish(int times) {
        for (int i = 0; i < times; i++) {
            hub.note(sequence -> sequence);
            hub.tell();
        }
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void everybodyHearsEverythingInOrder() {
        Listener one = listen(Long.MAX_VALUE);
        Listener other = listen(Long.MAX_VALUE);
        publish(1_000);
        assertThat(one.events).isEqualTo(numbers(1, 1_000));
        assertThat(other.events).isEqualTo(numbers(1, 1_000));
    }

    @Test
    void whatIsNotedIsToldLaterAndInOrder() {
        Listener listener = listen(Long.MAX_VALUE);
        hub.note(sequence -> sequence * 10);
        hub.note(sequence -> sequence * 100);
        assertThat(listener.events).isEmpty();
        hub.tell();
        assertThat(listener.events).containsExactly(10L, 200L);
    }

    @Test
    void whoComesLateHearsFromThenOnAndSeesWhereHeCameIn() {
        listen(Long.MAX_VALUE);
        publish(5);
        Listener late = listen(Long.MAX_VALUE);
        publish(2);
        assertThat(late.events).containsExactly(6L, 7L);
    }

    @Test
    void aSlowListenerLosesTheOldestSeesTheGapAndSlowsNobody() {
        Listener fast = listen(Long.MAX_VALUE);
        Listener slow = listen(0);
        publish(100_000);
        assertThat(fast.events).isEqualTo(numbers(1, 100_000));
        slow.request(Long.MAX_VALUE);
        assertThat(slow.events.size()).as("what is kept for it is bounded").isLessThanOrEqualTo(512);
        assertThat(slow.events).endsWith(100_000L).isSorted().doesNotHaveDuplicates();
        assertThat(slow.events.subList(slow.events.size() - 256, slow.events.size()))
                .as("the newest are kept")
                .isEqualTo(numbers(100_000 - 255, 100_000));
        publish(1);
        assertThat(slow.events).endsWith(100_001L);
    }

    @Test
    void aListenerThatThrowsIsLeftAloneAndTheOthersHearOn() {
        Listener failing = new Listener(Long.MAX_VALUE) {
            @Override
            protected void hookOnNext(Long event) {
                throw new IllegalStateException("mine");
            }

            @Override
            protected void hookOnError(Throwable error) {
                // its own
            }
        };
        hub.events().subscribe(failing);
        Listener other = listen(Long.MAX_VALUE);
        publish(3);
        assertThat(failing.isDisposed()).isTrue();
        assertThat(other.events).containsExactly(1L, 2L, 3L);
        other.cancel();
        assertThat(hub.isHeard()).isFalse();
    }

    @Test
    void aListenerThatLeavesInTheMiddleOfAnEventHearsNoMore() {
        Listener leaving = new Listener(Long.MAX_VALUE) {
            @Override
            protected void hookOnNext(Long event) {
                super.hookOnNext(event);
                if (event == 2) {
                    cancel();
                }
            }
        };
        hub.events().subscribe(leaving);
        Listener other = listen(Long.MAX_VALUE);
        publish(4);
        assertThat(leaving.events).containsExactly(1L, 2L);
        assertThat(other.events).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void aListenerMayPublishAndSubscribeWithinAnEvent() {
        List<Listener> inner = new ArrayList<>();
        Listener outer = new Listener(Long.MAX_VALUE) {
            @Override
            protected void hookOnNext(Long event) {
                super.hookOnNext(event);
                if (event < 3) {
                    inner.add(listen(Long.MAX_VALUE));
                    publish(1);
                }
            }
        };
        hub.events().subscribe(outer);
        publish(1);
        assertThat(outer.events).containsExactly(1L, 2L, 3L);
        assertThat(inner.get(0).events).containsExactly(2L, 3L);
        assertThat(inner.get(1).events).containsExactly(3L);
    }

    @Test
    void nobodyListeningIsKnown() {
        assertThat(hub.isHeard()).isFalse();
        Listener listener = listen(1);
        assertThat(hub.isHeard()).isTrue();
        listener.cancel();
        assertThat(hub.isHeard()).isFalse();
    }

    @Test
    void anEventThatCannotBeMadeIsMissingAndTheNextIsHeard() {
        Listener listener = listen(Long.MAX_VALUE);
        publish(1);
        hub.note(sequence -> {
            throw new IllegalStateException("no clock");
        });
        hub.note(sequence -> sequence);
        hub.tell();
        publish(1);
        assertThat(listener.events).containsExactly(1L, 3L, 4L);
    }

    @Test
    void closingTellsWhatIsInLineAndCompletesEverybodyNowAndLater() {
        Listener listener = listen(Long.MAX_VALUE);
        hub.note(sequence -> sequence);
        hub.close();
        assertThat(listener.events).containsExactly(1L);
        assertThat(listener.completed).isTrue();
        StepVerifier.create(hub.events()).verifyComplete();
        publish(3);
        hub.close();
        assertThat(listener.events).containsExactly(1L);
        assertThat(hub.isHeard()).isFalse();
    }

    @Test
    void aSlowListenerGetsWhatIsKeptForItAfterTheClose() {
        Listener slow = listen(0);
        publish(10);
        hub.close();
        assertThat(slow.completed).isFalse();
        slow.request(9);
        assertThat(slow.completed).isFalse();
        slow.request(1);
        assertThat(slow.events).isEqualTo(numbers(1, 10));
        assertThat(slow.completed).isTrue();
    }

    @Test
    void manyThreadsPublishAndEachEventIsHeardOnceInOrder() throws InterruptedException {
        EventHub<Long> real = new EventHub<>(Schedulers::parallel);
        int threads = 4;
        int each = 2_500;
        AtomicInteger made = new AtomicInteger();
        ConcurrentLinkedQueue<Long> heard = new ConcurrentLinkedQueue<>();
        Sinks.Empty<Void> completed = Sinks.empty();
        CountDownLatch subscribed = new CountDownLatch(1);
        real.events()
                .doOnSubscribe(subscription -> subscribed.countDown())
                .subscribe(heard::add, error -> {}, completed::tryEmitEmpty);
        assertThat(subscribed.await(20, TimeUnit.SECONDS)).isTrue();
        List<Thread> publishing = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            publishing.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    real.note(sequence -> {
                        made.incrementAndGet();
                        return sequence;
                    });
                    real.tell();
                }
            }));
        }
        publishing.forEach(Thread::start);
        for (Thread thread : publishing) {
            thread.join();
        }
        real.close();
        StepVerifier.create(completed.asMono()).expectComplete().verify(LONG);
        assertThat(made).hasValue(threads * each);
        assertThat(List.copyOf(heard)).isSorted().doesNotHaveDuplicates().endsWith((long) threads * each);
    }

    @Test
    void listenersAreCalledOnTheSchedulerAndNotOnThePublishingThread() {
        EventHub<Long> real = new EventHub<>(Schedulers::parallel);
        Sinks.One<String> thread = Sinks.one();
        real.events()
                .subscribe(event -> thread.tryEmitValue(Thread.currentThread().getName()));
        real.note(sequence -> sequence);
        real.tell();
        StepVerifier.create(thread.asMono())
                .assertNext(name -> assertThat(name).startsWith("parallel-"))
                .expectComplete()
                .verify(LONG);
    }
}
