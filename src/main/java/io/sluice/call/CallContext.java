package io.sluice.call;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * What was said about calls, to be written with {@code contextWrite}; begun by a method of {@link Sluice}. Immutable: each
 * wither returns a new one. What is not said stays as it is further down.
 */
public final class CallContext implements Function<Context, Context> {

    /** A type of its own, so that nobody meets the key by chance. */
    enum Key {
        IDEMPOTENT,
        BUDGET
    }

    static final Object IDEMPOTENT = Key.IDEMPOTENT;
    static final Object BUDGET = Key.BUDGET;

    static final CallContext NONE = new CallContext(null, null);

    private final @Nullable Boolean idempotent;
    private final @Nullable BudgetRef budget;

    private CallContext(@Nullable Boolean idempotent, @Nullable BudgetRef budget) {
        this.idempotent = idempotent;
        this.budget = budget;
    }

    /** See {@link Sluice#idempotent(boolean)}. */
    public CallContext idempotent(boolean idempotent) {
        return new CallContext(idempotent, budget);
    }

    /** See {@link Sluice#budget(BudgetRef)}. */
    public CallContext budget(BudgetRef budget) {
        return new CallContext(idempotent, Objects.requireNonNull(budget, "budget"));
    }

    @Override
    public Context apply(Context context) {
        Context written = idempotent == null ? context : context.put(IDEMPOTENT, idempotent);
        return budget == null ? written : written.put(BUDGET, budget);
    }
}
