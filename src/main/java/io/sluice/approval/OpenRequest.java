package io.sluice.approval;

import io.sluice.time.Timeout;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A pending request as its flow has it in memory: its latest version, who waits for it, and when to look at it again. */
final class OpenRequest {

    final String id;
    /** The place in the list of what is pending. */
    final long ordinal;

    private static final AtomicReferenceFieldUpdater<OpenRequest, ApprovalRecord> RECORD =
            AtomicReferenceFieldUpdater.newUpdater(OpenRequest.class, ApprovalRecord.class, "record");

    private volatile ApprovalRecord record;
    private final Sinks.One<Decision> decision = Sinks.one();
    private final AtomicInteger waiting = new AtomicInteger();
    /** Deliveries on their way, by index. */
    final Set<Integer> sending = ConcurrentHashMap.newKeySet(1);

    /** Whether the end of its time is being dealt with. */
    final AtomicBoolean ending = new AtomicBoolean();

    private final AtomicReference<@Nullable Timeout> timeout = new AtomicReference<>();

    OpenRequest(ApprovalRecord record, long ordinal) {
        this.id = record.id();
        this.ordinal = ordinal;
        this.record = record;
    }

    ApprovalRecord record() {
        return record;
    }

    /** Takes a later version; false if this is none. */
    boolean advance(ApprovalRecord next) {
        for (; ; ) {
            ApprovalRecord present = record;
            if (next.version() <= present.version()) {
                return false;
            }
            if (RECORD.compareAndSet(this, present, next)) {
                return true;
            }
        }
    }

    void join() {
        waiting.incrementAndGet();
    }

    /** Whether that was the last one who waited. */
    boolean leave() {
        return waiting.decrementAndGet() == 0;
    }

    Mono<Decision> decision() {
        return decision.asMono();
    }

    void decided(Decision as) {
        decision.tryEmitValue(as);
        set(null);
    }

    void failed(Throwable error) {
        decision.tryEmitError(error);
        set(null);
    }

    /** The next look, instead of the one before. */
    void set(@Nullable Timeout next) {
        Timeout before = timeout.getAndSet(next);
        if (before != null) {
            before.dispose();
        }
    }
}
