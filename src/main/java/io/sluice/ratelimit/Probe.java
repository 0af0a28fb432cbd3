package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request that is only asked about. */
record Probe(ModelKey key, TokenEstimate estimate, @Nullable Standing standing) implements Ask {

    @Override
    public Duration skew() {
        return Duration.ZERO;
    }

    @Override
    public boolean needsSlot() {
        return true;
    }

    @Override
    public Grant newGrant() {
        throw new IllegalStateException("a probe takes nothing");
    }
}
