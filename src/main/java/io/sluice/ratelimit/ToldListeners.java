package io.sluice.ratelimit;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.concurrent.Queues;

/** Tells listeners every event, in order, one at a time. Noted by the writer of a queue, told after it has left. */
final class ToldListeners {

    private static final Logger LOG = LoggerFactory.getLogger(ToldListeners.class);

    private final List<RateLimitListener> listeners;
    private final Queue<LongFunction<? extends RateLimitEvent>> notes =
            Queues.<LongFunction<? extends RateLimitEvent>>unboundedMultiproducer()
                    .get();
    private final AtomicInteger wip = new AtomicInteger();
    /** Owned by the holder of wip, as is the next. */
    private long sequence;

    private long failures;

    ToldListeners(List<RateLimitListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    void note(LongFunction<? extends RateLimitEvent> event) {
        notes.offer(event);
    }

    void tell() {
        if (notes.isEmpty() || wip.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            for (LongFunction<? extends RateLimitEvent> note = notes.poll(); note != null; note = notes.poll()) {
                RateLimitEvent event = note.apply(++sequence);
                listeners.forEach(listener -> tell(listener, event));
            }
            missed = wip.addAndGet(-missed);
        } while (missed != 0);
    }

    /** Whatever is thrown: who tells is on the way to its own call. */
    private void tell(RateLimitListener listener, RateLimitEvent event) {
        try {
            dispatch(listener, event);
        } catch (Throwable thrown) {
            failures++;
            // Of a listener that fails each time, not each time.
            if (Long.bitCount(failures) == 1) {
                LOG.warn("{} failed, {} times so far", listener.getClass().getName(), failures, thrown);
            }
        }
    }

    private static void dispatch(RateLimitListener listener, RateLimitEvent event) {
        if (event instanceof RateLimitEvent.Granted granted) {
            listener.granted(granted);
        } else if (event instanceof RateLimitEvent.Settled settled) {
            listener.settled(settled);
        } else if (event instanceof RateLimitEvent.Waiting waiting) {
            listener.waiting(waiting);
        } else if (event instanceof RateLimitEvent.RateLimited rateLimited) {
            listener.rateLimited(rateLimited);
        } else if (event instanceof RateLimitEvent.Paused paused) {
            listener.paused(paused);
        } else if (event instanceof RateLimitEvent.CapChanged capChanged) {
            listener.capChanged(capChanged);
        } else if (event instanceof RateLimitEvent.Rejected rejected) {
            listener.rejected(rejected);
        } else if (event instanceof RateLimitEvent.Reclaimed reclaimed) {
            listener.reclaimed(reclaimed);
        } else if (event instanceof RateLimitEvent.ProfileChanged profileChanged) {
            listener.profileChanged(profileChanged);
        } else if (event instanceof RateLimitEvent.Nested nested) {
            listener.nested(nested);
        }
    }
}
