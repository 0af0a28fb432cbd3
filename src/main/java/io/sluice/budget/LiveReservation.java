package io.sluice.budget;

import io.sluice.SluiceException;
import io.sluice.model.Money;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.support.HandOver;
import io.sluice.time.TimeSource;
import io.sluice.time.Timeout;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A reservation as the tree keeps it: what is held, and why not. All that one call needs of the tree is this object. */
final class LiveReservation extends Hold implements Reservation, Timeout.Task {

    private final BudgetTree tree;
    private final Charge charge;

    private final Amounts asked;

    /** Names it in a journal; of the writer, as what follows. */
    long id;

    private @Nullable Waiter waiter;

    private volatile @Nullable Timeout lease;
    private volatile long leaseEnds = Long.MAX_VALUE;

    /** Set by whoever ends it; a lease that is begun anew meanwhile is let go. */
    private volatile boolean ending;

    /** The nano-dollars that the call has cost as its holder told it. */
    private volatile long paid;

    /** Why there is none; written by the writer, before whoever asked goes on. */
    private @Nullable SluiceException refusal;

    /**
     * @throws UnknownPriceException if a budget is limited in money and nobody knows what the call may cost
     */
    LiveReservation(BudgetTree tree, Account account, Charge charge) {
        super(account);
        this.tree = tree;
        this.charge = charge;
        this.asked = new Amounts(charge.estimate().total(), tree.costs.toReserve(charge, account), charge.calls());
    }

    // ---- by whoever asks ----

    /** Has it decided; see {@link BudgetTree#reserve}. */
    boolean ask(HandOver.Work then) {
        return tree.reserve(this, then);
    }

    void askNow() {
        tree.reserveNow(this);
    }

    @Nullable
    SluiceException refusal() {
        return refusal;
    }

    /**
     * Reserves more where so many tokens are more than is reserved; null, or why not. What is held changes by what its holder
     * asks for only, so that the holder may look at it.
     */
    @Nullable
    SluiceException cover(long input, long output) {
        Amounts reserved = held;
        long moreTokens = Math.max(0, input + output - reserved.tokens());
        long moreMoney = Math.max(0, priceUpTo(input, output) - reserved.money());
        if (moreTokens == 0 && moreMoney == 0) {
            return null;
        }
        SluiceException reason = extend(moreTokens, moreMoney, false);
        return reason instanceof BudgetExceededException exceeded ? exceeded.ofStream() : reason;
    }

    /**
     * Reserves so much more; null, or why not.
     *
     * @param quietly whether a refusal is no news, because less will be asked for
     */
    @Nullable
    SluiceException extend(long moreTokens, long moreMoney, boolean quietly) {
        return tree.extend(this, new Amounts(moreTokens, moreMoney, 0), quietly);
    }

    /** Whether what becomes of it is written down. */
    boolean isStored() {
        return tree.recorder() != null;
    }

    /** Has something done when what was told of the end is kept; only where it is stored. */
    void whenKept(HandOver.Work then) {
        tree.whenKept(then);
    }

    /** The nano-dollars that so many tokens cost at most; negative where nobody knows. */
    long priceUpTo(long input, long output) {
        return tree.costs.upTo(charge, input, output);
    }

    /** Lets the reservation end by itself when its lease is over. */
    void startLease() {
        leaseEnds = TimeSource.after(tree.time.nanos(), charge.lease());
        awaitLease();
    }

    private void awaitLease() {
        lease = tree.time.schedule(leaseEnds, this);
        if (ending) {
            disposeLease();
        }
    }

    // ---- by the writer ----

    Amounts asked() {
        return asked;
    }

    /** Whether it is decided; otherwise {@code then} goes on when it is. */
    boolean decide(HandOver.Work then, Moment now) {
        if (state != State.NEW) {
            return true;
        }
        Account refusing = refusing(now);
        ExhaustedCalls others = tree.waiting();
        Account at = refusing == null ? others.before(account) : refusing;
        if (at == null) {
            return hold(then, now);
        }
        waiter = others.tryWait(this, at, then, now);
        if (waiter != null) {
            tree.later(waiter::arm);
            return false;
        }
        refuse(refusalAt(at, now));
        return true;
    }

