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
        DEADLINE,
        TENANT,
        PRIORITY
    }

    static final Object IDEMPOTENT = Key.IDEMPOTENT;
    static final Object BUDGET = Key.BUDGET;
    static final Object DEADLINE = Key.DEADLINE;
    static final Object TENANT = Key.TENANT;
    static final Object PRIORITY = Key.PRIORITY;

    static final CallContext NONE = new CallContext(null, null, null, null, null);

    private final @Nullable Boolean idempotent;
    private final @Nullable BudgetRef budget;
    private final @Nullable Duration deadline;
    private final @Nullable String tenant;
    private final @Nullable Priority priority;

    private CallContext(
            @Nullable Boolean idempotent,
            @Nullable BudgetRef budget,
            @Nullable Duration deadline,
            @Nullable String tenant,
            @Nullable Priority priority) {
        this.idempotent = idempotent;
        this.budget = budget;
        this.deadline = deadline;
        this.tenant = tenant;
        this.priority = priority;
    }

    /** See {@link Sluice#idempotent(boolean)}. */
    public CallContext idempotent(boolean idempotent) {
        return new CallContext(idempotent, budget, deadline, tenant, priority);
    }

    /** See {@link Sluice#budget(BudgetRef)}. */
    public CallContext budget(BudgetRef budget) {
        return new CallContext(idempotent, Objects.requireNonNull(budget, "budget"), deadline, tenant, priority);
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
        return new CallContext(idempotent, budget, deadline, tenant, priority);
    }

    /**
     * See {@link Sluice#tenant(String)}.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public CallContext tenant(String tenant) {
        if (tenant.isBlank()) {
            throw new IllegalArgumentException("the name of a tenant must not be blank");
        }
        return new CallContext(idempotent, budget, deadline, tenant, priority);
    }

    /** See {@link Sluice#priority(Priority)}. */
    public CallContext priority(Priority priority) {
        return new CallContext(idempotent, budget, deadline, tenant, Objects.requireNonNull(priority, "priority"));
    }

    @Override
    public Context apply(Context context) {
        Context written = put(context, IDEMPOTENT, idempotent);
        written = put(written, BUDGET, budget);
        written = put(written, DEADLINE, deadline);
        written = put(written, TENANT, tenant);
        return put(written, PRIORITY, priority);
    }

    private static Context put(Context context, Object key, @Nullable Object said) {
        return said == null ? context : context.put(key, said);
    }
}
