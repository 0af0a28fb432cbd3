package io.sluice.approval;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The right to carry out an approved request, once. Say how it ended; what was begun and never said is taken for unknown by the
 * next flow, and never repeated by itself.
 */
public final class Execution {

    private final ApprovalRecord record;
    private final Clerk clerk;

    Execution(ApprovalRecord record, Clerk clerk) {
        this.record = record;
        this.clerk = clerk;
    }

    /** The id of the request. */
    public String id() {
        return record.id();
    }

    /** What is to be carried out, as JSON: exactly what was approved. */
    public String arguments() {
        return record.arguments();
    }

    /** It was carried out. Only the first word counts. */
    public Mono<Void> succeeded() {
        return end(ApprovalStatus.EXECUTED, null);
    }

    /** It failed. Only the first word counts. */
    public Mono<Void> failed(Throwable error) {
        return end(ApprovalStatus.FAILED, Progression.shown(error));
    }

    /** Nobody knows how it ended, because it was stopped. Only the first word counts. */
    public Mono<Void> unknown() {
        return end(ApprovalStatus.OUTCOME_UNKNOWN, null);
    }

    private Mono<Void> end(ApprovalStatus as, @Nullable String error) {
        return clerk.change(record.id(), (latest, now) -> Progression.carriedOut(latest, as, error, now))
                .then();
    }
}
