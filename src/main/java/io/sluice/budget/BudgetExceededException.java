package io.sluice.budget;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.call.SentCall;
import io.sluice.model.Money;
import java.time.Duration;

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
    private final boolean cut;

    BudgetExceededException(
            String path, BudgetDimension dimension, long asked, long free, long limit, long reserved, boolean cut) {
        super("", null, FailureClass.REJECTED, null, false);
        this.path = path;
        this.dimension = dimension;
        this.asked = asked;
        this.free = free;
        this.limit = limit;
        this.reserved = reserved;
        this.cut = cut;
    }

    /** The same, of a stream that had begun. */
    BudgetExceededException ofStream() {
        return new BudgetExceededException(path, dimension, asked, free, limit, reserved, true);
    }

    /** Put together when it is read: a storm of refusals must not spend its time on text. */
    @Override
    public String getMessage() {
        String budget = (cut ? "The stream was cut: the" : "The") + " budget " + path;
        if (dimension == BudgetDimension.WALL_TIME) {
            return budget + " has no time left: it was " + amount(limit)
                    + " from when it was made. Allow a longer wallTime(..), or make another budget.";
        }
        return budget + " has " + (free < 0 ? "been overdrawn by " : "") + amount(Math.abs(free))
                + (free < 0 ? "" : " free") + " of " + amount(limit) + ", and " + amount(asked)
                + (cut ? " more" : "") + " would be needed; calls in flight have reserved " + amount(reserved)
                + ". Ask for less (a lower output cap reserves less), wait for those calls, or raise the limit.";
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

    /** Whether it ended a stream that had begun. */
    public boolean isCut() {
        return cut;
    }

    @Override
    public boolean wasSent() {
        return cut;
    }
}
