package io.sluice.approval;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * Whom to ask as well when nobody has decided for some time. They may decide from then on, and so may those asked before.
 *
 * @param after how long after the request; less than its time-out
 * @param to who is asked
 * @param channels over which channels; empty for all
 */
public record Escalation(Duration after, Electorate to, Set<String> channels) {

    /**
     * Keeps a copy.
     *
     * @throws IllegalArgumentException if the time is not positive
     */
    public Escalation {
        if (after.isNegative() || after.isZero()) {
            throw new IllegalArgumentException("an escalation comes after some time, was " + after);
        }
        Objects.requireNonNull(to, "to");
        channels = Set.copyOf(channels);
    }

    /** Asks others over all channels. */
    public static Escalation after(Duration after, Electorate to) {
        return new Escalation(after, to, Set.of());
    }

    /** The same over certain channels. */
    public Escalation over(String... channels) {
        return new Escalation(after, to, Set.of(channels));
    }
}
