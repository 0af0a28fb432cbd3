package io.sluice.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A caller leaves while it is given its permit. First: whether it has it; second: how many are in flight. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "It left first, and the permit was given back.")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It has its permit, which is its own from then on.")
@Outcome(id = "0, 1", expect = FORBIDDEN, desc = "A permit was lost: nobody has it, and nobody gets it back.")
@Outcome(id = "1, 0", expect = FORBIDDEN, desc = "It has a permit that was given to others as well.")
@Outcome(expect = FORBIDDEN, desc = "A caller was told twice, or the slots are miscounted.")
@State
public class GrantAndCancel extends OneSlot {

    public GrantAndCancel() {
        ask();
    }

    @Actor
    public void grant() {
        taken.release();
        handOver();
    }

    @Actor
    public void cancel() {
        caller.cancel();
    }

    @Arbiter
    public void judge(II_Result result) {
        handOver();
        result.r1 = caller.permits.get();
        result.r2 = inFlight();
    }
}
