package io.sluice.ratelimit;

import org.jspecify.annotations.Nullable;

/** What a permit has to do with those of calls around its own and within it. Most have none. */
final class Nesting {

    // Owned by the writer of the queue.

    /** In whose slot the call runs. */
    @Nullable
    LivePermit lender;

    /** Whose call runs in its slot. */
    @Nullable
    LivePermit borrower;

    /** How a call within this one ended, whatever its key; by any thread. */
    volatile @Nullable Throwable errorWithin;
}
