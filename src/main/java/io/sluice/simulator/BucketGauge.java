package io.sluice.simulator;

/**
 * A bucket that holds one limit and refills continuously at one limit per length. Exact: what is refilled of the next
 * unit is kept as a fraction.
 */
final class BucketGauge implements Gauge {

    private final long limit;
    private final long length;

    /** What is out of the bucket. May exceed the limit, where more was charged than fits. */
    private long used;

    /** How much of the unit that comes back next is there already, in parts of {@code length}. */
    private long fraction;

    private long latest;
    private long highest;

    BucketGauge(long limit, long lengthNanos) {
        this.limit = limit;
        this.length = lengthNanos;
    }

    @Override
    public long used(long now) {
        if (used > 0) {
            long elapsed = now - latest;
            if (elapsed >= nanosFor(used)) {
                used = 0;
                fraction = 0;
            } else {
                WideQuotient back = WideQuotient.of(elapsed, limit, fraction, length);
                used -= back.whole();
                fraction = back.rest();
            }
        }
        latest = now;
        return used;
    }

    @Override
    public long delay(long amount, long now) {
        long over = used(now) + amount - limit;
        return over <= 0 ? 0 : nanosFor(over);
    }

    @Override
    public long charge(long amount, long now) {
        used = used(now) + amount;
        highest = Math.max(highest, used);
        return 0;
    }

    @Override
    public void giveBack(long mark, long amount, long now) {
        used = used(now) - amount;
        if (used <= 0) {
            used = 0;
            fraction = 0;
        }
    }

    @Override
    public long reset(long now) {
        return used(now) == 0 ? 0 : nanosFor(used);
    }

    @Override
    public long highest() {
        return highest;
    }

    /** How long from the latest time until so much more is back, rounded up. */
    private long nanosFor(long amount) {
        WideQuotient nanos = WideQuotient.of(amount, length, -fraction, limit);
        return nanos.rest() == 0 ? nanos.whole() : nanos.whole() + 1;
    }
}
