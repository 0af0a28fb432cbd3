package io.sluice.ratelimit;

import io.sluice.call.HeldPermits;
import io.sluice.call.RetryTicket;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * Where a call comes from: for whom it is made, and of which other call or line of attempts it is part. Most calls have
 * none, so that waiting costs them nothing more.
 */
final class Origin {

    /** The permit of the call that this one is part of, if that is of the same key. */
    final @Nullable LivePermit lender;

    /** For whom it waits, or null where nothing was said about it. */
    final @Nullable Standing standing;

    /** What the call keeps over its attempts, if it has several. */
    private final @Nullable RetryTicket ticket;

    /** The number of the permit that an earlier attempt of the call had; its place among those who come back. */
    private long place = RetryTicket.NONE;

    private Origin(@Nullable LivePermit lender, @Nullable Standing standing, @Nullable RetryTicket ticket) {
        this.lender = lender;
        this.standing = standing;
        this.ticket = ticket;
    }

    static @Nullable Origin of(PermitQueue queue, PermitRequest request, ContextView context) {
        LivePermit lender = (LivePermit) HeldPermits.innermost(context, queue);
        Standing standing = Standing.of(request, context);
        RetryTicket ticket = RetryTicket.of(context);
        return lender == null && standing == null && ticket == null ? null : new Origin(lender, standing, ticket);
    }

    /** The call asks a queue. */
    void asks(PermitQueue queue) {
        if (ticket != null) {
            place = ticket.place(queue);
        }
    }

    /** A queue let the call have the permit of this number. */
    void granted(PermitQueue queue, long number) {
        if (ticket != null) {
            ticket.granted(queue, number);
        }
    }

    long place() {
        return place;
    }
}
