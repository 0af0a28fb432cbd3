package io.sluice.call;

import io.sluice.support.Internal;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What a call keeps over its attempts: where it stood in each queue that it has been through, so that another attempt
 * does not begin at the end again. Empty at first; whoever admits the call writes down the number that it was admitted
 * under, and finds it when a later attempt comes.
 *
 * <p>Only the first admission of an attempt by one owner counts, and a place is used once an attempt: other calls that
 * the same attempt makes are new ones, and must not go before those who wait.
 *
 * <p>A call with attempts inside an attempt of another one has a ticket of its own, which tells the outer one the places
 * that it is given: they are still known when the outer call is repeated with a new inner one.
 *
 * <p>Thread-safe, because an attempt may make calls from several threads.
 */
@Internal
public final class RetryTicket {

    /** No earlier attempt was admitted. */
    public static final long NONE = Long.MAX_VALUE;

    private static final Object KEY = RetryTicket.class;

    private static final AtomicReferenceFieldUpdater<RetryTicket, Place> PLACES =
            AtomicReferenceFieldUpdater.newUpdater(RetryTicket.class, Place.class, "places");

    private static final AtomicIntegerFieldUpdater<RetryTicket> ATTEMPT =
            AtomicIntegerFieldUpdater.newUpdater(RetryTicket.class, "attempt");

    private final @Nullable RetryTicket outer;

    /** One for each owner; few. */
    private volatile @Nullable Place places;

    private volatile int attempt = 1;

    /** A place in the queue of one owner, and the last attempt that wrote it down or used it. An immutable list. */
    private record Place(
            Object owner,
            long number,
            int attempt,
            @Nullable Place next) {

        static @Nullable Place of(Object owner, @Nullable Place first) {
            Place place = first;
            while (place != null && place.owner != owner) {
                place = place.next;
            }
            return place;
        }

        /** The list that begins with this place, with that of one owner used by an attempt. */
        Place using(Object by, int byAttempt) {
            if (owner == by) {
                return new Place(owner, number, byAttempt, next);
            }
            return new Place(owner, number, attempt, next == null ? null : next.using(by, byAttempt));
        }
    }

    /** An empty ticket, for one call. */
    public RetryTicket() {
        this(null);
    }

    /**
     * An empty ticket, for a call inside an attempt of another one.
     *
     * @param outer the ticket of that one, which has the places that this one does not, and is told those that this one is
     *     given; null where there is none
     */
    public RetryTicket(@Nullable RetryTicket outer) {
        this.outer = outer;
    }

    /** The ticket of the innermost call with attempts that a context belongs to, or null. */
    public static @Nullable RetryTicket of(ContextView context) {
        return context.isEmpty() ? null : context.getOrDefault(KEY, null);
    }

    /** The context of an attempt. */
    public Context in(Context context) {
        return context.put(KEY, this);
    }

    /** The number of the present attempt, from 1. */
    public int attempt() {
        return attempt;
    }

    /** An attempt failed, and another one is to come. */
    public void nextAttempt() {
        ATTEMPT.incrementAndGet(this);
    }

    /**
     * The number that an earlier attempt was first admitted under by this owner, or {@link #NONE} where there is none or
     * this attempt has asked before.
     */
    public long place(Object owner) {
        for (; ; ) {
            int now = attempt;
            Place first = places;
            Place place = Place.of(owner, first);
            if (place == null) {
                return placeOfOuter(owner, now);
            }
            if (first == null || place.attempt == now) {
                return NONE;
            }
            if (PLACES.compareAndSet(this, first, first.using(owner, now))) {
                return place.number;
            }
        }
    }

    /** A place that the call around this one has, and this one from now on. */
    private long placeOfOuter(Object owner, int now) {
        long number = outer == null ? NONE : outer.place(owner);
        if (number != NONE) {
            remember(owner, number, now);
        }
        return number;
    }

    /** This attempt was admitted by this owner; the first number that the call was ever given is kept. */
    public void granted(Object owner, long number) {
        remember(owner, number, attempt);
        if (outer != null) {
            outer.granted(owner, number);
        }
    }

    private void remember(Object owner, long number, int byAttempt) {
        for (; ; ) {
            Place first = places;
            if (Place.of(owner, first) != null
                    || PLACES.compareAndSet(this, first, new Place(owner, number, byAttempt, first))) {
                return;
            }
        }
    }
}
