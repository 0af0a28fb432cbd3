package io.sluice.approval;

import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Mono;

/** Where channels hand in what people say. */
public interface ApprovalDesk {

    /** A request by its id, which is matched without regard to case; empty where there is none. */
    Mono<ApprovalRecord> find(String id);

    /**
     * Counts what somebody says. The first that is valid wins; who says the same again gets the same answer.
     *
     * @return the record after it, pending where others have to agree as well
     * @see ApprovalFlow#decide
     */
    Mono<ApprovalRecord> decide(String id, Ballot ballot);

    /** Enters into the audit log that something came in and decided nothing. */
    Mono<Void> refuse(Refusal refusal);

    /** Those who may decide at all. */
    List<Approver> approvers();

    /** Now, by the clock that deadlines are measured with. */
    Instant now();
}
