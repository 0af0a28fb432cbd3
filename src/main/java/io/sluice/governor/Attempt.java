package io.sluice.governor;

import io.sluice.budget.Budget;
import io.sluice.budget.Reservation;
import io.sluice.call.Call;
import io.sluice.deadline.Deadline;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.Permit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a governed call, as the function sees it that makes it. What is not part of the governor is null.
 *
 * <pre>{@code
 * governor.govern(call, attempt -> client.ask(attempt.arguments())
 *         .doOnNext(answer -> attempt.used(answer.usage())))
 * }</pre>
 */
public final class Attempt<A> {

    private final Call<A> call;
    private final A arguments;
    private final int number;
    private final @Nullable Permit permit;
    private final @Nullable Budget budget;
    private final Deadline deadline;
    private final GovernedCall account;

    Attempt(
            Call<A> call,
            A arguments,
            @Nullable Permit permit,
            @Nullable Budget budget,
            Deadline deadline,
            GovernedCall account) {
        this.call = call;
        this.arguments = arguments;
        this.number = account.attempts();
        this.permit = permit;
        this.budget = budget;
        this.deadline = deadline;
        this.account = account;
    }

    /** The call as it was asked for. */
    public Call<A> call() {
        return call;
    }

    /** What to make the call with: its own arguments, or those that whoever approved it put in their place. */
    public A arguments() {
        return arguments;
    }

    /** Which attempt it is, from 1. */
    public int number() {
        return number;
    }

    /** What the attempt is sent under; ended by the governor. Null where there is no limiter. */
    public @Nullable Permit permit() {
        return permit;
    }

    /** What the call is charged to; null where there is none. Its {@link #reservation} is ended by the governor. */
    public @Nullable Budget budget() {
        return budget;
    }

    /** What is held of the budget for this call; null where there is none. */
    public @Nullable Reservation reservation() {
        return account.reservation();
    }

    /** What bounds the attempt. */
    public Deadline deadline() {
        return deadline;
    }

    /**
     * What the attempt has used until now, all in all; the last word counts, and is settled with the limiter and the budget
     * when the attempt ends. Where nothing is said, it costs what was estimated.
     */
    public void used(TokenUsage usage) {
        account.used(number, Objects.requireNonNull(usage, "usage"));
    }

    /** Leaves out the arguments, which may hold prompts and secrets. */
    @Override
    public String toString() {
        return "Attempt[" + number + " of " + call + "]";
    }
}
