package io.sluice.batch;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of a line that comes in pieces, without the CR of its line break. Not thread-safe. */
final class LineDigest {

    private final MessageDigest digest = sha256();

    /** Whether a CR was last, which may be a part of the line or of its end. */
    private boolean carriageReturn;

    void add(byte[] bytes, int from, int to) {
        if (from == to) {
            return;
        }
        if (carriageReturn) {
            digest.update((byte) '\r');
        }
        carriageReturn = bytes[to - 1] == '\r';
        digest.update(bytes, from, to - from - (carriageReturn ? 1 : 0));
    }

    byte[] end() {
        return digest.digest();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has it, says the documentation of MessageDigest.
            throw new IllegalStateException(impossible);
        }
    }
}
