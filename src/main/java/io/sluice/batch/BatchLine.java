package io.sluice.batch;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A line of a batch as it was read. */
final class BatchLine {

    /** Half of the digest: that two of 100 million lines share it has a chance of one in 10^22. */
    private static final int NAME_BYTES = 16;

    private final long number;
    private final byte @Nullable [] bytes;
    private final byte @Nullable [] digest;
    private final long length;

    private BatchLine(long number, byte @Nullable [] bytes, byte @Nullable [] digest, long length) {
        this.number = number;
        this.bytes = bytes;
        this.digest = digest;
        this.length = length;
    }

    /**
     * @param number which line of the input it is, counted from 1
     * @param bytes its bytes without the line break
     * @param length how many bytes it takes up in the input, its line break included
     */
    static BatchLine of(long number, byte[] bytes, long length) {
        return new BatchLine(number, bytes, null, length);
    }

    /**
     * A line that is longer than is read.
     *
     * @param digest what {@link LineDigest} made of its bytes
     */
    static BatchLine tooLong(long number, byte[] digest, long length) {
        return new BatchLine(number, null, digest, length);
    }

    long number() {
        return number;
    }

    /** Not to be changed; null where the line is longer than is read. */
    byte @Nullable [] bytes() {
        return bytes;
    }

    long length() {
        return length;
    }

    /** What a line is called that has no name of its own: the same bytes are the same name, on any line of any file. */
    String nameOfContent() {
        byte[] whole = bytes == null ? digest : LineDigest.sha256().digest(bytes);
        return "sha256:" + HexFormat.of().formatHex(whole, 0, NAME_BYTES);
    }
}
