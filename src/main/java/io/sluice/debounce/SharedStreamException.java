package io.sluice.debounce;

import io.sluice.FailureClass;
import io.sluice.SluiceException;

/** A call with one answer was to join a stream that runs under its key and is shared, which cannot be. */
public final class SharedStreamException extends SluiceException {

    private final String key;

    SharedStreamException(String key) {
        super(
                "A call with one answer cannot join the stream that runs under " + key
                        + " and is shared: give the two different names, or make both streams.",
                null,
                FailureClass.PROGRAMMING,
                null,
                true);
        this.key = key;
    }

    /** What both were triggered as. */
    public String key() {
        return key;
    }
}
