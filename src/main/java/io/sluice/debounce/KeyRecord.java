package io.sluice.debounce;

import org.jspecify.annotations.Nullable;

/** What is known of one key. Written by the writer of the debouncer; the volatile fields are read by anybody. */
final class KeyRecord {

    final String key;
    final long cooldown;
    final @Nullable FiringLog log;

    /** When it last ran; {@link FiringLog#NEVER} if it did not, or that was forgotten. */
    volatile long last = FiringLog.NEVER;

    /** Until when it must not run on its own account. */
    private volatile long until = FiringLog.NEVER;

    /** The call that others can join; ended by itself. */
    private volatile @Nullable SharedCall<?> call;

    KeyRecord(String key, DebounceRules rules) {
        this.key = key;
        this.cooldown = rules.cooldownNanos(key);
        this.log = rules.perHourOfKey() == DebounceRules.UNLIMITED ? null : new FiringLog(rules.perHourOfKey());
    }

    long until() {
        return until;
    }

    void publish() {
        until = Math.max(coolAt(), log == null ? FiringLog.NEVER : log.freeAt());
    }

    /** When its cooldown is over. */
    long coolAt() {
        long ran = last;
        if (ran == FiringLog.NEVER) {
            return FiringLog.NEVER;
        }
        return cooldown > Long.MAX_VALUE - Math.max(ran, 0) ? Long.MAX_VALUE : ran + cooldown;
    }

    /** When nothing of it matters any more. */
    long idleAt() {
        return Math.max(coolAt(), log == null ? FiringLog.NEVER : log.emptyAt());
    }

    @Nullable
    SharedCall<?> call() {
        return call;
    }

    /** Whether a call runs that others can join. */
    boolean isJoinable() {
        SharedCall<?> running = call;
        return running != null && !running.isOver();
    }

    void call(@Nullable SharedCall<?> running) {
        call = running;
    }
}
