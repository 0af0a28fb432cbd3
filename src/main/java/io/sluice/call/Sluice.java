package io.sluice.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * What a program says about its calls, and how parts of this library hear of it through code that knows nothing of them:
 * in the Reactor Context.
 *
 * <pre>{@code
 * agent.run(task).contextWrite(Sluice.idempotent(false))
 * }</pre>
 */
public final class Sluice {

    private Sluice() {}

    /** Says nothing, to begin with. */
    public static CallContext nothing() {
        return CallContext.NONE;
    }

    /**
     * Says whether calls may be repeated after a failure that does not tell whether they were carried out. Calls are,
     * unless somebody says otherwise; the innermost word counts, also against the settings of a retry.
     */
    public static CallContext idempotent(boolean idempotent) {
        return CallContext.NONE.idempotent(idempotent);
    }

    /** What was said with {@link #idempotent(boolean)}; null where nothing was. */
    public static @Nullable Boolean idempotent(ContextView context) {
        return context.isEmpty() ? null : context.getOrDefault(CallContext.IDEMPOTENT, null);
    }

    /**
     * Says whose budget calls are for. The innermost word counts, so an agent that delegates gives the other agent a child of
     * its own budget; what the child spends counts for both.
     */
    public static CallContext budget(BudgetRef budget) {
        return CallContext.NONE.budget(budget);
    }

    /** What was said with {@link #budget(BudgetRef)}; null where nothing was. */
    public static @Nullable BudgetRef budget(ContextView context) {
        return context.isEmpty() ? null : context.getOrDefault(CallContext.BUDGET, null);
    }

    /**
     * Says how long each governed call may take in total, with its attempts and waits, from when it begins; it narrows what
     * is set elsewhere and never widens it. The innermost word counts.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public static CallContext deadline(Duration deadline) {
        return CallContext.NONE.deadline(deadline);
    }

    /** What was said with {@link #deadline(Duration)}; null where nothing was. */
    public static @Nullable Duration deadline(ContextView context) {
        return context.isEmpty() ? null : context.getOrDefault(CallContext.DEADLINE, null);
    }

    /**
     * Says for whom calls are made, where several tenants share the same limits: a limiter then divides what it lets through
     * among those who wait by their weights. The innermost word counts.
     *
     * @param tenant its name, as it stands among the weights of the limiter; told apart by upper and lower case
     * @throws IllegalArgumentException if it is blank
     */
    public static CallContext tenant(String tenant) {
        return CallContext.NONE.tenant(tenant);
    }

    /** What was said with {@link #tenant(String)}; null where nothing was. */
    public static @Nullable String tenant(ContextView context) {
        return context.isEmpty() ? null : context.getOrDefault(CallContext.TENANT, null);
    }

    /** Says which calls go first where several wait for the same limits. The innermost word counts. */
    public static CallContext priority(Priority priority) {
        return CallContext.NONE.priority(priority);
    }

    /** What was said with {@link #priority(Priority)}; null where nothing was. */
    public static @Nullable Priority priority(ContextView context) {
        return context.isEmpty() ? null : context.getOrDefault(CallContext.PRIORITY, null);
    }

    /** Which attempt of a call a context belongs to: 1 for the first one, and where nothing is retried. */
    public static int attempt(ContextView context) {
        RetryTicket ticket = RetryTicket.of(context);
        return ticket == null ? 1 : ticket.attempt();
    }
}
