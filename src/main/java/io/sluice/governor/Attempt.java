package io.sluice.governor;

import io.sluice.budget.Budget;
import io.sluice.budget.Reservation;
import io.sluice.call.Call;
import io.sluice.deadline.Deadline;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.Permit;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

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
    private final GovernedCall account;
    private final CoreSubscriber<?> around;

    Attempt(
            Call<A> call,
            A arguments,
            @Nullable Permit permit,
            @Nullable Budget budget,
            GovernedCall account,
            CoreSubscriber<?> around) {
        this.call = call;
        this.arguments = arguments;
        this.number = account.attempts();
        this.permit = permit;
        this.budget = budget;
        this.account = account;
        this.around = around;
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

    /**
     * How long it may still take as things stand: what is left of the attempt, of the whole call, or of a call around it,
     * whichever ends first; zero where that is over. Null where there is no deadline. Ask again later: it gets less. A
     * stream has more of it between elements only as long as it goes on.
     */
    public @Nullable Duration deadline() {
        return Deadline.timeLeft(around.currentContext());
    }

    /**
     * What the attempt has used until now, all in all; the last word counts, and is settled with the limiter and the budget
     * when the attempt ends. Where nothing is said, it costs what was estimated.
     *
     * <p>In a stream, said before an element is told: where it is more than was reserved, more is reserved, and where the
     * budget has no more, the stream is cut with {@link io.sluice.budget.BudgetExceededException} instead of that element.
     */
    public void used(TokenUsage usage) {
        account.used(number, Objects.requireNonNull(usage, "usage"));
    }

    /**
     * A stream has told so many tokens of output more, for streams that state what they used at their end or not at all.
     * Counts as {@link #used} does until more is stated; if the stream breaks off, the larger of both counts.
     *
     * @param tokens how many more
     * @throws IllegalArgumentException if it is negative
     */
    public void counted(long tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException("tokens must not be negative, was " + tokens);
        }
        account.counted(number, tokens);
    }

    /** Leaves out the arguments, which may hold prompts and secrets. */
    @Override
    public String toString() {
        return "Attempt[" + number + " of " + call + "]";
    }
}
