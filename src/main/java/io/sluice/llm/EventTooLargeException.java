package io.sluice.llm;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.support.Internal;

/**
 * An event of a streamed answer is larger than what is kept in memory, and the stream was closed. Its class is {@link
 * FailureClass#TOO_LARGE}: the same request would be answered as largely again.
 */
public final class EventTooLargeException extends SluiceException {

    private final int maxBytes;

    @Internal
    public EventTooLargeException(int maxBytes) {
        super(
                "an event of the stream has more than the " + maxBytes + " bytes that are kept; ask for less at once",
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
