package io.sluice.ratelimit;

import io.sluice.model.TokenEstimate;

/** What a ledger wrote down for one admitted call, so that it can be settled. Belongs to the ledger. */
class Grant {

    final TokenEstimate estimate;

    /** Where the request is charged. */
    long requestSlot;

    /** Where the tokens are charged. */
    long tokenSlot;

    long grantedAt;

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
}
