package io.sluice.approval;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was decided about a request. A value: also that it was rejected or that nobody decided is no error. */
public sealed interface Decision {

    /** The id of the request. */
    String id();

    /** Whether it may be carried out. */
    default boolean approved() {
        return this instanceof Approved;
    }

    /**
     * It may be carried out.
     *
     * @param arguments what it may be carried out with, as JSON
     * @param edited whether those are not the arguments that were asked for
     * @param by who approved it; {@value #BY_TIMEOUT} where the terms let a time-out do so
     * @param comment what they said; null for nothing
     */
    record Approved(
            String id,
            String arguments,
            boolean edited,
            List<String> by,
            @Nullable String comment) implements Decision {

        /** Leaves out the arguments and the comment. */
        @Override
        public String toString() {
            return "Approved[" + id + (edited ? ", edited" : "") + ", by " + by + "]";
        }
    }

    /**
     * It must not be carried out.
     *
     * @param by who rejected it
     * @param reason what they said; never blank
     */
    record Rejected(String id, List<String> by, String reason) implements Decision {}

    /**
     * It must not be carried out, because nobody decided in time.
     *
     * @param deadline when the time was over
     */
    record Expired(String id, Instant deadline) implements Decision {}

    /**
     * It must not be carried out, because whoever wanted it took it back, or asked for something else in its place.
     *
     * @param reason which of them
     */
    record Cancelled(String id, String reason) implements Decision {}

    /** Who has approved what nobody decided about in time. */
    String BY_TIMEOUT = "timeout";

    /** The decision of a record; null while it is pending. */
    static @Nullable Decision of(ApprovalRecord record) {
        String said = record.reason();
        return switch (record.status()) {
            case REQUESTED, NOTIFIED, ESCALATED -> null;
            case REJECTED ->
                new Rejected(
                        record.id(), record.decidedBy(), said == null || said.isBlank() ? "no reason was given" : said);
            case EXPIRED -> new Expired(record.id(), record.deadline());
            case CANCELLED, SUPERSEDED -> new Cancelled(record.id(), Objects.requireNonNullElse(said, "withdrawn"));
            case APPROVED, APPROVED_WITH_EDITS, EXECUTING, EXECUTED, FAILED, OUTCOME_UNKNOWN ->
                new Approved(record.id(), record.arguments(), record.edited(), record.decidedBy(), said);
        };
    }
}
