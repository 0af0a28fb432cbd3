package io.sluice.ratelimit;

import io.sluice.model.TokenEstimate;

/** What a ledger wrote down for one admitted call, so that it can be settled. Belongs to the ledger. */
class Grant implements DeadlineHeap.Entry {

    final TokenEstimate estimate;

    /** Where the request is charged, as soon as it ages. */
    long requestSlot;

    /** Where the tokens are charged, as soon as they age. */
    long tokenSlot;

    long grantedAt;

    /** When the charge begins to age at the latest. */
    long stampAt;

    private int openPlace = DeadlineHeap.NOWHERE;

    /** Whether the charge is final, although it does not age yet. */
    boolean kept;

    /** Its place among all grants of the ledger. */
    long order;

    /** What requests had been charged until then, and did not count any more. */
    long requestsGone;

    /** What tokens had been charged until then, and did not count any more. */
    long tokensGone;

    /** The generation of the concurrency cap at admission. */
    int generation;

    /** Whether the call occupies a slot of its own; a nested call may use that of the call it is part of. */
    boolean holdsSlot;

    Grant(TokenEstimate estimate) {
        this.estimate = estimate;
    }

    /** Whether the charge does not age yet. */
    final boolean isOpen() {
        return openPlace >= 0;
    }

    @Override
    public final long due() {
        return stampAt;
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
