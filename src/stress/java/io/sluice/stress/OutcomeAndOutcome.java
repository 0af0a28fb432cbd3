package io.sluice.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.RateLimitSnapshot;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A permit is ended in two ways. What is in flight, and the requests and tokens that are charged. */
@JCStressTest
@Outcome(id = "0, 1, 3", expect = ACCEPTABLE, desc = "It succeeded, and what it used is charged.")
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "It was never sent, and nothing is charged.")
@Outcome(id = "-1, .*, .*", expect = FORBIDDEN, desc = "Its slot was given back twice.")
@Outcome(id = "1, .*, .*", expect = FORBIDDEN, desc = "Its slot was not given back.")
@Outcome(expect = FORBIDDEN, desc = "Both outcomes were charged, each in part.")
@State
public class OutcomeAndOutcome extends OneSlot {

    @Actor
    public void succeed() {
        taken.succeeded(TokenUsage.of(3, 0));
    }

    @Actor
    public void abandon() {
        taken.abandon();
    }

    @Arbiter
    public void judge(III_Result result) {
        RateLimitSnapshot snapshot = limiter.snapshot(KEY);
        result.r1 = snapshot.inFlight();
        result.r2 = (int) snapshot.requests();
        result.r3 = (int) snapshot.tokens();
    }
}
