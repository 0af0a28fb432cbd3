package io.sluice.budget;

/**
 * What one call holds of its account and of those around it, and what became of it. Belongs to the one thread that may touch
 * its tree.
 */
class Hold {

    /** Where a hold stands; it only ever goes on. */
    enum State {
        /** Nothing is held yet. */
        NEW,
        /** The amounts are held. */
        HELD,
        /** Held for too long: the amounts were taken for spent, and may still be corrected. */
        EXPIRED,
        /** Settled, or refused: nothing is held any more. */
        ENDED
    }

    final Account account;

    State state = State.NEW;
    long tokens;
    long money;
    long calls;

    Hold(Account account) {
        this.account = account;
    }
}
