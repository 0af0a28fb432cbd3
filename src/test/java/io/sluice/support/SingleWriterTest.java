package io.sluice.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SingleWriterTest {

    /** Two plain numbers that are the same whenever the writer looks, and only then. */
    private static final class Twins extends SingleWriter {

        private long one;
        private long other;
        private boolean inside;
        private long seen;
        private final AtomicInteger broken = new AtomicInteger();
        private final AtomicLong told = new AtomicLong();
        private final AtomicInteger tellers = new AtomicInteger();

        void increment() {
            run(this::apply);
        }

        void incrementByPost() {
            post(this::apply);
        }

        boolean incrementAsWriter() {
            if (!tryEnter()) {
                return false;
            }
            apply();
            leave();
            return true;
        }

        private void apply() {
            if (inside) {
                broken.incrementAndGet();
            }
            inside = true;
            one++;
            other++;
            inside = false;
        }

        @Override
        protected void look() {
            if (inside || one != other) {
                broken.incrementAndGet();
            }
            seen = one;
        }

        @Override
        protected void afterwards() {
            tellers.incrementAndGet();
            told.accumulateAndGet(seen, Math::max);
        }
    }

    @Test
    void aNoteOrALookThatThrowsKeepsNobodyOut() {
        List<String> seen = new ArrayList<>();
        SingleWriter broken = new SingleWriter() {
            @Override
            protected void look() {
                if (seen.size() == 1) {
                    throw new IllegalStateException("look");
                }
            }

            @Override
            protected void afterwards() {}
        };
        assertThatThrownBy(() -> broken.run(() -> {
                    broken.post(() -> seen.add("inside"));
                    throw new StackOverflowError("mine");
                }))
                .isInstanceOf(StackOverflowError.class);
        broken.run(() -> broken.post(() -> {
            throw new IllegalStateException("posted");
        }));
        broken.run(() -> seen.add("after"));
        assertThat(seen).containsExactly("inside", "after");
    }

    @Test
    void inTenThousandRoundsOfRacesNoNoteIsLostAndOneThreadIsInside() throws Exception {
        int rounds = 10_000;
        int threads = 3;
        Twins twins = new Twins();
        CyclicBarrier barrier = new CyclicBarrier(threads);
        List<Thread> writing = new ArrayList<>();
        AtomicInteger failed = new AtomicInteger();
        AtomicLong done = new AtomicLong();
        for (int t = 0; t < threads; t++) {
            int number = t;
            writing.add(new Thread(() -> {
                try {
                    for (int round = 0; round < rounds; round++) {
                        if (round % 50 == 0) {
                            barrier.await();
                        }
                        switch ((round + number) % 3) {
                            case 0 -> twins.increment();
                            case 1 -> twins.incrementByPost();
                            default -> {
                                while (!twins.incrementAsWriter()) {}
                            }
                        }
                        done.incrementAndGet();
                    }
                } catch (Exception thrown) {
                    failed.incrementAndGet();
                }
            }));
        }
        writing.forEach(Thread::start);
        for (Thread thread : writing) {
            thread.join();
        }
        assertThat(failed).hasValue(0);
        assertThat(twins.broken).as("looks at a half-made change").hasValue(0);
        assertThat(done).hasValue((long) rounds * threads);
        assertThat(twins.seen).as("seen by the last look").isEqualTo((long) rounds * threads);
        assertThat(twins.told).as("told after the last").hasValue((long) rounds * threads);
    }

    @Test
    void aNoteThatIsPostedFromInsideIsCarriedOutBeforeTheWriterLeaves() {
        List<String> order = new ArrayList<>();
        SingleWriter writer = new SingleWriter() {
            {
                run(() -> {
                    order.add("first begins");
                    run(() -> order.add("second"));
                    post(() -> order.add("third"));
                    order.add("first ends");
                });
            }

            @Override
            protected void look() {
                order.add("look");
            }

            @Override
            protected void afterwards() {
                order.add("afterwards");
            }
        };
        assertThat(writer).isNotNull();
        assertThat(order)
                .containsExactly("first begins", "first ends", "look", "second", "third", "look", "afterwards");
    }

    @Test
    void manyNotesInTheMailboxAreCarriedOutInOneVisit() throws InterruptedException {
        Twins twins = new Twins();
        int notes = 1_000_000;
        Thread[] posting = new Thread[2];
        twins.run(() -> {
            // While this thread is inside, the others leave their notes and go.
            for (int t = 0; t < posting.length; t++) {
                posting[t] = new Thread(() -> {
                    for (int i = 0; i < notes / posting.length; i++) {
                        twins.incrementByPost();
                    }
                });
                posting[t].start();
            }
            for (Thread thread : posting) {
                join(thread);
            }
            assertThat(twins.one).isZero();
        });
        assertThat(twins.one).isEqualTo(notes);
        assertThat(twins.broken).hasValue(0);
        assertThat(twins.tellers).hasValue(1);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
