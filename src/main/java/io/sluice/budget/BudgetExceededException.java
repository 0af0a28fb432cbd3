package io.sluice.budget;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.call.SentCall;
import io.sluice.model.Money;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a call may cost does not fit a budget, its own or one around it. Nothing was sent and nothing is charged for it; unless
 * a stream was {@linkplain #isCut() cut}, which is charged what it used.
 */
public final class BudgetExceededException extends SluiceException implements SentCall {

    private final String path;
    private final BudgetDimension dimension;
    private final long asked;
    private final long free;
    private final long limit;
    private final long reserved;
    private final @Nullable BudgetWindow window;
    private final @Nullable Duration waited;
    private final boolean cut;

    BudgetExceededException(
            String path,
            BudgetDimension dimension,
            long asked,
            long free,
            long limit,
            long reserved,
            @Nullable BudgetWindow window,
            @Nullable Duration freeIn,
            @Nullable Duration waited,
            boolean cut,
            @Nullable Throwable cause) {
        super("", cause, FailureClass.REJECTED, freeIn, false);
        this.path = path;
        this.dimension = dimension;
        this.asked = asked;
        this.free = free;
        this.limit = limit;
        this.reserved = reserved;
        this.window = window;
        this.waited = waited;
        this.cut = cut;
    }

    private BudgetExceededException(
            BudgetExceededException of, @Nullable Duration waited, boolean cut, @Nullable Throwable cause) {
        this(
                of.path,
                of.dimension,
                of.asked,
                of.free,
                of.limit,
                of.reserved,
                of.window,
                of.retryAfter(),
                waited,
                cut,
                cause);
    }

    /** The same, of a stream that had begun. */
    BudgetExceededException ofStream() {
        return new BudgetExceededException(this, waited, true, null);
    }

    /** The same, of a call that has waited so long for it to change. */
    BudgetExceededException after(Duration waited) {
        return new BudgetExceededException(this, waited, cut, getCause());
    }

    /** The same, of a call that nothing was topped up for. */
    BudgetExceededException because(@Nullable Throwable noTopUp) {
        return new BudgetExceededException(this, waited, cut, noTopUp);
    }

    /** Put together when it is read: a storm of refusals must not spend its time on text. */
    @Override
    public String getMessage() {
        String budget = (cut ? "The stream was cut: the" : "The") + " budget " + path;
        if (dimension == BudgetDimension.WALL_TIME) {
            return budget + " has no time left: it was " + amount(limit)
                    + " from when it was made. Allow a longer wallTime(..), or make another budget.";
        }
        Duration freeIn = retryAfter();
        return budget + " has " + (free < 0 ? "been overdrawn by " : "") + amount(Math.abs(free))
                + (free < 0 ? "" : " free") + " of " + amount(limit)
                + (window == null ? "" : " (" + window + ")") + ", and " + amount(asked)
                + (cut ? " more" : "") + " would be needed; calls in flight have reserved " + amount(reserved)
                + (waited == null ? "" : "; the call has waited for it for " + waited)
                + (freeIn == null ? "" : "; it will be free in " + freeIn)
                + (getCause() == null
                        ? ""
                        : "; it was not topped up: " + getCause().getMessage())
                + ". Ask for less (a lower output cap reserves less), wait for "
                + (freeIn == null ? "those calls" : "the window") + ", or raise the limit.";
    }

    private String amount(long value) {
        return switch (dimension) {
            case TOKENS -> value + " tokens";
            case MONEY -> new Money(value).toString();
            case CALLS -> value + " calls";
            case WALL_TIME -> Duration.ofNanos(value).toString();
        };
    }

    /** The budget that it does not fit, such as {@code run/researcher}: the innermost of those. */
    public String path() {
        return path;
    }

    /** In what it does not fit; says what the numbers here are counted in. */
    public BudgetDimension dimension() {
        return dimension;
    }

    /**
     * How long until there is as much as the call asked for, if nothing else is spent meanwhile; null where that is never, or
     * depends on calls in flight alone.
     */
    @Override
    public @Nullable Duration retryAfter() {
        return super.retryAfter();
    }

    /** How much was asked for: tokens, nano-dollars or calls; 0 for time. */
    public long asked() {
        return asked;
    }

    /** How much was neither spent nor reserved; negative where more was spent than the limit; 0 for time. */
    public long free() {
        return free;
    }

    /** The limit: tokens, nano-dollars, calls or nanoseconds. */
    public long limit() {
        return limit;
    }

    /** How much calls in flight have reserved; some of it may become free. */
    public long reserved() {
        return reserved;
    }

    /** The window that the limit counts for; null where it counts for as long as the budget lives. */
    public @Nullable BudgetWindow window() {
        return window;
    }

    /** How long the call has waited for something to become free; null where it did not wait. */
    public @Nullable Duration waited() {
        return waited;
    }

    /** Whether it ended a stream that had begun. */
    public boolean isCut() {
        return cut;
    }

    @Override
    public boolean wasSent() {
        return cut;
    }
}