    /** The same, without waiting for anything. */
    void decideNow(Moment now) {
        Account refusing = refusing(now);
        if (refusing == null) {
            hold(null, now);
        } else {
            refuse(refusalAt(refusing, now));
        }
    }

    private @Nullable Account refusing(Moment now) {
        Recorder recorder = tree.recorder();
        if (recorder != null && recorder.failure() != null) {
            return account;
        }
        account.age(now);
        return account.refusing(asked);
    }

    /** Why it cannot be admitted there, as things stand. */
    SluiceException refusalAt(Account at, Moment now) {
        Recorder recorder = tree.recorder();
        SluiceException unkept = recorder == null ? null : recorder.failure();
        return unkept == null ? at.refusal(asked, now) : unkept;
    }

    /** Whoever had to wait is let in. */
    void admitted(HandOver.Work then, Moment now) {
        waiter = null;
        if (hold(then, now)) {
            tree.handOver(then);
        }
    }

    private boolean hold(HandOver.@Nullable Work then, Moment now) {
        begin(asked);
        tree.news.reserved(this);
        Recorder recorder = tree.recorder();
        if (recorder == null) {
            return true;
        }
        id = ++account.rules.holds;
        recorder.held(this, then, now);
        return then == null;
    }

    void refuse(SluiceException why) {
        state = State.ENDED;
        waiter = null;
        refusal = why;
        tree.news.rejected(account, why);
    }

    /** It could not be written down that it is held, so the call must not be sent. */
    void unkept(SluiceException why) {
        if (state == State.HELD) {
            end(Amounts.NONE);
            refuse(why);
        }
    }

    @Nullable
    SluiceException extend(Amounts more, boolean quietly, Moment now) {
        SluiceException reason = widen(more, now);
        if (reason != null) {
            if (!quietly) {
                tree.news.rejected(account, reason);
            }
        } else if (state == State.HELD) {
            tree.news.toppedUp(this, more);
            if (tree.recorder() != null) {
                tree.recorder().held(this, null, now);
            }
        }
        return reason;
    }

    @Nullable
    SluiceException again(Amounts used, Moment now) {
        boolean expired = state == State.EXPIRED;
        SluiceException reason = renew(used, now);
        Recorder recorder = tree.recorder();
        if (reason != null) {
            tree.news.rejected(account, reason);
        } else if (state == State.HELD) {
            tree.news.toppedUp(this, used);
            if (recorder != null && expired) {
                recorder.held(this, null, now);
                recorder.corrected(this, used, now);
            } else if (recorder != null) {
                recorder.spent(this, used, false, now);
            }
        }
        return reason;
    }

    void end(Amounts used) {
        Moment now = tree.endingNow();
        State before = state;
        if (waiter != null) {
            tree.waiting().left(waiter);
            waiter = null;
        }
        if (!end(used, now) || before == State.NEW) {
            return;
        }
        tree.news.settled(this, used);
        Recorder recorder = tree.recorder();
        if (recorder != null && before == State.EXPIRED) {
            recorder.corrected(this, used, now);
        } else if (recorder != null) {
            recorder.spent(this, used, true, now);
        }
    }

    void endInFull(@Nullable Throwable because) {
        if (because != null && (state == State.HELD || state == State.EXPIRED)) {
            tree.news.commitFailed(this, because);
        }
        end(held);
    }

    void lapse() {
        Moment now = tree.endingNow();
        if (expire(now)) {
            tree.news.expired(this);
            if (tree.recorder() != null) {
                tree.recorder().spent(this, held, true, now);
            }
        }
    }

    // ---- the lease ----

    @Override
    public void due() {
        if (ending) {
            return;
        }
        if (tree.time.nanos() >= leaseEnds) {
            tree.expire(this);
        } else {
            // Begun anew meanwhile, or a timer of another clock than the one in use now.
            awaitLease();
        }
    }

