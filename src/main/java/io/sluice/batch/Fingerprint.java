package io.sluice.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * 128 bits that stand for a line's name, so that hundreds of thousands of names need little memory.
 *
 * @param high the first half
 * @param low the second half
 */
record Fingerprint(long high, long low) {

    /** An odd number with its bits well mixed, 2^64 divided by the golden ratio: its multiples do not repeat. */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    static Fingerprint of(String id) {
        ByteBuffer digest = ByteBuffer.wrap(LineDigest.sha256().digest(id.getBytes(UTF_8)));
        return new Fingerprint(digest.getLong(), digest.getLong());
    }

    /** That of the n-th line with this name, counted from 1. */
    Fingerprint occurrence(int n) {
        return new Fingerprint(high, low + (n - 1) * STEP);
    }
}
