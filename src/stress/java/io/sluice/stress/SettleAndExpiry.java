package io.sluice.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.sluice.model.TokenUsage;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A call is settled at the moment when its charge of 10 leaves the window; it used 13. What is charged then, what is charged a
 * window later, and what is in flight.
 */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "Settled first: all of it left the window together.")
@Outcome(id = "3, 0, 0", expect = ACCEPTABLE, desc = "Settled afterwards: only what was more is charged, from then on.")
@Outcome(id = "13, .*, .*", expect = FORBIDDEN, desc = "A charge that had left came back.")
@Outcome(id = "-.*, .*, .*", expect = FORBIDDEN, desc = "More was taken out of the window than had been put in.")
@Outcome(expect = FORBIDDEN, desc = "The charge, or the slot, is still there when all is over.")
@State
public class SettleAndExpiry extends OneSlot {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    @Actor
    public void expire() {
        clock.advance(WINDOW);
        long unused = limiter.snapshot(KEY).tokens();
    }

    @Actor
    public void settle() {
        taken.succeeded(TokenUsage.of(13, 0));
    }

    @Arbiter
    public void judge(III_Result result) {
        result.r1 = (int) limiter.snapshot(KEY).tokens();
        clock.advance(WINDOW);
        result.r2 = (int) limiter.snapshot(KEY).tokens();
        result.r3 = inFlight();
    }
}
