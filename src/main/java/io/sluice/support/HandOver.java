package io.sluice.support;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Takes work from threads that must not do it themselves (they hold state, or belong to somebody else) to a scheduler.
 * However much is ready, there are only as many pumps as the machine has processors: each has a worker of the scheduler,
 * carries out up to 256 pieces and then lets others have the thread. One slow piece holds up its own pump, and those whose
 * workers the scheduler put on the same thread.
 *
 * <p>Work is begun in the order in which it came; with several pumps, it need not end in it.
 */
@Internal
public final class HandOver {

    /** A piece of work that is told if it can never be done. */
    public interface Work extends Runnable {

        /** The scheduler takes no more work. Called on the thread that found out. */
        void rejected(RejectedExecutionException reason);
    }

    private static final int BATCH = 256;

    private final Queue<Work> ready = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Crew crew;
    /** Pieces put in line since the last start: as many pumps may be worth opening. */
    private final AtomicInteger added = new AtomicInteger();

    private final int parallelism = Schedulers.DEFAULT_POOL_SIZE;
    private final Supplier<Scheduler> scheduler;

    /**
     * @param scheduler where the work is done, resolved at every use
     */
    public HandOver(Supplier<Scheduler> scheduler) {
        this.scheduler = scheduler;
    }

    /** The pumps of one scheduler. What a scheduler drops when it is disposed of is never counted back. */
    private static final class Crew {

        final Scheduler scheduler;
        final AtomicInteger pumps = new AtomicInteger();

        Crew(Scheduler scheduler) {
            this.scheduler = scheduler;
        }
    }

    private Crew crew() {
        Scheduler current = scheduler.get();
        Crew known = crew;
        if (known != null && known.scheduler == current) {
            return known;
        }
        Crew fresh = new Crew(current);
        crew = fresh;
        return fresh;
    }

    /** Puts work in line; it begins after the next {@link #start} of any thread. */
    public void add(Work work) {
        ready.add(work);
        added.incrementAndGet();
    }

    /**
     * Sees to it that the work in line is done. Never call it while holding state that the work could ask for: a
     * virtual scheduler does it at once, on this thread.
     */
    public void start() {
        if (added.get() == 0) {
            return;
        }
        Crew present = crew();
        for (int left = added.getAndSet(0); left > 0 && tryOpen(present); left--) {
            open(present);
        }
    }

    private boolean tryOpen(Crew of) {
        for (; ; ) {
            int open = of.pumps.get();
            // One that is over runs nothing, and says so to whoever asks it again.
            if (open >= parallelism && !of.scheduler.isDisposed()) {
                return false;
            }
            if (of.pumps.compareAndSet(open, open + 1)) {
                return true;
            }
        }
    }

    private void open(Crew of) {
        try {
            new Pump(of, worker(of.scheduler)).schedule();
        } catch (RejectedExecutionException rejected) {
            of.pumps.decrementAndGet();
            for (Work work = ready.poll(); work != null; work = ready.poll()) {
                reject(work, rejected);
            }
        }
    }

    private static Scheduler.Worker worker(Scheduler current) {
        try {
            return current.createWorker();
        } catch (IllegalStateException shutDown) {
            // A virtual clock that is over says it so.
            throw new RejectedExecutionException(current + " takes no more work", shutDown);
        }
    }

    private static void reject(Work work, RejectedExecutionException reason) {
        try {
            work.rejected(reason);
        } catch (RuntimeException thrown) {
            // A subscriber threw. The others are still to be told.
            Operators.onErrorDropped(thrown, Context.empty());
        }
    }

    /**
     * Stays with one worker. If it asked the scheduler again each time it makes room, one pump after the other would come
     * to stand behind a slow piece, until none is left.
     */
    private final class Pump implements Runnable {

        private final Crew crew;
        private final Scheduler.Worker worker;

        Pump(Crew crew, Scheduler.Worker worker) {
            this.crew = crew;
            this.worker = worker;
        }

        void schedule() {
            worker.schedule(this);
        }

        @Override
        public void run() {
            for (int i = 0; i < BATCH; i++) {
                Work work = ready.poll();
                if (work == null) {
                    crew.pumps.decrementAndGet();
                    // Work that came between the look and the decrement saw all pumps open and started none.
                    if (ready.isEmpty() || !tryOpen(crew)) {
                        worker.dispose();
                        return;
                    }
                    continue;
                }
                boolean done = false;
                try {
                    work.run();
                    done = true;
                } finally {
                    if (!done) {
                        // A subscriber threw. That ends this task, not the work of the others.
                        makeRoom();
                    }
                }
            }
            makeRoom();
        }

        private void makeRoom() {
            try {
                schedule();
            } catch (RejectedExecutionException over) {
                // The scheduler may have been replaced, as a virtual clock is at the end of a test.
                worker.dispose();
                crew.pumps.decrementAndGet();
                Crew next = crew();
                next.pumps.incrementAndGet();
                open(next);
            }
        }
    }
}
