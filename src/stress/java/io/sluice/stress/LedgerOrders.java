package io.sluice.stress;

import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;

import java.time.Duration;
import java.util.Objects;
import org.jetbrains.lincheck.datastructures.Operation;

/** A ledger of two requests a window, behind its queue; one is taken. Whatever threads do, some order explains every answer. */
public class LedgerOrders {

    private static final PermitRequest REQUEST =
            PermitRequest.of(OneSlot.KEY, TokenEstimate.of(10, 0)).timeout(Duration.ofNanos(1));

    private final StillClock clock = new StillClock();
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
    private final Permit held = granted(ask());

    private OneSlot.Caller ask() {
        OneSlot.Caller caller = new OneSlot.Caller();
        limiter.acquire(REQUEST).subscribe(caller);
        while (caller.permits.get() + caller.errors.get() == 0) {
            clock.runAll();
        }
        return caller;
    }

    private static Permit granted(OneSlot.Caller caller) {
        return Objects.requireNonNull(caller.permit);
    }

    /** Whether there was room; nobody waits, because no room comes in time. */
    @Operation
    public boolean acquire() {
        return ask().permits.get() == 1;
    }

    /** Gives back in full the permit that was taken before. */
    @Operation
    public void abandon() {
        held.abandon();
    }

    @Operation
    public void succeed() {
        held.succeeded(TokenUsage.of(5, 0));
    }

    @Operation
    public long charged() {
        return limiter.snapshot(OneSlot.KEY).requests();
    }
}
