package io.sluice.approval;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Under what conditions a request is approved. Stored with each request, so that a restart changes nothing. Immutable; each
 * wither returns new ones.
 *
 * @param timeout how long there is to decide; longer than zero, at most 10 years
 * @param onTimeout what happens after that
 * @param quorum how many have to agree
 * @param electorate who may decide from the beginning
 * @param channels which channels ask from the beginning; empty for all
 * @param ladder whom to ask as well if nobody decides, by time
 * @param delegable false for what needs a decision about itself: no standing grant approves it, and no time-out
 * @param editable whether whoever approves may change the arguments
 * @param withdrawOnCancel whether a request is cancelled when the last of those who wait for its decision has left
 * @param schema the JSON Schema that edited arguments must fit; null for none
 */
public record ApprovalTerms(
        Duration timeout,
        OnTimeout onTimeout,
        Quorum quorum,
        Electorate electorate,
        Set<String> channels,
        List<Escalation> ladder,
        boolean delegable,
        boolean editable,
        boolean withdrawOnCancel,
        @Nullable String schema) {

    /** The longest time-out: ten years. */
    public static final Duration MAX_TIMEOUT = Duration.ofDays(3_650);

    /** A day for anybody to decide; then it is rejected. */
    public static final ApprovalTerms STANDARD = new ApprovalTerms(
            Duration.ofHours(24),
            OnTimeout.REJECT,
            Quorum.ANYONE,
            Electorate.EVERYBODY,
            Set.of(),
            List.of(),
            true,
            true,
            false,
            null);

    /**
     * Sorts the ladder, and keeps copies.
     *
     * @throws IllegalArgumentException if the time-out is out of range, or a step of the ladder does not come before it
     */
    public ApprovalTerms {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "the time to decide must be greater than zero and at most ten years, was " + timeout);
        }
        Objects.requireNonNull(onTimeout, "onTimeout");
        Objects.requireNonNull(quorum, "quorum");
        Objects.requireNonNull(electorate, "electorate");
        channels = Set.copyOf(channels);
        List<Escalation> steps = new ArrayList<>(ladder);
        steps.sort(Comparator.comparing(Escalation::after));
        ladder = List.copyOf(steps);
        for (Escalation step : ladder) {
            if (step.after().compareTo(timeout) >= 0) {
                throw new IllegalArgumentException("an escalation after " + step.after()
                        + " would come after the request has timed out, which it does after " + timeout);
            }
        }
    }

    /** The same with another time to decide. */
    public ApprovalTerms timeout(Duration timeout) {
        return with(timeout, onTimeout, quorum, electorate, channels, ladder);
    }

    /** The same with another end. */
    public ApprovalTerms onTimeout(OnTimeout onTimeout) {
        return with(timeout, onTimeout, quorum, electorate, channels, ladder);
    }

    /** The same with another quorum. */
    public ApprovalTerms quorum(Quorum quorum) {
        return with(timeout, onTimeout, quorum, electorate, channels, ladder);
    }

    /** The same with others to decide. */
    public ApprovalTerms electorate(Electorate electorate) {
        return with(timeout, onTimeout, quorum, electorate, channels, ladder);
    }

    /** The same over certain channels. */
    public ApprovalTerms channels(String... channels) {
        return with(timeout, onTimeout, quorum, electorate, Set.of(channels), ladder);
    }

    /** The same with a ladder. */
    public ApprovalTerms ladder(Escalation... steps) {
        return with(timeout, onTimeout, quorum, electorate, channels, List.of(steps));
    }

    /** The same, to be decided each time. */
    public ApprovalTerms nonDelegable() {
        return with(false, editable, withdrawOnCancel, schema);
    }

    /** The same, to be approved as it is or not at all. */
    public ApprovalTerms notEditable() {
        return with(delegable, false, withdrawOnCancel, schema);
    }

    /** The same, cancelled when nobody waits any more. */
    public ApprovalTerms withdrawnOnCancel() {
        return with(delegable, editable, true, schema);
    }

    /** The same with a JSON Schema for edited arguments. */
    public ApprovalTerms schema(String schema) {
        return with(delegable, editable, withdrawOnCancel, Objects.requireNonNull(schema, "schema"));
    }

    /** These terms as far as others are not stricter; time, channels, ladder and schema stay. */
    ApprovalTerms tightened(ApprovalTerms other) {
        Electorate narrower = other.electorate.equals(Electorate.EVERYBODY) ? electorate : other.electorate;
        return with(timeout, onTimeout, quorum.and(other.quorum), narrower, channels, ladder)
                .with(delegable && other.delegable, editable && other.editable, withdrawOnCancel, schema);
    }

    private ApprovalTerms with(
            Duration timeout,
            OnTimeout onTimeout,
            Quorum quorum,
            Electorate electorate,
            Set<String> channels,
            List<Escalation> ladder) {
        return new ApprovalTerms(
                timeout,
                onTimeout,
                quorum,
                electorate,
                channels,
                ladder,
                delegable,
                editable,
                withdrawOnCancel,
                schema);
    }

    private ApprovalTerms with(boolean delegable, boolean editable, boolean withdrawOnCancel, @Nullable String schema) {
        return new ApprovalTerms(
                timeout,
                onTimeout,
                quorum,
                electorate,
                channels,
                ladder,
                delegable,
                editable,
                withdrawOnCancel,
                schema);
    }
}
