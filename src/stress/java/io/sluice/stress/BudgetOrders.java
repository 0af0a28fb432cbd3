package io.sluice.stress;

import io.sluice.budget.Budget;
import io.sluice.budget.BudgetExceededException;
import io.sluice.budget.BudgetLimits;
import io.sluice.budget.Charge;
import io.sluice.budget.Reservation;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.testing.ManualClock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.datastructures.Operation;

/** Two budgets in one of 100 tokens. Whatever threads do, each answer is one that some order explains. */
public class BudgetOrders {

    private final Budget root =
            Budget.root("run").tokens(100).scheduler(new ManualClock()).build();
    private final Budget one = root.child("one", BudgetLimits.none().tokens(70));
    private final Budget other = root.child("other", BudgetLimits.none());
    private final Queue<Reservation> held = new ConcurrentLinkedQueue<>();

    private boolean reserve(Budget budget, long tokens) {
        try {
            held.add(budget.tryReserve(Charge.tokens(TokenEstimate.of(tokens, 0))));
            return true;
        } catch (BudgetExceededException refused) {
            return false;
        }
    }

    @Operation
    public boolean reserveForOne() {
        return reserve(one, 40);
    }

    @Operation
    public boolean reserveForTheOther() {
        return reserve(other, 40);
    }

    /** Ends a reservation, if one is held, having used less. */
    @Operation
    public boolean commit() {
        Reservation reservation = held.poll();
        if (reservation != null) {
            reservation.succeeded(TokenUsage.of(10, 0));
        }
        return reservation != null;
    }

    @Operation
    public boolean release() {
        Reservation reservation = held.poll();
        if (reservation != null) {
            reservation.abandon();
        }
        return reservation != null;
    }
}
