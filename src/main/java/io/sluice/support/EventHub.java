package io.sluice.support;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Tells events to any number of subscribers, from any number of threads, without waiting for either. A subscriber that
 * is slow loses the oldest events, and sees that it did from the gap in their sequence numbers; it slows nobody down.
 *
 * <p>While nobody listens, an event is not even made. Publishing has two halves, so that a component can note events
 * while it holds its state and tell them after it has let go: {@link #note}, then {@link #tell}.
 *
 * @param <E> the events
 */
@Internal
public final class EventHub<E> {

    /** How many events a slow subscriber can be behind before it loses the oldest. */
    private static final int BUFFER = 256;

    private final Sinks.Many<E> sink = Sinks.unsafe().many().multicast().directBestEffort();
    private final Queue<LongFunction<? extends E>> notes =
            Queues.<LongFunction<? extends E>>unboundedMultiproducer().get();
    private final AtomicInteger wip = new AtomicInteger();
    private final Supplier<Scheduler> scheduler;
    private volatile boolean closed;
    /** Owned by the holder of wip. */
    private long sequence;

    /**
     * @param scheduler where subscribers are called, resolved at each subscription
     */
    public EventHub(Supplier<Scheduler> scheduler) {
        this.scheduler = scheduler;
    }

    /** Whether anybody would hear an event; ask before making one. */
    public boolean isHeard() {
        return sink.currentSubscriberCount() > 0;
    }

    /**
     * Puts an event in line. It is told by the next {@link #tell()} of any thread.
     *
     * @param event makes the event, given its sequence number
     */
    public void note(LongFunction<? extends E> event) {
        notes.offer(event);
    }

    /** Tells the events in line. Never call it while holding state that a subscriber could ask for. */
    public void tell() {
        if ((notes.isEmpty() && !closed) || wip.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            for (LongFunction<? extends E> note = notes.poll(); note != null; note = notes.poll()) {
                emit(note);
            }
            if (closed) {
                sink.tryEmitComplete();
            }
            missed = wip.addAndGet(-missed);
        } while (missed != 0);
    }

    /** One that cannot be made is missing from the sequence, and stops neither the others nor the thread that tells. */
    private void emit(LongFunction<? extends E> note) {
        long number = ++sequence;
        try {
            sink.tryEmitNext(note.apply(number));
        } catch (RuntimeException thrown) {
            Operators.onErrorDropped(thrown, Context.empty());
        }
    }

    /** Tells what is in line, then completes every subscriber, present and future. */
    public void close() {
        closed = true;
        tell();
    }

    /** The events from now on. Hot; never errors; completes when the hub is closed. */
    public Flux<E> events() {
        return Flux.defer(() -> sink.asFlux()
                .onBackpressureBuffer(BUFFER, dropped -> {}, BufferOverflowStrategy.DROP_OLDEST)
                .publishOn(scheduler.get()));
    }
}
