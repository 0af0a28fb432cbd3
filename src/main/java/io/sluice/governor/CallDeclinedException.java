package io.sluice.governor;

import io.sluice.FailureClass;
import io.sluice.SluiceException;

/** Whoever had to approve a call declined it; it was not made, and no fallback takes its place. */
public final class CallDeclinedException extends SluiceException {

    private final String call;
    private final String reason;

    CallDeclinedException(String call, String reason) {
        super("", null, FailureClass.REJECTED, null, false);
        this.call = call;
        this.reason = reason;
    }

    @Override
    public String getMessage() {
        return "The call of " + call + " was declined: " + reason
                + ". It was not made; change what it asks for, or ask whoever declined it.";
    }

    /** The name of the call. */
    public String call() {
        return call;
    }

    /** Why it was declined. */
    public String reason() {
        return reason;
    }
}
