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

    /** Which attempt of a call a context belongs to: 1 for the first one, and where nothing is retried. */
    public static int attempt(ContextView context) {
        RetryTicket ticket = RetryTicket.of(context);
        return ticket == null ? 1 : ticket.attempt();
    }
}
