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

    /** The nano-dollars that were asked for. */
    private final long asked;

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
        this.asked = tree.costs.toReserve(charge, account);
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
        long moreTokens = Math.max(0, input + output - tokens);
        long moreMoney = Math.max(0, tree.costs.upTo(charge, input, output) - money);
        if (moreTokens == 0 && moreMoney == 0) {
            return null;
        }
        SluiceException reason = tree.extend(this, moreTokens, moreMoney);
        return reason instanceof BudgetExceededException exceeded ? exceeded.ofStream() : reason;
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

    void decide(long now) {
        TokenEstimate estimate = charge.estimate();
        refusal = account.hold(this, estimate.total(), asked, charge.calls(), now);
        if (refusal != null) {
            tree.news.rejected(account, refusal);
        } else if (state == State.HELD) {
            tree.news.reserved(this);
        }
    }

    @Nullable
    SluiceException extend(long moreTokens, long moreMoney, long now) {
        SluiceException reason = account.extend(this, moreTokens, moreMoney, now);
        if (reason != null) {
            tree.news.rejected(account, reason);
        } else if (state == State.HELD) {
            tree.news.toppedUp(this, moreTokens, moreMoney, 0);
        }
        return reason;
    }

    @Nullable
    SluiceException again(long spentTokens, long spentMoney, long spentCalls, long now) {
        SluiceException reason = account.again(this, spentTokens, spentMoney, spentCalls, now);
        if (reason != null) {
            tree.news.rejected(account, reason);
        } else if (state == State.HELD) {
            tree.news.toppedUp(this, spentTokens, spentMoney, spentCalls);
        }
        return reason;
    }

    void end(long usedTokens, long usedMoney, long usedCalls) {
        boolean told = state != State.NEW;
        if (account.commit(this, usedTokens, usedMoney, usedCalls) && told) {
            tree.news.settled(this, usedTokens, usedMoney, usedCalls);
        }
    }

    void endInFull(@Nullable Throwable because) {
        if (because != null && (state == State.HELD || state == State.EXPIRED)) {
            tree.news.commitFailed(this, because);
        }
        end(tokens, money, calls);
    }

    void expire() {
        if (account.expire(this)) {
            tree.news.expired(this);
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
        return Mono.fromRunnable(() -> succeeded(used));
    }

    @Override
    public Mono<Void> commit(TokenUsage used, Money cost) {
        Objects.requireNonNull(used, "used");
        Objects.requireNonNull(cost, "cost");
        return Mono.fromRunnable(() -> succeeded(used, cost));
    }

    @Override
    public Mono<Void> release() {
        return Mono.fromRunnable(this::abandon);
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
        tree.commit(this, tokens(used), spent, charge.calls());
    }

    @Override
    public void succeeded(TokenUsage used, Money cost) {
        Objects.requireNonNull(cost, "cost");
        end(cost.nanos());
        tree.commit(this, tokens(used), cost.nanos(), charge.calls());
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
        end(money);
        tree.commitInFull(this, null);
    }

    /** What was used cannot be found out. The call succeeded all the same, and nobody else is told of it as an error. */
    void failedToCommit(Throwable reason) {
        end(money);
        tree.commitInFull(this, reason);
        Exceptions.throwIfFatal(reason);
        Operators.onErrorDropped(reason, Context.empty());
    }

    @Override
    public void abandon() {
        endLease();
        tree.commit(this, 0, 0, 0);
    }

    @Override
    public void topUp(Throwable failure) {
        TokenUsage used = tree.costs.ofFailed(failure, tree.time.instant());
        if (used == null) {
            return;
        }
        long spent = money(used);
        SluiceException reason = tree.again(this, tokens(used), spent, charge.calls());
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
            return asked;
        }
        TokenEstimate estimate = charge.estimate();
        long spent = tree.costs.spent(charge, used.inputOr(estimate.input()), used.outputOr(estimate.maxOutput()));
        return spent < 0 ? asked : spent;
    }

    @Override
    public String toString() {
        return "Reservation[" + account.path + ", " + charge + "]";
    }
}
