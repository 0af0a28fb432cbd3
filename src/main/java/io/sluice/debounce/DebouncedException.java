package io.sluice.debounce;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import java.time.Duration;

/**
 * A trigger was denied and did not run. {@link #retryAfter()} is the time until its key may run again as things stand: the
 * longest of what the cooldown and the hourly caps ask for.
 */
public final class DebouncedException extends SluiceException {

    private final String key;
    private final DebounceLimit limit;

    DebouncedException(String key, DebounceLimit limit, Duration retryAfter) {
        super("", null, FailureClass.REJECTED, retryAfter, false);
        this.key = key;
        this.limit = limit;
    }

    /** Put together when it is read: a storm of triggers must not spend its time on text. */
    @Override
    public String getMessage() {
        String why = switch (limit) {
            case COOLDOWN -> "it ran less than its cooldown ago";
            case HOURLY_OF_KEY -> "it ran as often within the last hour as it may";
            case HOURLY -> "as many triggers ran within the last hour as may";
            case SUPERSEDED -> "a later trigger took its place";
        };
        return "Trigger " + key + " was debounced: " + why + ". Allowed in " + retryAfter()
                + "; try again then, or use the result of the one that ran.";
    }

    /** What was triggered. */
    public String key() {
        return key;
    }

    /** What it was denied for; of several, the one that lasts longest. */
    public DebounceLimit limit() {
        return limit;
    }
}
