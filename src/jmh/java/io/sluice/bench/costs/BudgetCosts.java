package io.sluice.bench.costs;

import io.sluice.budget.Budget;
import io.sluice.budget.BudgetLimits;
import io.sluice.budget.Charge;
import io.sluice.budget.Reservation;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import reactor.core.publisher.Mono;

/** A reservation in four budgets, one in the other, each limited in tokens and calls; and what was used. */
@State(Scope.Thread)
public class BudgetCosts {

    private static final long PLENTY = 9_000_000_000_000_000L;
    private static final TokenUsage USED = TokenUsage.of(100, 40);

    private final Charge charge = Charge.tokens(TokenEstimate.of(100, 50));
    private final Told<Object> told = new Told<>();
    private final Told<Reservation> reserving = new Told<>() {
        @Override
        void got(Reservation reservation) {
            reservation.succeeded(USED);
        }
    };
    private Budget deepest;

    @Setup
    public void build() {
        BudgetLimits limits = BudgetLimits.none().tokens(PLENTY).calls(PLENTY);
        deepest = Budget.root("run").limits(limits).build();
        for (int depth = 2; depth <= 4; depth++) {
            deepest = deepest.child("level-" + depth, limits);
        }
    }

    /** At once, as the governor does. */
    @Benchmark
    public Object reserveAndCommit() {
        Reservation reservation = deepest.tryReserve(charge);
        reservation.succeeded(USED);
        return reservation;
    }

    /** As a value with a lease, and a timer for it. */
    @Benchmark
    public Object reserveWithLeaseAndCommit() {
        return reserving.to(deepest.reserve(charge));
    }

    /** Around a call. */
    @Benchmark
    public Object charged() {
        return told.to(Mono.<Object>just("answer").transform(deepest.charge(charge, answer -> USED)));
    }
}
