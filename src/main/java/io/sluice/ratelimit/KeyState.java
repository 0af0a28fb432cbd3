package io.sluice.ratelimit;

import io.sluice.model.ModelKey;

/** What the writer of one key's queue works on: its ledger, who waits, what is due, and what is in force. */
final class KeyState {

    final ModelKey key;
    final LimiterCore core;
    final PermitLedger ledger;
    final WaitingLine line;

    /** When the waiting of each call is over, and when the slots of bare permits are reclaimed. */
    final DeadlineHeap<Waiter> deadlines = new DeadlineHeap<>();

    /** The limits in force. */
    RateLimitProfile profile;

    /** Permits that are held, those that were reclaimed aside. */
    int open;

    boolean closed;

    /** Whether it takes nobody in any more, and its model has another queue, or none. Read by any thread. */
    volatile boolean retired;

    private long latest;

    KeyState(ModelKey key, RateLimitProfile profile, PermitLedger ledger, LimiterCore core) {
        this.key = key;
        this.profile = profile;
        this.ledger = ledger;
        this.core = core;
        this.line = new WaitingLine(core.order());
    }

    /** The time, which never goes back. */
    long now() {
        latest = Math.max(latest, core.time().nanos());
        return latest;
    }
}
