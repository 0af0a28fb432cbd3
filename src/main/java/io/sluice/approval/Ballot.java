package io.sluice.approval;

import io.sluice.support.CanonicalJson;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one person says about a request, as a channel hands it in. Immutable; each wither returns a new one. {@link #toString}
 * leaves out arguments and comment.
 *
 * @param verdict yes or no
 * @param approver who says so; the channel has made sure of it
 * @param channel over which channel; {@value #PROGRAM} where it came over none
 * @param comment why; null for nothing
 * @param edited with which arguments it may be done, as JSON in canonical form; null for those asked for
 * @param argumentsHash the {@link ApprovalRequest#argumentsHash()} of what was shown; null for what stands, which is refused
 *     where that was edited meanwhile
 * @param receivedAt when the answer arrived, as far as the channel knows better than now; null for now
 */
public record Ballot(
        Verdict verdict,
        String approver,
        String channel,
        @Nullable String comment,
        @Nullable String edited,
        @Nullable String argumentsHash,
        @Nullable Instant receivedAt) {

    /** The channel of a decision that a program hands in itself. */
    public static final String PROGRAM = "program";

    /**
     * @throws IllegalArgumentException if the approver is blank, or a rejection edits
     */
    public Ballot {
        Objects.requireNonNull(verdict, "verdict");
        if (approver.isBlank()) {
            throw new IllegalArgumentException("a decision needs the name of whoever decides; it was blank");
        }
        Objects.requireNonNull(channel, "channel");
        if (edited != null) {
            if (verdict == Verdict.REJECT) {
                throw new IllegalArgumentException("a rejection cannot edit arguments; approve with them instead");
            }
            edited = CanonicalJson.ofDocument(edited);
        }
    }

    /** Yes, as it was asked for. */
    public static Ballot approve(String approver) {
        return new Ballot(Verdict.APPROVE, approver, PROGRAM, null, null, null, null);
    }

    /**
     * Yes, with other arguments.
     *
     * @param arguments anything that can be written as JSON
     */
    public static Ballot approveWith(String approver, Object arguments) {
        return new Ballot(Verdict.APPROVE, approver, PROGRAM, null, CanonicalJson.of(arguments), null, null);
    }

    /** No, and why. */
    public static Ballot reject(String approver, @Nullable String comment) {
        return new Ballot(Verdict.REJECT, approver, PROGRAM, comment, null, null, null);
    }

    /** The same over a channel. */
    public Ballot via(String channel) {
        return new Ballot(verdict, approver, channel, comment, edited, argumentsHash, receivedAt);
    }

    /** The same with a comment. */
    public Ballot comment(@Nullable String comment) {
        return new Ballot(verdict, approver, channel, comment, edited, argumentsHash, receivedAt);
    }

    /** The same about certain arguments. */
    public Ballot about(String argumentsHash) {
        Objects.requireNonNull(argumentsHash, "argumentsHash");
        return new Ballot(verdict, approver, channel, comment, edited, argumentsHash, receivedAt);
    }

    /** The same, arrived at some time: what arrived before the deadline counts, also where it is looked at later. */
    public Ballot receivedAt(Instant receivedAt) {
        Objects.requireNonNull(receivedAt, "receivedAt");
        return new Ballot(verdict, approver, channel, comment, edited, argumentsHash, receivedAt);
    }

    @Override
    public String toString() {
        return "Ballot[" + verdict + (edited == null ? "" : " with edits") + ", " + approver + ", " + channel + "]";
    }
}
