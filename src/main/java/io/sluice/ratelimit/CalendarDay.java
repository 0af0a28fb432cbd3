package io.sluice.ratelimit;

import io.sluice.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/**
 * What a limit has charged since the last midnight of its zone. All of it is over at the next one, however long the day
 * was by the clocks.
 *
 * <p>Which day it is, is asked of the instants at every look: nanoseconds may stand still while a machine sleeps. A clock
 * that is set back begins no other day, unless it was wrong by more than one.
 *
 * <p>Plain and single-threaded; {@code now} must not decrease from call to call.
 */
final class CalendarDay implements ChargeLog {

    /** Who waits for midnight looks again so often, in case the machine slept and the nanoseconds did not pass. */
    private static final long LOOK_EVERY = Duration.ofMinutes(1).toNanos();

    private static final Duration WRONG = Duration.ofDays(1);

    /** What charges of a day that is over are known by. */
    private static final long OVER = -1;

    private final ZoneId zone;
    private final InstantSource clock;

    private Instant midnight = Instant.MAX;
    private Instant nextMidnight = Instant.MIN;
    /** When the day began, in nanoseconds; what is stamped before belongs to another day. */
    private long since;
    /** The number of the day; its charges are known by it. */
    private long day;

    private long sum;
    private long fixedSum;
    private long total;

    CalendarDay(ZoneId zone, InstantSource clock, long now) {
        this.zone = zone;
        this.clock = clock;
        expire(now);
    }

    @Override
    public void expire(long now) {
        Instant instant = clock.instant();
        boolean over = !instant.isBefore(nextMidnight);
        if (over || (instant.isBefore(midnight) && instant.isBefore(midnight.minus(WRONG)))) {
            LocalDate today = instant.atZone(zone).toLocalDate();
            midnight = today.atStartOfDay(zone).toInstant();
            nextMidnight = today.plusDays(1).atStartOfDay(zone).toInstant();
        }
        if (over) {
            since = now - Duration.between(midnight, instant).toNanos();
            day++;
            sum = 0;
            fixedSum = 0;
        }
    }

    @Override
    public long charge(long stamp, long charged) {
        total += charged;
        if (stamp < since) {
            return OVER;
        }
        sum += charged;
        return day;
    }

    @Override
    public void refund(long charge, long refunded) {
        if (charge == day) {
            sum -= refunded;
        }
    }

    @Override
    public void undo(long charge, long charged) {
        if (charge == day) {
            sum -= charged;
            total -= charged;
        }
    }

    @Override
    public void fix(long charge, long settled) {
        if (charge == day) {
            fixedSum += settled;
        }
    }

    @Override
    public long sum() {
        return sum;
    }

    @Override
    public long total() {
        return total;
    }

    @Override
    public boolean isEmpty() {
        return sum == 0;
    }

    @Override
    public long freeAt(long most, long now) {
        return sum <= most ? now : midnightAt(now);
    }

    @Override
    public long freeAtBest(long most, long now) {
        return fixedSum <= most ? now : midnightAt(now);
    }

    @Override
    public long overAt(long stamp, long now) {
        return midnightAt(now);
    }

    private long midnightAt(long now) {
        return TimeSource.after(now, Duration.between(clock.instant(), nextMidnight));
    }

    @Override
    public long lookAt(long freeAt, long now) {
        return Math.min(freeAt, now + LOOK_EVERY);
    }

    @Override
    public long length() {
        return RateLimit.DAY.toNanos();
    }

    @Override
    public List<RateLimitState.Charge> charges(long now, Instant instant) {
        return sum == 0
                ? List.of()
                : List.of(new RateLimitState.Charge(instant, Math.min(sum, RateLimitProfile.MAX_LIMIT)));
    }

    @Override
    public void restore(List<RateLimitState.Charge> charges, Instant taken, long now, Instant instant) {
        for (RateLimitState.Charge charge : charges) {
            if (!charge.at().isBefore(midnight)) {
                chargeFixed(now, charge.amount());
            }
        }
    }
}
