package io.sluice.simulator;

/** Spans of one length by the wall clock, each of which begins empty. */
final class FixedGauge implements Gauge {

    private final long limit;
    private final long length;
    private long span = Long.MIN_VALUE;
    private long used;
    private long highest;

    FixedGauge(long limit, long lengthNanos) {
        this.limit = limit;
        this.length = lengthNanos;
    }

    @Override
    public long used(long now) {
        long present = Math.floorDiv(now, length);
        if (present != span) {
            span = present;
            used = 0;
        }
        return used;
    }

    @Override
    public long delay(long amount, long now) {
        return used(now) + amount <= limit ? 0 : length - Math.floorMod(now, length);
    }

    @Override
    public long charge(long amount, long now) {
        used = used(now) + amount;
        highest = Math.max(highest, used);
        return span;
    }

    @Override
    public void giveBack(long mark, long amount, long now) {
        used(now);
        if (mark == span) {
            used = Math.max(0, used - amount);
        }
    }

    @Override
    public long reset(long now) {
        return used(now) == 0 ? 0 : length - Math.floorMod(now, length);
    }

    @Override
    public long highest() {
        return highest;
    }
}
