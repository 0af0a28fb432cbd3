package io.sluice.batch;

import org.jspecify.annotations.Nullable;

/** A line of a batch as it was read. */
final class BatchLine {

    private final long number;
    private final byte @Nullable [] bytes;
    private final long length;

    /**
     * @param number which line of the input it is, counted from 1
     * @param bytes its bytes without the line break; null where it is longer than is read
     * @param length how many bytes it takes up in the input, its line break included
     */
    BatchLine(long number, byte @Nullable [] bytes, long length) {
        this.number = number;
        this.bytes = bytes;
        this.length = length;
    }

    long number() {
        return number;
    }

    /** Not to be changed. */
    byte @Nullable [] bytes() {
        return bytes;
    }

    long length() {
        return length;
    }
}
