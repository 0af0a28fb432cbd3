package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import org.jspecify.annotations.Nullable;

/**
 * Whose state it is: that of one model, or of one pool of an account.
 *
 * @param model the model; null where it is a pool's
 * @param pool the pool; null where it is a model's
 * @param account whose pool; null where accounts are not told apart
 */
record StateName(
        @Nullable ModelKey model,
        @Nullable String pool,
        @Nullable String account) {

    static StateName of(ModelKey model) {
        return new StateName(model, null, null);
    }

    static StateName of(ModelKey model, @Nullable String pool) {
        return pool == null ? of(model) : new StateName(null, pool, model.account());
    }
}
