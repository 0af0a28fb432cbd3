package io.sluice.approval;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A ballot that was counted.
 *
 * @param approver who
 * @param verdict yes or no
 * @param channel over which channel
 * @param comment why; null for nothing
 * @param argumentsHash what it is about
 * @param at when it arrived
 */
public record Vote(
        String approver,
        Verdict verdict,
        String channel,
        @Nullable String comment,
        String argumentsHash,
        Instant at) {

    /** Leaves out the comment. */
    @Override
    public String toString() {
        return "Vote[" + verdict + ", " + approver + ", " + channel + ", " + at + "]";
    }
}
