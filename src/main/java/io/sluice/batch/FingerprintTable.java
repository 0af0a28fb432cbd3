package io.sluice.batch;

/**
 * A small number for each of very many fingerprints, in 20 bytes a place and without an object for each. Not thread-safe.
 */
final class FingerprintTable {

    private long[] high = new long[64];
    private long[] low = new long[64];
    /** 0 where the place is free. */
    private int[] value = new int[64];

    private int size;

    /** The number of a fingerprint; 0 where none was put. */
    int get(Fingerprint of) {
        return value[find(of)];
    }

    /** Sets the number, which must not be 0. */
    void put(Fingerprint of, int number) {
        int at = find(of);
        if (value[at] == 0) {
            size++;
            high[at] = of.high();
            low[at] = of.low();
        }
        value[at] = number;
        if (size > value.length / 4 * 3) {
            grow();
        }
    }

    /** Adds one, and returns the sum. */
    int increment(Fingerprint of) {
        int more = get(of) + 1;
        put(of, more);
        return more;
    }

    int size() {
        return size;
    }

    /** Fingerprints are random already, so some of their bits are as good a place as any. */
    private int find(Fingerprint of) {
        int at = (int) of.low() & (value.length - 1);
        while (value[at] != 0 && (high[at] != of.high() || low[at] != of.low())) {
            at = (at + 1) & (value.length - 1);
        }
        return at;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        int[] oldValue = value;
        high = new long[2 * oldValue.length];
        low = new long[2 * oldValue.length];
        value = new int[2 * oldValue.length];
        size = 0;
        for (int i = 0; i < oldValue.length; i++) {
            if (oldValue[i] != 0) {
                put(new Fingerprint(oldHigh[i], oldLow[i]), oldValue[i]);
            }
        }
    }
}
