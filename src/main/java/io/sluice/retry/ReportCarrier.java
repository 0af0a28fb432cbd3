package io.sluice.retry;

import org.jspecify.annotations.Nullable;

/**
 * Attaches a report to the error that it is about, as a suppressed exception without a stack trace. An error that is the
 * same object each time carries one, with the latest report, so that it does not grow.
 */
final class ReportCarrier extends Exception {

    private static final long serialVersionUID = 1;

    /** A chain of causes that is longer, or a circle, is not searched further. */
    private static final int DEEPEST = 32;

    private volatile RetryReport report;

    private ReportCarrier(RetryReport report) {
        super(null, null, false, false);
        this.report = report;
    }

    static void attach(Throwable error, RetryReport report) {
        ReportCarrier carrier = find(error);
        if (carrier == null) {
            error.addSuppressed(new ReportCarrier(report));
            // Should two threads come here with one error, both add, and both go by the first.
            carrier = find(error);
        }
        if (carrier != null) {
            carrier.report = report;
        }
    }

    /** The report on the error, or on the nearest of its causes; null where there is none. */
    static @Nullable RetryReport report(Throwable error) {
        Throwable at = error;
        for (int depth = 0; at != null && depth < DEEPEST; depth++) {
            ReportCarrier carrier = find(at);
            if (carrier != null) {
                return carrier.report;
            }
            at = at.getCause();
        }
        return null;
    }

    private static @Nullable ReportCarrier find(Throwable error) {
        for (Throwable suppressed : error.getSuppressed()) {
            if (suppressed instanceof ReportCarrier carrier) {
                return carrier;
            }
        }
        return null;
    }

    @Override
    public String getMessage() {
        RetryReport shown = report;
        return shown.attempts() + (shown.attempts() == 1 ? " attempt, " : " attempts, ")
                + shown.waited().toMillis() + " ms of waiting between them: " + shown.reason();
    }
}
