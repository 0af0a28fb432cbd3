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
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

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
        timer.drain();
        return timeout;
    }

    /** Whether the scheduler has a timer now; for tests of leaks. */
    static boolean isRegistered(Scheduler scheduler) {
        return REGISTRY.containsKey(scheduler);
    }

    void cancelled() {
        if (cancelled.incrementAndGet() > SWEEP_FLOOR) {
            drain();
        }
    }

    private void fire() {
        fired = true;
        drain();
    }

    private void drain() {
        if (wip.getAndIncrement() != 0) {
            return;
        }
        List<Timeout.Task> due = null;
        List<Timeout.Task> stranded = null;
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
        if (due != null) {
            due.forEach(Timeout.Task::due);
        }
        if (stranded != null && refusal != null) {
            for (Timeout.Task task : stranded) {
                task.rejected(refusal);
            }
        }
    }

    private @Nullable List<Timeout.Task> takeDue(@Nullable List<Timeout.Task> due) {
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        List<Timeout.Task> taken = due;
        for (Timeout first = heap.peek();
                first != null && (first.at <= now || first.isDisposed());
                first = heap.peek()) {
            heap.poll();
            taken = take(first, taken);
        }
        return taken;
    }

    private @Nullable List<Timeout.Task> takeAll(@Nullable List<Timeout.Task> stranded) {
        List<Timeout.Task> taken = stranded;
        for (Timeout entry = heap.poll(); entry != null; entry = heap.poll()) {
            taken = take(entry, taken);
        }
        return taken;
    }

    private @Nullable List<Timeout.Task> take(Timeout entry, @Nullable List<Timeout.Task> into) {
        Timeout.Task task = entry.take();
        if (task == null) {
            cancelled.decrementAndGet();
            return into;
        }
        List<Timeout.Task> list = into == null ? new ArrayList<>(2) : into;
        list.add(task);
        return list;
    }

    private void sweep() {
        int dead = cancelled.get();
        if (dead > SWEEP_FLOOR && dead > heap.size() / 2) {
            int before = heap.size();
            heap.removeIf(Timeout::isDisposed);
            cancelled.addAndGet(heap.size() - before);
        }
    }

    /** Schedules the task for the earliest deadline, unless it stands for an earlier one already. */
    private @Nullable RejectedExecutionException arm() {
        Timeout first = heap.peek();
        if (first == null || first.at >= armedAt) {
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
