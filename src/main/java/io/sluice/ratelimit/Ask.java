package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a waiting call asks a ledger for. */
interface Ask {

    /** The model that was asked for: one of a pool, or under another name. */
    ModelKey key();

    TokenEstimate estimate();

    /** Within what time of its grant the provider counts it, where its profile does not say so. */
    Duration skew();

    /** For whom it asks, or null where nothing was said about it. */
    @Nullable
    Standing standing();

    /** Whether it needs a free slot; a nested call can do with the one that it is lent. */
    boolean needsSlot();

    /** Makes the grant that the ledger will fill; called at most once for each that is given. */
    Grant newGrant();
}
