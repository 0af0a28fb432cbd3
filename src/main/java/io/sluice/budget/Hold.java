package io.sluice.budget;

import io.sluice.SluiceException;
import org.jspecify.annotations.Nullable;

/**
 * What one call holds of its account and of those around it, and what becomes of it. What happens, happens in all of them in
 * one step: either it fits them all, or nothing changes.
 *
 * <pre>
 * NEW -take-> HELD -end-> ENDED
 *   '-end-> ENDED  '-expire-> EXPIRED -renew-> HELD
 *                                 '-end-> ENDED (corrected)
 * </pre>
 *
 * <p>Plain arithmetic that is given the time, for the one thread that may touch the tree.
 */
class Hold {

    /** Where a hold stands. */
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

    /** What is held, or was when it expired. */
    Amounts held = Amounts.NONE;

    /** When it expired, in milliseconds of the epoch. */
    long expiredAt;

    Hold(Account account) {
        this.account = account;
    }

    /** Holds so much; null, or why not: then nothing was changed, and nothing ever will be held. */
    final @Nullable SluiceException take(Amounts asked, Moment now) {
        if (state != State.NEW) {
            return null;
        }
        SluiceException refusal = refusal(asked, now);
        if (refusal == null) {
            begin(asked);
        } else {
            state = State.ENDED;
        }
        return refusal;
    }

    /** Holds so much, which fits. */
    final void begin(Amounts asked) {
        state = State.HELD;
        held = asked;
        for (Account at = account; at != null; at = at.parent) {
            at.balance.hold(asked);
            at.open++;
        }
    }

    /** Holds so much more; null, or why not. Null also if it holds nothing any more. */
    final @Nullable SluiceException widen(Amounts more, Moment now) {
        if (state != State.HELD) {
            return null;
        }
        SluiceException refusal = refusal(more, now);
        if (refusal == null) {
            held = held.plus(more);
            for (Account at = account; at != null; at = at.parent) {
                at.balance.hold(more);
            }
        }
        return refusal;
    }

    /** Spends so much beside what is held. */
    final void spend(Amounts used, Moment now) {
        settle(Amounts.NONE, used, now);
    }

    /**
     * An attempt has cost so much, and there is to be another one: spends that, and holds as much as before. Null, or why
     * not: then nothing was changed. Null also if it has ended.
     */
    final @Nullable SluiceException renew(Amounts used, Moment now) {
        if (state == State.EXPIRED) {
            SluiceException refusal = refusal(held, now);
            if (refusal == null) {
                correct(used, now);
                begin(held);
            }
            return refusal;
        }
        if (state != State.HELD) {
            return null;
        }
        SluiceException refusal = refusal(used, now);
        if (refusal == null) {
            settle(Amounts.NONE, used, now);
        }
        return refusal;
    }

    /**
     * Ends it: what was used is spent, whatever the limits are, and the rest is free again. What was taken for spent is
     * corrected. False if it had ended before.
     */
    final boolean end(Amounts used, Moment now) {
        State before = state;
        state = State.ENDED;
        switch (before) {
            case HELD -> {
                settle(held, used, now);
                oneLess();
            }
            case EXPIRED -> correct(used, now);
            case NEW, ENDED -> {}
        }
        return before != State.ENDED;
    }

    /** Takes all that is held for spent, because nobody says what became of it. False if nothing is. */
    final boolean expire(Moment now) {
        if (state != State.HELD) {
            return false;
        }
        state = State.EXPIRED;
        expiredAt = now.millis();
        settle(held, held, now);
        oneLess();
        return true;
    }

    private @Nullable SluiceException refusal(Amounts asked, Moment now) {
        account.age(now);
        Account refusing = account.refusing(asked);
        return refusing == null ? null : refusing.refusal(asked, now);
    }

    private void oneLess() {
        for (Account at = account; at != null; at = at.parent) {
            at.open--;
        }
    }

    private void settle(Amounts wasHeld, Amounts used, Moment now) {
        for (Account at = account; at != null; at = at.parent) {
            at.balance.ageWindow(now);
            at.balance.settle(wasHeld, used, now);
        }
    }

    private void correct(Amounts used, Moment now) {
        Amounts more = used.less(held);
        Amounts less = held.less(used);
        for (Account at = account; at != null; at = at.parent) {
            at.balance.ageWindow(now);
            at.balance.refund(less, expiredAt);
        }
        settle(Amounts.NONE, more, now);
    }
}
