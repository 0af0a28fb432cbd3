package io.sluice.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.testing.ManualClock;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A key is asked for the first time, by two, at the moment when it is allowed two at once instead of one. How many have
 * permits, how many wait, and how many are allowed.
 */
@JCStressTest
@Outcome(id = "2, 0, 2", expect = ACCEPTABLE, desc = "Both have theirs.")
@Outcome(id = "1, 1, .*", expect = FORBIDDEN, desc = "One waits under limits that are not in force any more.")
@Outcome(id = ".*, .*, 1", expect = FORBIDDEN, desc = "The change was lost.")
@Outcome(expect = FORBIDDEN, desc = "Permits or waiters are miscounted.")
@State
public class UpdateAndAcquire {

    private final ManualClock clock = new ManualClock();
    private final ModelRateLimiter limiter = OneSlot.limiter(clock, 1);
    private final OneSlot.Caller first = new OneSlot.Caller();
    private final OneSlot.Caller second = new OneSlot.Caller();

    @Actor
    public void update() {
        limiter.update(OneSlot.profile(2));
    }

    @Actor
    public void acquire() {
        limiter.acquire(OneSlot.REQUEST).subscribe(first);
        limiter.acquire(OneSlot.REQUEST).subscribe(second);
    }

    @Arbiter
    public void judge(III_Result result) {
        clock.advance(Duration.ZERO);
        result.r1 = first.permits.get() + second.permits.get();
        result.r2 = limiter.snapshot(OneSlot.KEY).pending();
        result.r3 = limiter.snapshot(OneSlot.KEY).currentConcurrencyCap();
    }
}
