package io.sluice.transport;

import io.sluice.FailureClass;
import io.sluice.SluiceException;

/**
 * A body is larger than its reader has room for. Its class is {@link FailureClass#TOO_LARGE}: the same request would be
 * answered as largely again.
 */
public final class BodyTooLargeException extends SluiceException {

    private final int maxBytes;

    BodyTooLargeException(int maxBytes) {
        super(
                "the body has more than the " + maxBytes + " bytes that are read; ask for less, or read it as a stream",
                null,
                FailureClass.TOO_LARGE,
                null,
                false);
        this.maxBytes = maxBytes;
    }

    /** How many bytes there was room for. */
    public int maxBytes() {
        return maxBytes;
    }
}
