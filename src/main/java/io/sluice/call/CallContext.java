package io.sluice.call;

import java.time.Duration;
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
        BUDGET,
        DEADLINE
    }

    static final Object IDEMPOTENT = Key.IDEMPOTENT;
    static final Object BUDGET = Key.BUDGET;
    static final Object DEADLINE = Key.DEADLINE;

    static final CallContext NONE = new CallContext(null, null, null);

    private final @Nullable Boolean idempotent;
    private final @Nullable BudgetRef budget;
    private final @Nullable Duration deadline;

    private CallContext(@Nullable Boolean idempotent, @Nullable BudgetRef budget, @Nullable Duration deadline) {
        this.idempotent = idempotent;
        this.budget = budget;
        this.deadline = deadline;
    }

    /** See {@link Sluice#idempotent(boolean)}. */
    public CallContext idempotent(boolean idempotent) {
        return new CallContext(idempotent, budget, deadline);
    }

    /** See {@link Sluice#budget(BudgetRef)}. */
    public CallContext budget(BudgetRef budget) {
        return new CallContext(idempotent, Objects.requireNonNull(budget, "budget"), deadline);
    }

    /**
     * See {@link Sluice#deadline(Duration)}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public CallContext deadline(Duration deadline) {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline must be greater than zero, was " + deadline);
        }
        return new CallContext(idempotent, budget, deadline);
    }

    @Override
    public Context apply(Context context) {
        Context written = idempotent == null ? context : context.put(IDEMPOTENT, idempotent);
        written = budget == null ? written : written.put(BUDGET, budget);
        return deadline == null ? written : written.put(DEADLINE, deadline);
    }
}
