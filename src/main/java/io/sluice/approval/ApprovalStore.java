package io.sluice.approval;

import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Where requests, standing grants and the audit log are kept. A record and the audit entries that tell of its change are
 * written together: after a crash either both are there or neither. What is told to a subscriber is kept: it survives the end
 * of the process, unless the store says that it is for memory alone.
 *
 * <p>Implementations are thread-safe, never block a thread that must not be blocked, and carry out each call once per
 * subscription. A call that was begun is carried to its end, also if its subscriber leaves.
 *
 * <p>{@code io.sluice.approval.ApprovalStoreContract} among the tests says all of this as tests; every store passes it.
 */
public interface ApprovalStore {

    /**
     * Keeps a new request, unless another record {@linkplain ApprovalRecord#standsFor stands for} the same request; in one
     * atomic step.
     *
     * @param fresh version 1
     * @param notes what the audit log is to say about it; not entered if another record stands for it
     * @return {@code fresh}, or the record that stands for it
     */
    Mono<ApprovalRecord> open(ApprovalRecord fresh, List<AuditNote> notes);

    /**
     * Puts a record in the place of the version before it, in one atomic step.
     *
     * @param next one version higher than what is kept
     * @param notes what the audit log is to say about it
     * @return whether that was so; false changes nothing
     */
    Mono<Boolean> replace(ApprovalRecord next, List<AuditNote> notes);

    /** A record by its id, in its latest version; empty where there is none. */
    Mono<ApprovalRecord> find(String id);

    /** The records that a flow has something to do about ({@link ApprovalRecord#unfinished}), the oldest first. */
    Flux<ApprovalRecord> unfinished();

    /** All records that are kept, the oldest first; those that are finished are kept as long as the store says. */
    Flux<ApprovalRecord> all();

    /** Enters something into the audit log that changes no record. */
    Mono<Void> note(AuditNote note);

    /** The audit log from its beginning to where it ends now. */
    Flux<AuditEntry> audit();

    /**
     * Puts a standing grant in the place of the version before it, or keeps a new one of version 1; in one atomic step.
     *
     * @return whether it was so; false changes nothing
     */
    Mono<Boolean> replace(StandingGrant next, List<AuditNote> notes);

    /** The standing grants that are kept. */
    Flux<StandingGrant> grants();

    /**
     * Whether other processes use the same store at the same time. If they do, a flow that starts leaves alone what others
     * carry out, and {@link #changes} tells what others change.
     */
    default boolean shared() {
        return false;
    }

    /** What other processes change; hot, never completes. */
    default Flux<ApprovalRecord> changes() {
        return Flux.never();
    }

    /** Lets go of what it holds. What was told before is kept. */
    default Mono<Void> close() {
        return Mono.empty();
    }

    /** A store that forgets everything with its process, and keeps 10,000 finished requests. */
    static ApprovalStore inMemory() {
        return new MemoryStore(MemoryStore.FINISHED);
    }

    /** Which store it is, for messages; such as a path. Null where it has no name. */
    default @Nullable String location() {
        return null;
    }
}
