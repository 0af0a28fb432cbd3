package io.sluice.ratelimit;

import io.sluice.model.TokenEstimate;
import org.jspecify.annotations.Nullable;

/** What a ledger wrote down for one admitted call, so that it can be settled. Belongs to the ledger. */
abstract class Grant implements DeadlineHeap.Entry {

    /** The numbers of the two limits that every ledger counts. */
    static final int REQUESTS = 0;

    static final int TOKENS = 1;

    /** How many numbers each further limit has. */
    private static final int PER_LIMIT = 3;

    private static final int GONE = 1;
    private static final int CHARGED = 2;

    /** Where the request is charged; as long as its charge is open, and so nowhere yet, when it begins to age at the latest. */
    private long requestSlot;

    /** Where the tokens are charged, as soon as they age. */
    private long tokenSlot;

    /** What requests had been charged until then, and did not count any more. */
    private long requestsGone;

    /** What tokens had been charged until then, and did not count any more. */
    private long tokensGone;

    long grantedAt;

    /**
     * Null for most calls: what tokens are charged where that is not the whole estimate, then of each further limit where
     * it is charged, what was gone, and what is charged.
     */
    private long @Nullable [] more;

    private int openPlace = DeadlineHeap.NOWHERE;

    /** The generation of the concurrency cap at admission. */
    int generation;

    /** Whether the charge is final, although it does not age yet. */
    boolean kept;

    /** Whether the call occupies a slot of its own; a nested call may use that of the call it is part of. */
    boolean holdsSlot;

    /** What the call was estimated at. */
    abstract TokenEstimate estimate();

    /** Its place among all grants of the ledger: greater than that of any before. */
    abstract long order();

    /** Whether the charge does not age yet. */
    final boolean isOpen() {
        return openPlace >= 0;
    }

    // ---- what it is charged, by the number of the limit ----

    /** Makes room for limits beyond requests and whole estimates. */
    final void remember(int limits) {
        more = new long[1 + PER_LIMIT * (limits - 2)];
    }

    /** Whether it is charged to the limit of this number; not, if that is younger. */
    final boolean isChargedTo(int limit) {
        return limit <= TOKENS || (more != null && offset(limit) < more.length);
    }

    final long slot(int limit) {
        return limit == REQUESTS ? requestSlot : limit == TOKENS ? tokenSlot : further(offset(limit));
    }

    final void slot(int limit, long slot) {
        if (limit == REQUESTS) {
            requestSlot = slot;
        } else if (limit == TOKENS) {
            tokenSlot = slot;
        } else {
            further(offset(limit), slot);
        }
    }

    /** What had been charged to a limit when the call was admitted, and did not count any more. */
    final long gone(int limit) {
        return limit == REQUESTS ? requestsGone : limit == TOKENS ? tokensGone : further(offset(limit) + GONE);
    }

    final void gone(int limit, long gone) {
        if (limit == REQUESTS) {
            requestsGone = gone;
        } else if (limit == TOKENS) {
            tokensGone = gone;
        } else {
            further(offset(limit) + GONE, gone);
        }
    }

    final long charged(int limit) {
        if (limit == REQUESTS) {
            return 1;
        }
        if (limit == TOKENS) {
            return more == null ? estimate().total() : more[0];
        }
        return further(offset(limit) + CHARGED);
    }

    final void charged(int limit, long charged) {
        if (limit == TOKENS && more != null) {
            more[0] = charged;
        } else if (limit > TOKENS) {
            further(offset(limit) + CHARGED, charged);
        }
    }

    private static int offset(int limit) {
        return 1 + PER_LIMIT * (limit - 2);
    }

    private long further(int place) {
        return more == null ? 0 : more[place];
    }

    private void further(int place, long value) {
        if (more != null) {
            more[place] = value;
        }
    }

    // ---- its place among the open ones ----

    /** Before it is among them: when its charge begins to age at the latest. */
    final void stampAt(long instant) {
        requestSlot = instant;
    }

    /** When its charge begins to age at the latest; only as long as that is open. */
    @Override
    public final long due() {
        return requestSlot;
    }

    @Override
    public final int place() {
        return openPlace;
    }

    @Override
    public final void place(int index) {
        openPlace = index;
    }
}
