package io.sluice.batch;

/**
 * A number above zero for each of many lines, in 20 bytes for each place of a table that is at most two thirds full. Not
 * thread-safe.
 */
final class LineTable {

    private static final int SMALLEST = 64;

    /** Two for each place: the halves of the fingerprint. */
    private long[] keys = new long[2 * SMALLEST];

    /** Zero where a place is free. */
    private int[] values = new int[SMALLEST];

    private int size;

    /** The number of a line; 0 where it has none. */
    int get(Fingerprint line) {
        return values[place(line)];
    }

    /** Gives a line a number, which is above zero. */
    void put(Fingerprint line, int value) {
        int place = place(line);
        if (values[place] == 0) {
            if (3L * (size + 1) > 2L * values.length) {
                grow();
                place = place(line);
            }
            size++;
            keys[2 * place] = line.high();
            keys[2 * place + 1] = line.low();
        }
        values[place] = value;
    }

    /** Raises the number of a line by one, from zero, and returns it. */
    int add(Fingerprint line) {
        int more = get(line) + 1;
        put(line, more);
        return more;
    }

    int size() {
        return size;
    }

    /** Where the line is, or would be. */
    private int place(Fingerprint line) {
        int mask = values.length - 1;
        int place = (int) (line.low() ^ line.low() >>> 32) & mask;
        while (values[place] != 0 && (keys[2 * place] != line.high() || keys[2 * place + 1] != line.low())) {
            place = place + 1 & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new int[2 * oldValues.length];
        for (int old = 0; old < oldValues.length; old++) {
            if (oldValues[old] != 0) {
                int place = place(new Fingerprint(oldKeys[2 * old], oldKeys[2 * old + 1]));
                keys[2 * place] = oldKeys[2 * old];
                keys[2 * place + 1] = oldKeys[2 * old + 1];
                values[place] = oldValues[old];
            }
        }
    }
}
