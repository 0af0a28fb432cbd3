package io.sluice.deadline;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.call.SentCall;
import java.time.Duration;

/**
 * A call was cancelled because its time was over. One that ran out of the time of an attempt, of its first element or
 * between elements counts as a failure of the other side ({@link FailureClass#TRANSIENT}); a total deadline is our own
 * refusal to go on ({@link FailureClass#REJECTED}).
 */
public final class DeadlineExceededException extends SluiceException implements SentCall {

    private final String call;
    private final Bound bound;
    private final Duration limit;
    private final Duration waited;
    private final long elements;

    DeadlineExceededException(String call, Bound bound, Duration limit, Duration waited, long elements) {
        super("", null, bound == Bound.TOTAL ? FailureClass.REJECTED : FailureClass.TRANSIENT, null, false);
        this.call = call;
        this.bound = bound;
        this.limit = limit;
        this.waited = waited;
        this.elements = elements;
    }

    /** Put together when it is read. */
    @Override
    public String getMessage() {
        String within = " within " + limit + " (waited " + waited + "); it was cancelled. ";
        return switch (bound) {
            case ATTEMPT ->
                "An attempt of " + call + " did not end" + within + received()
                        + "Try again, or allow an attempt more time.";
            case FIRST_ELEMENT ->
                "No first element of " + call + within + "Try again, or allow the first element more time.";
            case GAP -> "No further element of " + call + within + received() + "Try again, or allow a longer gap.";
            case TOTAL ->
                call + " with its attempts and waits did not end" + within + "Allow a longer total, or do less.";
        };
    }

    private String received() {
        return elements == 0 ? "" : "Elements until then: " + elements + ". ";
    }

    /** What was called, as the deadline names it. */
    public String call() {
        return call;
    }

    /** True: a call whose time is over may be on its way, and may cost what it was to cost. */
    @Override
    public boolean wasSent() {
        return true;
    }

    /** Which deadline it was. */
    public Bound bound() {
        return bound;
    }

    /** How much time was allowed. */
    public Duration limit() {
        return limit;
    }

    /** How long was waited; at least the limit. */
    public Duration waited() {
        return waited;
    }

    /** How many elements came before. */
    public long elements() {
        return elements;
    }
}
