package io.sluice.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A permit comes at the moment when the limiter is disposed of. Permits and errors that the caller was told of, and how many calls are in flight. */
@JCStressTest
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "It got its permit in time.")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "The limiter was disposed of first.")
@Outcome(id = "0, 1, 1", expect = FORBIDDEN, desc = "It was turned away, and its permit is lost.")
@Outcome(id = "1, 1, .*", expect = FORBIDDEN, desc = "It was told both.")
@Outcome(id = "0, 0, .*", expect = FORBIDDEN, desc = "It was told nothing, and waits for ever.")
@Outcome(expect = FORBIDDEN, desc = "A caller was told twice, or the slots are miscounted.")
@State
public class GrantAndDispose extends OneSlot {

    public GrantAndDispose() {
        ask();
    }

    @Actor
    public void grant() {
        taken.release();
        handOver();
    }

    @Actor
    public void dispose() {
        limiter.dispose();
    }

    @Arbiter
    public void judge(III_Result result) {
        handOver();
        result.r1 = caller.permits.get();
        result.r2 = caller.errors.get();
        result.r3 = inFlight();
    }
}
