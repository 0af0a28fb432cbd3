package io.sluice.approval;

import io.sluice.support.SingleWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A store in memory. All state belongs to the one writer; what is told to subscribers is told when nobody is kept out by it.
 * The oldest finished requests, and the oldest entries of the audit log, are forgotten when there are too many.
 */
final class MemoryStore extends SingleWriter implements ApprovalStore {

    /** How many finished requests are kept. */
    static final int FINISHED = 10_000;

    private static final int ENTRIES_FOR_EACH = 10;

    private final int mostFinished;
    private final Map<String, ApprovalRecord> records = new LinkedHashMap<>();
    /** The latest record of each fingerprint that stands for it, or did. */
    private final Map<String, String> byFingerprint = new HashMap<>();

    private final Deque<String> finished = new ArrayDeque<>();
    private final Map<String, StandingGrant> grants = new LinkedHashMap<>();
    private final Deque<AuditEntry> log = new ArrayDeque<>();
    private AuditChain end = AuditChain.EMPTY;

    private final Queue<Runnable> told = new ConcurrentLinkedQueue<>();

    MemoryStore(int mostFinished) {
        this.mostFinished = mostFinished;
    }

    @Override
    public Mono<ApprovalRecord> open(ApprovalRecord fresh, List<AuditNote> notes) {
        return inside(() -> {
            String fingerprint = fresh.request().fingerprint();
            String known = byFingerprint.get(fingerprint);
            ApprovalRecord standing = known == null ? null : records.get(known);
            if (standing != null && standing.standsFor(fresh.request())) {
                return standing;
            }
            if (records.containsKey(fresh.id())) {
                throw new IllegalArgumentException("there is a request " + fresh.id() + " already");
            }
            records.put(fresh.id(), fresh);
            byFingerprint.put(fingerprint, fresh.id());
            enter(notes);
            return fresh;
        });
    }

    @Override
    public Mono<Boolean> replace(ApprovalRecord next, List<AuditNote> notes) {
        return inside(() -> {
            ApprovalRecord before = records.get(next.id());
            if (before == null || before.version() != next.version() - 1) {
                return false;
            }
            records.put(next.id(), next);
            enter(notes);
            if (before.unfinished() && !next.unfinished()) {
                finished.add(next.id());
                if (finished.size() > mostFinished) {
                    forget(finished.remove());
                }
            }
            return true;
        });
    }

    private void forget(String id) {
        ApprovalRecord old = records.remove(id);
        if (old != null) {
            byFingerprint.remove(old.request().fingerprint(), id);
        }
    }

    @Override
    public Mono<ApprovalRecord> find(String id) {
        return inside(() -> records.get(id));
    }

    @Override
    public Flux<ApprovalRecord> unfinished() {
        return all().filter(ApprovalRecord::unfinished);
    }

    @Override
    public Flux<ApprovalRecord> all() {
        return inside(() -> new ArrayList<>(records.values())).flatMapIterable(list -> list);
    }

    @Override
    public Mono<Void> note(AuditNote note) {
        return inside(() -> {
                    enter(List.of(note));
                    return note;
                })
                .then();
    }

    @Override
    public Flux<AuditEntry> audit() {
        return inside(() -> new ArrayList<>(log)).flatMapIterable(list -> list);
    }

    @Override
    public Mono<Boolean> replace(StandingGrant next, List<AuditNote> notes) {
        return inside(() -> {
            StandingGrant before = grants.get(next.id());
            if ((before == null ? 0 : before.version()) != next.version() - 1) {
                return false;
            }
            grants.put(next.id(), next);
            enter(notes);
            return true;
        });
    }

    @Override
    public Flux<StandingGrant> grants() {
        return inside(() -> new ArrayList<>(grants.values())).flatMapIterable(list -> list);
    }

    private void enter(List<AuditNote> notes) {
        for (AuditEntry entry : end.entries(notes)) {
            log.add(entry);
            end = AuditChain.after(entry);
            if (log.size() > (long) mostFinished * ENTRIES_FOR_EACH) {
                log.remove();
            }
        }
    }

    /** Does something as the writer; begun with the subscription and carried to its end. */
    private <T> Mono<T> inside(Supplier<? extends @Nullable T> work) {
        return Mono.defer(() -> {
            Sinks.One<T> answer = Sinks.one();
            run(() -> told.add(carriedOut(work, answer)));
            return answer.asMono();
        });
    }

    private static <T> Runnable carriedOut(Supplier<? extends @Nullable T> work, Sinks.One<T> answer) {
        try {
            T result = work.get();
            return result == null ? answer::tryEmitEmpty : () -> answer.tryEmitValue(result);
        } catch (RuntimeException refused) {
            return () -> answer.tryEmitError(refused);
        }
    }

    @Override
    protected void look() {}

    @Override
    protected void afterwards() {
        for (Runnable signal = told.poll(); signal != null; signal = told.poll()) {
            signal.run();
        }
    }
}
