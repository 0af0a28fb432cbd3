package io.sluice.budget;

import io.sluice.SluiceException;
import java.time.Instant;

/**
 * What happened in a tree of budgets. Events of one tree are numbered one after the other while anybody listens; a subscriber
 * that was too slow for some sees a gap, and so does one that listens to a part of the tree.
 */
public sealed interface BudgetEvent {

    /** The number of the event, counted from 1 over all budgets of the tree. */
    long sequence();

    /** When it happened. */
    Instant at();

    /** The budget that it happened in, such as {@code run/researcher}; what is spent there is spent above it as well. */
    String path();

    /** A call has reserved what it may cost. */
    record Reserved(long sequence, Instant at, String path, BudgetAmount amount) implements BudgetEvent {}

    /** A call that has a reservation got more: for a further attempt, or because a stream went on beyond its estimate. */
    record ToppedUp(long sequence, Instant at, String path, BudgetAmount amount) implements BudgetEvent {}

    /** A call waits for the budget {@code exhausted}, its own or one around it, to have so much. */
    record Waiting(long sequence, Instant at, String path, String exhausted, BudgetAmount amount)
            implements BudgetEvent {}

    /** Somebody is asked to raise the limits, because a call did not fit. */
    record TopUpAsked(long sequence, Instant at, String path, BudgetExceededException reason) implements BudgetEvent {}

    /** The limits were raised by {@code amount}; until the end of the window, where there is one. */
    record Raised(long sequence, Instant at, String path, BudgetAmount amount) implements BudgetEvent {}

    /**
     * A new window of the calendar has begun, at {@code begun}; {@code before} was spent in the last one that was used. It is
     * told at that moment, or at the latest a minute after the machine was woken up.
     */
    record WindowBegan(long sequence, Instant at, String path, Instant begun, BudgetAmount before)
            implements BudgetEvent {}

    /** A call is over and has cost {@code spent}. */
    record Committed(long sequence, Instant at, String path, BudgetAmount reserved, BudgetAmount spent)
            implements BudgetEvent {}

    /** A call is over and has cost nothing. */
    record Released(long sequence, Instant at, String path, BudgetAmount reserved) implements BudgetEvent {}

    /** A reservation was held for longer than its lease, and is taken for spent. */
    record Expired(long sequence, Instant at, String path, BudgetAmount spent) implements BudgetEvent {}

    /** A call, or more of a call, was turned away. */
    record Rejected(long sequence, Instant at, String path, SluiceException reason) implements BudgetEvent {}

    /**
     * So many percent of a limit were spent; told once for each. The numbers are tokens, nano-dollars, calls or nanoseconds.
     * That time has passed is noticed by the next call.
     */
    record ThresholdReached(
            long sequence, Instant at, String path, BudgetDimension dimension, int percent, long spent, long limit)
            implements BudgetEvent {}

    /** Calls have cost more than was estimated, and so more than there is: by {@code overdraft} in all. */
    record Overdrawn(long sequence, Instant at, String path, BudgetDimension dimension, long overdraft, long limit)
            implements BudgetEvent {}

    /** What a call has cost could not be found out; {@code spent}, what it had reserved, is taken for it. */
    record CommitFailed(long sequence, Instant at, String path, BudgetAmount spent, Throwable reason)
            implements BudgetEvent {}

    /**
     * What happens cannot be written down at present. Calls that run are settled and go on; none is admitted until {@link
     * KeptAgain}. It is tried again every second.
     */
    record Unkept(long sequence, Instant at, String path, SluiceException reason) implements BudgetEvent {}

    /** What happened is written down again, all of it. */
    record KeptAgain(long sequence, Instant at, String path) implements BudgetEvent {}

    /** There is another budget. */
    record Opened(long sequence, Instant at, String path, BudgetLimits limits) implements BudgetEvent {}

    /** A budget was disposed of. */
    record Closed(long sequence, Instant at, String path) implements BudgetEvent {}
}
