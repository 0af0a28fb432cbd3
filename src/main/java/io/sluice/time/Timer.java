package io.sluice.time;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * The one timer of a scheduler. It has no ticks: all deadlines stand in one heap, and one task is scheduled for the
 * earliest. When that task runs, the clock is read again; what is not due yet waits for the next.
 *
 * <p>The heap belongs to whoever holds {@link #wip}; everybody else leaves a note in {@link #arrivals} and goes. A timer
 * that fires and has nothing more to wait for leaves the registry, which so lets go of its scheduler. Should an arrival
 * have found it just before, it serves that one from outside.
 */
final class Timer {

    private static final Map<Scheduler, Timer> REGISTRY = new ConcurrentHashMap<>();

    /** Cancelled entries are swept when there are more than this many and they outnumber the live ones. */
    private static final int SWEEP_FLOOR = 64;

    final Scheduler scheduler;

    private final Queue<Timeout> arrivals =
            Queues.<Timeout>unboundedMultiproducer().get();
    private final AtomicInteger wip = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private volatile boolean fired;

    // Owned by the holder of wip.
    private final PriorityQueue<Timeout> heap = new PriorityQueue<>(Comparator.comparingLong((Timeout t) -> t.at));
    private @Nullable Disposable armed;
    private long armedAt = Long.MAX_VALUE;

    private Timer(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    static Timeout schedule(Scheduler scheduler, long at, Timeout.Task task) {
        Timer timer = REGISTRY.get(scheduler);
        if (timer == null) {
            // A virtual clock that a test left behind never fires again, so nothing else would take its timer out.
            REGISTRY.keySet().removeIf(Scheduler::isDisposed);
            Timer fresh = new Timer(scheduler);
            Timer other = REGISTRY.putIfAbsent(scheduler, fresh);
            timer = other == null ? fresh : other;
        }
        Timeout timeout = new Timeout(timer, at, task);
        timer.arrivals.offer(timeout);
        timer.drain(false);
        return timeout;
    }

    /** Whether the scheduler has a timer now; for tests of leaks. */
    static boolean isRegistered(Scheduler scheduler) {
        return REGISTRY.containsKey(scheduler);
    }

    void cancelled() {
        if (cancelled.incrementAndGet() > SWEEP_FLOOR) {
            drain(false);
        }
    }

    private void fire() {
        fired = true;
        drain(true);
    }

    /**
     * @param onScheduler whether this thread is the scheduler's, and may call what is due
     */
    private void drain(boolean onScheduler) {
        if (wip.getAndIncrement() != 0) {
            return;
        }
        List<Timeout> due = null;
        List<Timeout> stranded = null;
        RejectedExecutionException refusal = null;
        int missed = 1;
        do {
            for (Timeout arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
                heap.offer(arrival);
            }
            if (fired) {
                fired = false;
                armed = null;
                armedAt = Long.MAX_VALUE;
                due = takeDue(due);
                if (heap.isEmpty()) {
                    REGISTRY.remove(scheduler, this);
                }
            }
            sweep();
            RejectedExecutionException refused = arm();
            if (refused != null) {
                refusal = refused;
                stranded = takeAll(stranded);
                REGISTRY.remove(scheduler, this);
            }
            missed = wip.addAndGet(-missed);
        } while (missed != 0);
        if (stranded != null && refusal != null) {
            reject(stranded, refusal);
        }
        if (due != null) {
            if (onScheduler) {
                call(due);
            } else {
                handOver(due);
            }
        }
    }

    private @Nullable List<Timeout> takeDue(@Nullable List<Timeout> due) {
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        List<Timeout> taken = due;
        for (Timeout first = heap.peek();
                first != null && (first.at <= now || first.isDisposed());
                first = heap.peek()) {
            heap.poll();
            taken = add(first, taken);
        }
        return taken;
    }

    private @Nullable List<Timeout> takeAll(@Nullable List<Timeout> stranded) {
        List<Timeout> taken = stranded;
        for (Timeout entry = heap.poll(); entry != null; entry = heap.poll()) {
            taken = add(entry, taken);
        }
        return taken;
    }

    /** The task stays with its entry until it is called: one that is called before it may still dispose of it. */
    private @Nullable List<Timeout> add(Timeout entry, @Nullable List<Timeout> to) {
        if (entry.isDisposed()) {
            cancelled.decrementAndGet();
            return to;
        }
        List<Timeout> list = to == null ? new ArrayList<>(2) : to;
        list.add(entry);
        return list;
    }

    private void call(List<Timeout> due) {
        for (int i = 0; i < due.size(); i++) {
            Timeout.Task task = take(due.get(i));
            if (task == null) {
                continue;
            }
            boolean done = false;
            try {
                task.due();
                done = true;
            } finally {
                if (!done && i + 1 < due.size()) {
                    // It threw. That ends this run, not the waiting of the others.
                    handOver(due.subList(i + 1, due.size()));
                }
            }
        }
    }

    /** Who sets or cancels a timeout while the timer fires finds what is due, but is not the one to call it. */
    private void handOver(List<Timeout> due) {
        try {
            scheduler.schedule(() -> call(due));
        } catch (RejectedExecutionException refused) {
            reject(due, refused);
        }
    }

    private void reject(List<Timeout> stranded, RejectedExecutionException reason) {
        for (Timeout entry : stranded) {
            Timeout.Task task = take(entry);
            if (task == null) {
                continue;
            }
            try {
                task.rejected(reason);
            } catch (RuntimeException thrown) {
                Operators.onErrorDropped(thrown, Context.empty());
            }
        }
    }

    private Timeout.@Nullable Task take(Timeout entry) {
        Timeout.Task task = entry.take();
        if (task == null) {
            cancelled.decrementAndGet();
        }
        return task;
    }

    private void sweep() {
        int dead = cancelled.get();
        if (dead > SWEEP_FLOOR && dead > heap.size() / 2) {
            int before = heap.size();
            heap.removeIf(Timeout::isDisposed);
            cancelled.addAndGet(heap.size() - before);
        }
    }

    /**
     * Schedules the task for the earliest deadline, unless it stands for an earlier one already. One that stands on a
     * disposed scheduler never runs, and is no reason not to ask.
     */
    private @Nullable RejectedExecutionException arm() {
        Timeout first = heap.peek();
        if (first == null || (first.at >= armedAt && !scheduler.isDisposed())) {
            return null;
        }
        if (armed != null) {
            armed.dispose();
        }
        armedAt = first.at;
        try {
            long delay = Math.max(0, first.at - scheduler.now(TimeUnit.NANOSECONDS));
            armed = scheduler.schedule(this::fire, delay, TimeUnit.NANOSECONDS);
            return null;
        } catch (RejectedExecutionException refused) {
            armed = null;
            armedAt = Long.MAX_VALUE;
            return refused;
        }
    }
}
