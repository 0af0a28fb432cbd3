package io.sluice.ratelimit;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.model.ModelKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** As many calls wait for a permit of a key as may; this one was turned away at once. */
public final class QueueFullException extends SluiceException {

    private final ModelKey key;
    private final int maxPending;

    QueueFullException(ModelKey key, int maxPending, @Nullable Duration estimatedWait) {
        super(
                maxPending + " calls already wait for a permit of " + key
                        + (estimatedWait == null ? "" : "; a new one would wait about " + estimatedWait)
                        + ". Send less, or raise maxPending.",
                null,
                FailureClass.REJECTED,
                estimatedWait,
                false);
        this.key = key;
        this.maxPending = maxPending;
    }

    /** The model that was asked for. */
    public ModelKey key() {
        return key;
    }

    /** How many may wait. */
    public int maxPending() {
        return maxPending;
    }
}
