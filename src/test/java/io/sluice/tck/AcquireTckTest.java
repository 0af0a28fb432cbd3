package io.sluice.tck;

import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import org.reactivestreams.Publisher;

/** A permit as a value. */
public class AcquireTckTest extends ValueVerification<Permit> {

    @Override
    Publisher<Permit> value(boolean granted) {
        ModelRateLimiter limiter = granted ? TckParts.limiter() : TckParts.disposedLimiter();
        return limiter.acquire(TckParts.REQUEST);
    }
}
