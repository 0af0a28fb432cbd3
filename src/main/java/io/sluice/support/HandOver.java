package io.sluice.support;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Takes work from threads that must not do it themselves (they hold state, or belong to somebody else) to a scheduler.
 * However much is ready, only as many tasks are scheduled as there are workers: each is a pump that carries out up to
 * 256 pieces and then makes room for others. One slow piece holds up its own pump, and of the others those that the
 * scheduler puts behind it when they have made room.
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
    private final AtomicInteger pumps = new AtomicInteger();
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
        for (int left = added.getAndSet(0); left > 0 && tryOpen(); left--) {
            schedule();
        }
    }

    private boolean tryOpen() {
        for (; ; ) {
            int open = pumps.get();
            if (open >= parallelism) {
                return false;
            }
            if (pumps.compareAndSet(open, open + 1)) {
                return true;
            }
        }
    }

    private void schedule() {
        try {
            scheduler.get().schedule(this::pump);
        } catch (RejectedExecutionException rejected) {
            pumps.decrementAndGet();
            for (Work work = ready.poll(); work != null; work = ready.poll()) {
                reject(work, rejected);
            }
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

    private void pump() {
        for (int i = 0; i < BATCH; i++) {
            Work work = ready.poll();
            if (work == null) {
                pumps.decrementAndGet();
                // Work that came between the look and the decrement saw all pumps open and started none.
                if (ready.isEmpty() || !tryOpen()) {
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
                    schedule();
                }
            }
        }
        schedule();
    }
}
