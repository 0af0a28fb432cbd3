package io.sluice.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a line of work is known by over several runs: 128 bits of a SHA-256, of its {@code custom_id}, or of its bytes where
 * it has none.
 */
record Fingerprint(long high, long low) {

    private static final int BYTES = 16;
    /** Spreads small numbers over all bits: 2^64 divided by the golden ratio. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** That of a line with a {@code custom_id}. */
    static Fingerprint ofId(String customId) {
        return of(("custom_id " + customId).getBytes(StandardCharsets.UTF_8));
    }

    /** That of a line without one, by its bytes without the line break. */
    static Fingerprint ofLine(byte[] line) {
        return of(line);
    }

    private static Fingerprint of(byte[] content) {
        ByteBuffer digest = ByteBuffer.wrap(sha256(content));
        return new Fingerprint(digest.getLong(), digest.getLong());
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has it: java.security.MessageDigest, "Every implementation ... is required".
            throw new IllegalStateException(impossible);
        }
    }

    /** As {@link #toString()} wrote it; null where it is something else. */
    static @Nullable Fingerprint parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            return null;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
            return new Fingerprint(bytes.getLong(), bytes.getLong());
        } catch (IllegalArgumentException notHex) {
            return null;
        }
    }

    /** That of the n-th line with this one, counted from 1. */
    Fingerprint occurrence(int n) {
        return n == 1 ? this : new Fingerprint(high + n * SPREAD, low ^ n);
    }

    @Override
    public String toString() {
        return HexFormat.of()
                .formatHex(ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array());
    }
}
