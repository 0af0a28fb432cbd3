package io.sluice.stress;

import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.testing.ManualClock;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.datastructures.Operation;

/** A ledger of two requests a window, behind its queue. Whatever threads do, each answer is one that some order explains. */
public class LedgerOrders {

    private static final PermitRequest REQUEST =
            PermitRequest.of(OneSlot.KEY, TokenEstimate.of(10, 0)).timeout(Duration.ofNanos(1));

    private final ManualClock clock = new ManualClock();
    private final ModelRateLimiter limiter = ModelRateLimiter.builder()
            .profiles(RateLimitProfiles.none()
                    .with(RateLimitProfile.builder(OneSlot.KEY)
                            .rpm(2)
                            .utilizationTarget(1)
                            .concurrency(10)
                            .build()))
            .scheduler(clock)
            .random(() -> 0)
            .build();
    private final Queue<Permit> held = new ConcurrentLinkedQueue<>();

    public LedgerOrders() {
        long unused = limiter.snapshot(OneSlot.KEY).requests();
    }

    /** Whether there was room; nobody waits, because no room comes in time. */
    @Operation
    public boolean acquire() {
        OneSlot.Caller caller = new OneSlot.Caller();
        limiter.acquire(REQUEST).subscribe(caller);
        while (caller.permits.get() + caller.errors.get() == 0) {
            clock.advance(Duration.ZERO);
        }
        Permit permit = caller.permit;
        if (permit != null) {
            held.add(permit);
        }
        return permit != null;
    }

    /** Gives a permit back in full, if one is held. */
    @Operation
    public boolean abandon() {
        Permit permit = held.poll();
        if (permit != null) {
            permit.abandon();
        }
        return permit != null;
    }

    @Operation
    public long charged() {
        return limiter.snapshot(OneSlot.KEY).requests();
    }
}
