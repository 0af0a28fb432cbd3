package io.sluice.time;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** One call that a {@link Timer} will make; disposing of it forgets the task at once. */
public final class Timeout implements Disposable {

    /** What is to be done at the deadline. Called at most once, on the scheduler, outside of any lock; must not block. */
    public interface Task {

        /** The deadline is here, or nearly: read the clock. */
        void due();

        /**
         * The scheduler takes no more work, so the deadline will never be told. Called on whichever thread found out,
         * possibly inside {@link TimeSource#schedule}.
         */
        void rejected(RejectedExecutionException reason);
    }

    private static final AtomicReferenceFieldUpdater<Timeout, Task> TASK =
            AtomicReferenceFieldUpdater.newUpdater(Timeout.class, Task.class, "task");

    /** The deadline in the scheduler's own nanoseconds. */
    final long at;

    private final Timer timer;
    private volatile @Nullable Task task;

    Timeout(Timer timer, long at, Task task) {
        this.timer = timer;
        this.at = at;
        this.task = task;
    }

    /** The scheduler that it waits on. */
    public Scheduler scheduler() {
        return timer.scheduler;
    }

    /** Takes the task out, for whoever will run it. */
    @Nullable
    Task take() {
        return TASK.getAndSet(this, null);
    }

    @Override
    public void dispose() {
        if (take() != null) {
            timer.cancelled();
        }
    }

    /** Whether the task has been called, or never will be. */
    @Override
    public boolean isDisposed() {
        return task == null;
    }
}
