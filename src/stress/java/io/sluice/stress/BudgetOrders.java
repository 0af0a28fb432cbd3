package io.sluice.stress;

import io.sluice.budget.Budget;
import io.sluice.budget.BudgetAmount;
import io.sluice.budget.BudgetExceededException;
import io.sluice.budget.BudgetLimits;
import io.sluice.budget.Charge;
import io.sluice.budget.Reservation;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import org.jetbrains.lincheck.datastructures.Operation;

/** Two budgets in one of 100 tokens, of which 40 are reserved. Whatever threads do, some order explains every answer. */
public class BudgetOrders {

    private static final Charge CHARGE = Charge.tokens(TokenEstimate.of(40, 0));

    private final Budget root =
            Budget.root("run").tokens(100).scheduler(new StillClock()).build();
    private final Budget one = root.child("one", BudgetLimits.none().tokens(70));
    private final Budget other = root.child("other", BudgetLimits.none());
    private final Reservation held = one.tryReserve(CHARGE);

    private static boolean reserve(Budget budget) {
        try {
            budget.tryReserve(CHARGE);
            return true;
        } catch (BudgetExceededException refused) {
            return false;
        }
    }

    @Operation
    public boolean reserveForOne() {
        return reserve(one);
    }

    @Operation
    public boolean reserveForTheOther() {
        return reserve(other);
    }

    /** It used less than was reserved. */
    @Operation
    public void commit() {
        held.succeeded(TokenUsage.of(10, 0));
    }

    @Operation
    public void release() {
        held.abandon();
    }

    @Operation
    public BudgetAmount spent() {
        return root.snapshot().spent();
    }
}