    /** There is no timer any more: it stays open until its holder ends it. */
    @Override
    public void rejected(RejectedExecutionException reason) {}

    private void endLease() {
        ending = true;
        disposeLease();
    }

    /** The holder says what the call has cost; the first word counts. */
    private void end(long cost) {
        if (!ending) {
            pay(cost);
        }
        endLease();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by the holder only
    private void pay(long cost) {
        paid += cost;
    }

    private void disposeLease() {
        Timeout standing = lease;
        if (standing != null) {
            standing.dispose();
        }
    }

    // ---- by the holder ----

    @Override
    public String path() {
        return account.path;
    }

    @Override
    public Charge charge() {
        return charge;
    }

    @Override
    public Mono<Void> commit(TokenUsage used) {
        Objects.requireNonNull(used, "used");
        return KeptMono.of(tree, () -> succeeded(used));
    }

    @Override
    public Mono<Void> commit(TokenUsage used, Money cost) {
        Objects.requireNonNull(used, "used");
        Objects.requireNonNull(cost, "cost");
        return KeptMono.of(tree, () -> succeeded(used, cost));
    }

    @Override
    public Mono<Void> release() {
        return KeptMono.of(tree, this::abandon);
    }

    @Override
    public void succeeded(TokenUsage used) {
        if (used.equals(TokenUsage.UNKNOWN)) {
            unknown();
            return;
        }
        long spent;
        try {
            spent = money(used);
        } catch (Throwable thrown) {
            failedToCommit(thrown);
            return;
        }
        end(spent);
        tree.commit(this, new Amounts(tokens(used), spent, charge.calls()));
    }

    @Override
    public void succeeded(TokenUsage used, Money cost) {
        Objects.requireNonNull(cost, "cost");
        end(cost.nanos());
        tree.commit(this, new Amounts(tokens(used), cost.nanos(), charge.calls()));
    }

    @Override
    public void failed(Throwable error) {
        TokenUsage used = tree.costs.ofFailed(error, tree.time.instant());
        if (used == null) {
            abandon();
        } else {
            succeeded(used);
        }
    }

    @Override
    public void unknown() {
        end(held.money());
        tree.commitInFull(this, null);
    }

    /** What was used cannot be found out. The call succeeded all the same, and nobody else is told of it as an error. */
    void failedToCommit(Throwable reason) {
        end(held.money());
        tree.commitInFull(this, reason);
        Exceptions.throwIfFatal(reason);
        Operators.onErrorDropped(reason, Context.empty());
    }

    @Override
    public void abandon() {
        endLease();
        tree.commit(this, Amounts.NONE);
    }

    @Override
    public void topUp(Throwable failure) {
        TokenUsage used = tree.costs.ofFailed(failure, tree.time.instant());
        if (used == null) {
            return;
        }
        long spent = money(used);
        SluiceException reason = tree.again(this, new Amounts(tokens(used), spent, charge.calls()));
        if (reason != null) {
            throw reason;
        }
        pay(spent);
        if (lease != null) {
            disposeLease();
            startLease();
        }
    }

    @Override
    public void cover(TokenUsage used) {
        TokenEstimate estimate = charge.estimate();
        SluiceException reason = cover(used.inputOr(estimate.input()), used.outputOr(estimate.maxOutput()));
        if (reason != null) {
            throw reason;
        }
    }

    @Override
    public Money cost() {
        return paid == 0 ? Money.ZERO : new Money(paid);
    }

    private long tokens(TokenUsage used) {
        TokenEstimate estimate = charge.estimate();
        return used.inputOr(estimate.input()) + used.outputOr(estimate.maxOutput());
    }

    private long money(TokenUsage used) {
        if (used.equals(TokenUsage.UNKNOWN)) {
            return asked.money();
        }
        TokenEstimate estimate = charge.estimate();
        long spent = tree.costs.spent(charge, used.orElse(estimate.input(), estimate.maxOutput()));
        return spent < 0 ? asked.money() : spent;
    }

    @Override
    public String toString() {
        return "Reservation[" + account.path + ", " + charge + "]";
    }
}
