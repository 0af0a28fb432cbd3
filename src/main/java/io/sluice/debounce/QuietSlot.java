package io.sluice.debounce;

import io.sluice.time.Timeout;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * The last trigger of a key, which waits for its key to be quiet. One timeout a slot: a trigger that comes only says that
 * the time is later, which is seen when the timeout fires. A slot that has let its trigger run takes no more.
 */
final class QuietSlot implements Timeout.Task {

    /** What waits. */
    interface Waiting {

        /** Its key is quiet, and it counts as having run. Called on the timer: hands itself over. */
        void admitted(Firing firing);

        /** It will not run. */
        void denied(Throwable reason);
    }

    private enum Mark implements Waiting {
        /** The trigger was cancelled; another one may come. */
        EMPTY,
        /** The slot takes no more. */
        CLOSED;

        @Override
        public void admitted(Firing firing) {}

        @Override
        public void denied(Throwable reason) {}
    }

    private static final AtomicReferenceFieldUpdater<QuietSlot, Waiting> WAITING =
            AtomicReferenceFieldUpdater.newUpdater(QuietSlot.class, Waiting.class, "waiting");

    private final String key;
    private final FiringDesk desk;
    private final Map<String, QuietSlot> slots;
    private volatile Waiting waiting;
    private final AtomicLong quietAt = new AtomicLong();

    private QuietSlot(String key, FiringDesk desk, Map<String, QuietSlot> slots, Waiting first) {
        this.key = key;
        this.desk = desk;
        this.slots = slots;
        this.waiting = first;
    }

    /** Puts a trigger into the place of the one before it. */
    static QuietSlot put(String key, FiringDesk desk, Map<String, QuietSlot> slots, Waiting trigger) {
        long quietAt = later(desk.time.nanos(), desk.cooldown(key));
        for (; ; ) {
            QuietSlot present = slots.get(key);
            if (present == null) {
                QuietSlot fresh = new QuietSlot(key, desk, slots, trigger);
                fresh.quietAt.set(quietAt);
                if (slots.putIfAbsent(key, fresh) == null) {
                    fresh.watch(quietAt);
                    return fresh;
                }
            } else if (present.replace(trigger, quietAt)) {
                return present;
            } else {
                slots.remove(key, present);
            }
        }
    }

    private static long later(long now, long by) {
        return by > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + by;
    }

    private boolean replace(Waiting trigger, long at) {
        quietAt.accumulateAndGet(at, Math::max);
        for (; ; ) {
            Waiting before = waiting;
            if (before == Mark.CLOSED) {
                return false;
            }
            if (WAITING.compareAndSet(this, before, trigger)) {
                before.denied(superseded());
                return true;
            }
        }
    }

    private DebouncedException superseded() {
        return new DebouncedException(
                key, DebounceLimit.SUPERSEDED, Duration.ofNanos(Math.max(1, quietAt.get() - desk.time.nanos())));
    }

    /** The trigger was cancelled. */
    void leave(Waiting trigger) {
        WAITING.compareAndSet(this, trigger, Mark.EMPTY);
    }

    private void watch(long at) {
        desk.time.schedule(at, this);
    }

    @Override
    public void due() {
        long now = desk.time.nanos();
        // A run that somebody else was admitted for counts as well.
        long at = Math.max(quietAt.get(), desk.coolAt(key));
        if (now < at) {
            watch(at);
            return;
        }
        Waiting trigger = close();
        if (trigger == Mark.EMPTY) {
            return;
        }
        Firing firing = desk.tryFire(key);
        if (firing != null) {
            trigger.admitted(firing);
        } else {
            trigger.denied(desk.denial(key).toException());
        }
    }

    private Waiting close() {
        Waiting trigger = waiting;
        while (!WAITING.compareAndSet(this, trigger, Mark.CLOSED)) {
            trigger = waiting;
        }
        slots.remove(key, this);
        return trigger;
    }

    @Override
    public void rejected(RejectedExecutionException reason) {
        close().denied(reason);
    }
}
