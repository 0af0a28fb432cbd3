package io.sluice.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.sluice.budget.Budget;
import io.sluice.budget.BudgetExceededException;
import io.sluice.budget.BudgetLimits;
import io.sluice.budget.Charge;
import io.sluice.model.TokenEstimate;
import io.sluice.testing.ManualClock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two agents reserve 60 tokens each of the 100 that they share. Who has them, and what is reserved in all. */
@JCStressTest
@Outcome(id = "1, 0, 60", expect = ACCEPTABLE, desc = "The first has them.")
@Outcome(id = "0, 1, 60", expect = ACCEPTABLE, desc = "The second has them.")
@Outcome(id = "1, 1, .*", expect = FORBIDDEN, desc = "Both have them: more is reserved than there is.")
@Outcome(id = "0, 0, .*", expect = FORBIDDEN, desc = "Each was refused for the other's sake.")
@Outcome(expect = FORBIDDEN, desc = "A reservation was taken from one budget and not from the one around it.")
@State
public class ReserveAndReserve {

    private static final Charge CHARGE = Charge.tokens(TokenEstimate.of(60, 0));

    private final Budget root =
            Budget.root("run").tokens(100).scheduler(new ManualClock()).build();
    private final Budget one = root.child("one", BudgetLimits.none());
    private final Budget other = root.child("other", BudgetLimits.none().tokens(80));

    private static int reserved(Budget budget) {
        try {
            budget.tryReserve(CHARGE);
            return 1;
        } catch (BudgetExceededException refused) {
            return 0;
        }
    }

    @Actor
    public void one(III_Result result) {
        result.r1 = reserved(one);
    }

    @Actor
    public void other(III_Result result) {
        result.r2 = reserved(other);
    }

    @Arbiter
    public void judge(III_Result result) {
        result.r3 = (int) root.snapshot().reserved().tokens();
    }
}
