package io.sluice.approval;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The next version of a record while it is put together. Not thread-safe. */
final class Draft {

    private final ApprovalRecord before;
    ApprovalTerms terms;
    ApprovalStatus status;
    String arguments;
    List<Vote> votes;
    List<Delivery> deliveries;
    int step;

    @Nullable
    Instant decidedAt;

    List<String> decidedBy;

    @Nullable
    String reason;

    @Nullable
    String executor;

    Draft(ApprovalRecord before) {
        this.before = before;
        this.terms = before.terms();
        this.status = before.status();
        this.arguments = before.arguments();
        this.votes = new ArrayList<>(before.votes());
        this.deliveries = new ArrayList<>(before.deliveries());
        this.step = before.step();
        this.decidedAt = before.decidedAt();
        this.decidedBy = before.decidedBy();
        this.reason = before.reason();
        this.executor = before.executor();
    }

    void decide(ApprovalStatus as, Instant at, List<String> by, @Nullable String why) {
        status = as;
        decidedAt = at;
        decidedBy = by;
        reason = why;
        deliveries.replaceAll(Draft::closed);
    }

    /** What was not told yet need not be told any more. */
    private static Delivery closed(Delivery delivery) {
        return new Delivery(
                delivery.channel(),
                delivery.step(),
                delivery.attempts(),
                delivery.sentAt(),
                null,
                delivery.reference(),
                delivery.error());
    }

    ApprovalRecord done() {
        return new ApprovalRecord(
                before.id(),
                before.version() + 1,
                before.request(),
                terms,
                status,
                arguments,
                before.createdAt(),
                before.deadline(),
                votes,
                deliveries,
                step,
                decidedAt,
                decidedBy,
                reason,
                executor,
                before.secret());
    }
}
