package io.sluice.debounce;

import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which trigger may run, given the time. Plain and single-threaded, without clock and Reactor; only {@link #find} and
 * {@link #globalUntil} may be asked from outside. Everything a decision depends on is changed in one step.
 */
final class DebounceCore {

    private record Idle(KeyRecord record, long at) {}

    private final DebounceRules rules;
    private final Map<String, KeyRecord> records = new ConcurrentHashMap<>();
    private final @Nullable FiringLog all;
    /** When records may be of no use any more, the earliest first; a record may stand here several times. */
    private final PriorityQueue<Idle> idle = new PriorityQueue<>(Comparator.comparingLong(Idle::at));

    private long latest = FiringLog.NEVER;
    private volatile long globalUntil = FiringLog.NEVER;

    DebounceCore(DebounceRules rules) {
        this.rules = rules;
        this.all = rules.perHour() == DebounceRules.UNLIMITED ? null : new FiringLog(rules.perHour());
    }

    @Nullable
    KeyRecord find(String key) {
        return records.get(key);
    }

    /** Until when no key at all may run. */
    long globalUntil() {
        return globalUntil;
    }

    /** How many keys are known. */
    int size() {
        return records.size();
    }

    /** The record of a key, which is made if there is none. */
    KeyRecord record(String key) {
        KeyRecord known = records.get(key);
        if (known != null) {
            return known;
        }
        KeyRecord fresh = new KeyRecord(key, rules);
        records.put(key, fresh);
        return fresh;
    }

    /** When a key may run as things stand; {@link FiringLog#NEVER} or earlier than now if it may at once. */
    long allowedAt(@Nullable KeyRecord record, long now) {
        if (all != null) {
            all.expire(now);
            globalUntil = all.freeAt();
        }
        if (record == null) {
            return globalUntil;
        }
        if (record.log != null) {
            record.log.expire(now);
        }
        record.publish();
        return Math.max(record.until(), globalUntil);
    }

    /** Records that a key runs, which {@link #allowedAt} has just allowed. */
    Firing fire(KeyRecord record, long now) {
        // Clocks of several threads may differ by a little; stamps must not decrease.
        latest = Math.max(latest, now);
        Firing firing = new Firing(record, latest, record.last);
        record.last = latest;
        if (record.log != null) {
            record.log.add(latest);
        }
        if (all != null) {
            all.add(latest);
            globalUntil = all.freeAt();
        }
        record.publish();
        idle.add(new Idle(record, record.idleAt()));
        return firing;
    }

    /** A run did not count after all. */
    void takeBack(Firing firing) {
        KeyRecord record = firing.record();
        if (record.last == firing.at()) {
            record.last = firing.before();
        }
        if (record.log != null) {
            record.log.remove(firing.at());
        }
        if (all != null) {
            all.remove(firing.at());
            globalUntil = all.freeAt();
        }
        record.publish();
    }

    /** Why a key may not run: what lasts longest. */
    static DebounceLimit limit(@Nullable KeyRecord record, long globalUntil) {
        if (record == null || globalUntil > record.until()) {
            return DebounceLimit.HOURLY;
        }
        return record.coolAt() >= record.until() ? DebounceLimit.COOLDOWN : DebounceLimit.HOURLY_OF_KEY;
    }

    /** Forgets the cooldown of a key; what counts for the hour stays. */
    void reset(String key) {
        KeyRecord record = records.get(key);
        if (record != null) {
            record.last = FiringLog.NEVER;
            record.publish();
            idle.add(new Idle(record, record.idleAt()));
        }
    }

    /** Forgets everything. */
    void reset() {
        records.clear();
        idle.clear();
        if (all != null) {
            all.clear();
        }
        globalUntil = FiringLog.NEVER;
    }

    /** A call of the key that others could join is over. */
    void ended(KeyRecord record, SharedCall<?> call) {
        if (record.call() == call) {
            record.call(null);
            idle.add(new Idle(record, record.idleAt()));
        }
    }

    /** Forgets keys of which nothing matters any more. */
    void evict(long now) {
        for (Idle first = idle.peek(); first != null && first.at <= now; first = idle.peek()) {
            idle.poll();
            KeyRecord record = first.record;
            // One that ran again stands further back as well; one with a call comes back when that ends.
            if (record.idleAt() <= now && record.call() == null) {
                records.remove(record.key, record);
            }
        }
    }

    /** When {@link #evict} may find something; the largest long for never. */
    long nextIdleAt() {
        Idle next = idle.peek();
        return next == null ? Long.MAX_VALUE : next.at;
    }
}
