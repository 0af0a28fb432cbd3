package io.sluice.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The only permit is given back at the moment when somebody asks for it. Whether that one has it, and what is in flight. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It has its permit.")
@Outcome(id = "0, 0", expect = FORBIDDEN, desc = "It waits although there is a permit: a lost wake-up.")
@Outcome(expect = FORBIDDEN, desc = "The slots are miscounted.")
@State
public class ReleaseAndAcquire extends OneSlot {

    @Actor
    public void release() {
        taken.release();
    }

    @Actor
    public void acquire() {
        ask();
    }

    @Arbiter
    public void judge(II_Result result) {
        handOver();
        result.r1 = caller.permits.get();
        result.r2 = inFlight();
    }
}
