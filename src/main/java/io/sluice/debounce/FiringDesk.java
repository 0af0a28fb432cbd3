package io.sluice.debounce;

import io.sluice.support.SingleWriter;
import io.sluice.time.Alarm;
import io.sluice.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where triggers ask whether they may run. Those that may not are told from what is published, without entering; the few
 * that may enter one at a time. Who finds somebody inside looks until it has left, which takes as long as one decision.
 */
final class FiringDesk extends SingleWriter {

    final TimeSource time;
    private final DebounceRules rules;
    private final DebounceCore core;
    private final Alarm eviction;
    /** When to look next for keys to forget. */
    private volatile long evictAt = Long.MAX_VALUE;

    FiringDesk(DebounceRules rules, TimeSource time) {
        this.rules = rules;
        this.time = time;
        this.core = new DebounceCore(rules);
        this.eviction = new Alarm(time, this::evict, refused -> {});
    }

    boolean countsFailures() {
        return rules.countFailures();
    }

    long cooldown(String key) {
        return rules.cooldownNanos(key);
    }

    @Nullable
    KeyRecord find(String key) {
        return core.find(key);
    }

    int size() {
        return core.size();
    }

    /** When a key may run as things stand, by what is published; earlier than now if it may at once. */
    long allowedAt(String key) {
        KeyRecord record = core.find(key);
        return Math.max(record == null ? FiringLog.NEVER : record.until(), core.globalUntil());
    }

    /** When the cooldown of a key is over, by what is published. */
    long coolAt(String key) {
        KeyRecord record = core.find(key);
        return record == null ? FiringLog.NEVER : record.coolAt();
    }

    /** Whether a key may not run as things stand, by what is published. */
    boolean isDenied(String key) {
        return time.nanos() < allowedAt(key);
    }

    /** Records that a key runs; null if it may not. */
    @Nullable
    Firing tryFire(String key) {
        return isDenied(key) ? null : fire(key, null);
    }

    /** Records that a key runs with a call that others can join; null if it may not, or if one runs that can be joined. */
    @Nullable
    Firing tryFire(String key, SharedCall<?> call) {
        return isDenied(key) ? null : fire(key, call);
    }

    private @Nullable Firing fire(String key, @Nullable SharedCall<?> call) {
        enter();
        try {
            long now = time.nanos();
            KeyRecord known = core.find(key);
            if (now < core.allowedAt(known, now) || (call != null && known != null && known.isJoinable())) {
                return null;
            }
            KeyRecord record = core.record(key);
            if (call != null) {
                // Before the denial is published, so that whoever is denied finds the call.
                record.call(call);
            }
            return core.fire(record, now);
        } finally {
            leave();
        }
    }

    private void enter() {
        boolean inside = false;
        while (!inside) {
            inside = tryEnter();
        }
    }

    /** A run that was recorded did not begin: it is as if it had not been. */
    void notRun(Firing firing) {
        run(() -> core.takeBack(firing));
    }

    /** A run failed: where failures do not count, it is as if it had not run. */
    void failed(Firing firing) {
        if (!rules.countFailures()) {
            run(() -> core.takeBack(firing));
        }
    }

    void ended(KeyRecord record, SharedCall<?> call) {
        run(() -> core.ended(record, call));
    }

    /** Why a key may not run, and for how long; asked when it was denied. */
    TriggerDecision.Denied denial(String key) {
        KeyRecord record = core.find(key);
        long global = core.globalUntil();
        long until = Math.max(record == null ? FiringLog.NEVER : record.until(), global);
        // Never zero: who was denied a moment ago must not try again in a loop.
        long left = until == FiringLog.NEVER ? 1 : Math.max(1, until - time.nanos());
        return new TriggerDecision.Denied(key, DebounceCore.limit(record, global), Duration.ofNanos(left));
    }

    void reset(String key) {
        run(() -> core.reset(key));
    }

    void reset() {
        run(core::reset);
    }

    private void evict() {
        run(() -> core.evict(time.nanos()));
    }

    @Override
    protected void look() {
        evictAt = core.nextIdleAt();
    }

    @Override
    protected void afterwards() {
        eviction.at(evictAt);
    }
}
