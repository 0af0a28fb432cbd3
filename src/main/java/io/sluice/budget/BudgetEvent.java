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

    /** There is another budget. */
    record Opened(long sequence, Instant at, String path, BudgetLimits limits) implements BudgetEvent {}

    /** A budget was disposed of. */
    record Closed(long sequence, Instant at, String path) implements BudgetEvent {}
}
