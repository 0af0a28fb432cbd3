package io.sluice.budget;

import io.sluice.model.Money;
import io.sluice.model.TokenUsage;
import reactor.core.publisher.Mono;

/**
 * A call's share of a budget and of those around it, until it is known what the call has cost. Exactly one ending counts, the
 * first that is told; later ones are no-ops. All methods are thread-safe and return at once; endings never throw, and whatever
 * is asked of the budget after one sees what it did.
 *
 * <p>Within {@link Budget#charge} and {@link Budget#meter} the operator ends its reservation by itself. One of {@link
 * Budget#reserve} or {@link Budget#tryReserve} must be ended by its holder.
 */
public interface Reservation {

    /** The budget that it was made in, such as {@code run/researcher}. */
    String path();

    /** What was asked for. */
    Charge charge();

    /**
     * The call is over and has used this. On subscription; completes at once, never fails. A side that is unknown counts as
     * estimated. What was used beyond the reservation is spent all the same.
     */
    Mono<Void> commit(TokenUsage used);

    /** As {@link #commit(TokenUsage)}, with the money that the call has cost, where the provider states it. */
    Mono<Void> commit(TokenUsage used, Money cost);

    /** The call was never sent: nothing is spent. On subscription; completes at once, never fails. */
    Mono<Void> release();

    /** {@link #commit(TokenUsage)} at once. */
    void succeeded(TokenUsage used);

    /** {@link #commit(TokenUsage, Money)} at once. */
    void succeeded(TokenUsage used, Money cost);

    /**
     * The call failed. Where the error says what was used, that is spent; where the call was never sent, or was refused
     * before it ran (its rate, its size, its content, a used-up account, this library), nothing; otherwise all that was
     * reserved, because it may have been.
     */
    void failed(Throwable error);

    /** Nobody knows how the call ended, or what it used: all that was reserved is spent. */
    void unknown();

    /** {@link #release()} at once. */
    void abandon();

    /**
     * An attempt of the call failed, and there is to be another one. What the failed one may have cost (as for {@link
     * #failed}) is spent, and as much is reserved again, in one step; so the reservation is as large as before, and its lease begins anew. A call must
     * not be repeated where this fails: then nothing has changed, and the reservation is still to be ended.
     *
     * @param failure why the attempt failed
     * @throws BudgetExceededException if another attempt does not fit the budget
     * @throws BudgetClosedException if the budget was disposed of
     */
    void topUp(Throwable failure);

    /**
     * The call has used this until now and goes on, such as a stream: where that is more than is reserved, the rest is
     * reserved as well. A side that is unknown counts as estimated. Not to be called from two threads at once.
     *
     * @throws BudgetExceededException if it does not fit the budget; the call must then be cut, and ended with what it used
     */
    void cover(TokenUsage used);

    /**
     * What the call has cost until now, all attempts together, by the prices of the budget; zero where nobody knows them.
     * Counts what was told here by its holder: what a lease took for spent is not in it.
     */
    Money cost();
}
