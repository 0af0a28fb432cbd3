package io.sluice.approval;

import io.sluice.support.Json;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All that is known about one request, in one of its versions. Immutable: each change is a new record whose version is one
 * higher, and a store takes it only in the place of the version before. {@link #toString} leaves out what may be secret.
 *
 * @param id 32 hex digits that nobody can guess
 * @param version counted from 1
 * @param request what was asked for
 * @param terms under what conditions; an edit may have tightened them
 * @param status where it stands
 * @param arguments what may be carried out as it stands: those asked for, or edited; JSON in canonical form
 * @param createdAt when it was asked for
 * @param deadline when the time to decide is over; at exactly that instant it is
 * @param votes the votes that count, each by somebody else
 * @param deliveries how it went to tell people
 * @param step how many steps of the ladder were taken
 * @param decidedAt when it was decided; null while it is pending
 * @param decidedBy who decided, or the time-out, or a grant; empty while it is pending
 * @param reason why it was decided so, for whoever asked; null where nobody said
 * @param executor which flow carries it out, or did; null where none has begun
 * @param secret what its reply tokens are made from
 */
public record ApprovalRecord(
        String id,
        long version,
        ApprovalRequest request,
        ApprovalTerms terms,
        ApprovalStatus status,
        String arguments,
        Instant createdAt,
        Instant deadline,
        List<Vote> votes,
        List<Delivery> deliveries,
        int step,
        @Nullable Instant decidedAt,
        List<String> decidedBy,
        @Nullable String reason,
        @Nullable String executor,
        ReplySecret secret) {

    /** Keeps copies. */
    public ApprovalRecord {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(status, "status");
        votes = List.copyOf(votes);
        deliveries = List.copyOf(deliveries);
        decidedBy = List.copyOf(decidedBy);
    }

    /** Whether somebody can still decide. */
    public boolean pending() {
        return status.pending();
    }

    /** Whether the arguments are not those asked for. */
    public boolean edited() {
        return !arguments.equals(request.arguments());
    }

    /** The SHA-256 of the arguments as they stand. */
    public String argumentsHash() {
        return request.arguments(arguments).argumentsHash();
    }

    /**
     * Whether the same call asked again is answered by this record instead of a new one: while it is pending, and, for a call
     * that has an id, while it is approved and not carried out.
     */
    public boolean standsFor(ApprovalRequest again) {
        return (pending() || (status.claimable() && request.callId() != null))
                && request.fingerprint().equals(again.fingerprint());
    }

    /** Whether a flow that starts has something to do about it. */
    public boolean unfinished() {
        return pending() || status.claimable() || status == ApprovalStatus.EXECUTING;
    }

    /** The decision; null while it is pending. */
    public @Nullable Decision decision() {
        return Decision.of(this);
    }

    /** One JSON object on one line, with all that {@link #fromJson} needs: also the secret and the arguments. */
    public String toJson() {
        return Json.mapper().writeValueAsString(this);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws tools.jackson.core.JacksonException if it is something else
     */
    public static ApprovalRecord fromJson(String json) {
        return Json.mapper().readValue(json, ApprovalRecord.class);
    }

    Draft next() {
        return new Draft(this);
    }

    @Override
    public String toString() {
        return "ApprovalRecord[" + id + " v" + version + ", " + status + ", " + request + ", until " + deadline + "]";
    }
}
