package io.sluice.approval;

import io.sluice.support.EventHub;
import io.sluice.time.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes changes: reads the latest version, has it changed, and stores that in its place; if somebody was faster, again. What
 * is stored is then told to the board and to those who listen for events.
 */
final class Clerk {

    private final ApprovalStore store;
    private final TimeSource time;
    private final Board board;
    private final Errands errands;
    private final EventHub<ApprovalEvent> hub;
    private final Consumer<ApprovalRecord> changed;

    Clerk(ApprovalStore store, TimeSource time, Board board, Errands errands, Consumer<ApprovalRecord> changed) {
        this.store = store;
        this.time = time;
        this.board = board;
        this.errands = errands;
        this.hub = new EventHub<>(time::scheduler);
        this.changed = changed;
    }

    Flux<ApprovalEvent> events() {
        return hub.events();
    }

    void close() {
        hub.close();
    }

    Mono<ApprovalRecord> find(String id) {
        return store.find(id.toLowerCase(Locale.ROOT));
    }

    Mono<ApprovalRecord> existing(String id) {
        return find(id).switchIfEmpty(Mono.error(() -> new ApprovalNotFoundException(id, "request")));
    }

    /** A change that needs nothing but the time; null leaves the record as it is. */
    Mono<ApprovalRecord> change(String id, BiFunction<ApprovalRecord, Instant, @Nullable Change> how) {
        return changeLater(id, (record, now) -> Mono.justOrEmpty(how.apply(record, now)));
    }

    /** Ends with the record as it stands afterwards. Carried to its end, also if nobody waits for it any more. */
    Mono<ApprovalRecord> changeLater(String id, BiFunction<ApprovalRecord, Instant, Mono<Change>> how) {
        Mono<ApprovalRecord> once = existing(id)
                .flatMap(record -> how.apply(record, time.instant())
                        .flatMap(change -> store.replace(change.next(), change.notes())
                                .filter(replaced -> replaced)
                                .map(replaced -> written(change)))
                        .switchIfEmpty(Mono.defer(() -> unchanged(record))));
        // Empty: somebody else was faster.
        return errands.carriedToItsEnd(once.repeatWhenEmpty(tries -> tries));
    }

    /** Without a change, the record stands as it is, if it still does. */
    private Mono<ApprovalRecord> unchanged(ApprovalRecord record) {
        return find(record.id()).filter(latest -> latest.version() == record.version());
    }

    private ApprovalRecord written(Change change) {
        board.update(change.next());
        tell(change.notes());
        changed.accept(change.next());
        return change.next();
    }

    void tell(List<AuditNote> notes) {
        if (hub.isHeard()) {
            for (AuditNote note : new ArrayList<>(notes)) {
                hub.note(number -> new ApprovalEvent(number, note));
            }
            hub.tell();
        }
    }

    /** Enters something that changes no record. */
    Mono<Void> note(AuditNote note) {
        return errands.carriedToItsEnd(store.note(note).doOnSuccess(done -> tell(List.of(note))));
    }
}
