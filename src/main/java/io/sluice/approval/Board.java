package io.sluice.approval;

import io.sluice.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * What is pending now. The list is put together when a subscriber can take it, at most once for each state, so that neither a
 * slow subscriber nor many of them hold up a change.
 */
final class Board {

    private record Listing(long version, List<ApprovalRecord> list) {}

    private final TimeSource time;
    private final Map<String, OpenRequest> byId = new ConcurrentHashMap<>();
    private final ConcurrentNavigableMap<Long, OpenRequest> inOrder = new ConcurrentSkipListMap<>();
    /** Ids of pending requests that are a certain call of a run. */
    private final Map<String, String> byCall = new ConcurrentHashMap<>();

    private final AtomicLong ordinals = new AtomicLong();
    private final AtomicLong version = new AtomicLong(1);
    private volatile Listing listing = new Listing(0, List.of());

    private final Sinks.Many<Long> changes = Sinks.unsafe().many().multicast().directBestEffort();
    private final AtomicInteger telling = new AtomicInteger();
    private volatile boolean closed;

    Board(TimeSource time) {
        this.time = time;
    }

    @Nullable
    OpenRequest get(String id) {
        return byId.get(id);
    }

    Iterable<OpenRequest> open() {
        return inOrder.values();
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /** Another pending request for the same call of the same run; null for none. */
    @Nullable
    String otherFor(ApprovalRecord record) {
        String call = call(record.request());
        String known = call == null ? null : byCall.get(call);
        return record.id().equals(known) ? null : known;
    }

    /** The open request of a pending record, which is put on the board unless it is there. */
    OpenRequest adopt(ApprovalRecord record) {
        OpenRequest fresh = new OpenRequest(record, ordinals.incrementAndGet());
        OpenRequest known = byId.putIfAbsent(record.id(), fresh);
        if (known != null) {
            return known;
        }
        inOrder.put(fresh.ordinal, fresh);
        String call = call(record.request());
        if (call != null) {
            byCall.put(call, record.id());
        }
        changed();
        return fresh;
    }

    /** Takes a later version of a record; one that is decided goes, and those who wait are told. */
    void update(ApprovalRecord next) {
        OpenRequest open = byId.get(next.id());
        if (open == null || !open.advance(next)) {
            return;
        }
        Decision decision = next.decision();
        if (decision != null && byId.remove(next.id(), open)) {
            inOrder.remove(open.ordinal);
            String call = call(next.request());
            if (call != null) {
                byCall.remove(call, next.id());
            }
            open.decided(decision);
        }
        changed();
    }

    private static @Nullable String call(ApprovalRequest request) {
        return request.callId() == null ? null : request.run() + "\n" + request.callId();
    }

    private void changed() {
        version.incrementAndGet();
        tell();
    }

    private void tell() {
        if (telling.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            changes.tryEmitNext(version.get());
            if (closed) {
                changes.tryEmitComplete();
            }
            missed = telling.addAndGet(-missed);
        } while (missed != 0);
    }

    Flux<List<ApprovalRecord>> pending() {
        return Flux.defer(() -> Flux.merge(changes.asFlux().onBackpressureLatest(), Flux.just(0L))
                .onBackpressureLatest()
                .publishOn(time.scheduler(), 1)
                .map(any -> listing())
                .distinctUntilChanged(Listing::version)
                .map(Listing::list));
    }

    private Listing listing() {
        Listing known = listing;
        long wanted = version.get();
        if (known.version() >= wanted) {
            return known;
        }
        List<ApprovalRecord> list = new ArrayList<>(byId.size());
        for (OpenRequest open : inOrder.values()) {
            list.add(open.record());
        }
        Listing fresh = new Listing(wanted, List.copyOf(list));
        listing = fresh;
        return fresh;
    }

    void close(Throwable reason) {
        closed = true;
        tell();
        for (OpenRequest open : inOrder.values()) {
            open.failed(reason);
        }
    }
}
