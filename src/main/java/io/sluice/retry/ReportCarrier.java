package io.sluice.retry;

import org.jspecify.annotations.Nullable;

/**
 * Attaches a report to the error that it is about, as a suppressed exception without a stack trace. An error that is the
 * same object each time carries one, with the latest report, so that it does not grow.
 */
final class ReportCarrier extends Exception {

    private static final long serialVersionUID = 1;

    private transient volatile RetryReport report;

    private ReportCarrier(RetryReport report) {
        super(null, null, false, false);
        this.report = report;
    }

    static void attach(Throwable error, RetryReport report) {
        ReportCarrier carrier = find(error);
        if (carrier != null) {
            carrier.report = report;
        } else {
            error.addSuppressed(new ReportCarrier(report));
        }
    }

    static @Nullable RetryReport report(Throwable error) {
        ReportCarrier carrier = find(error);
        return carrier == null ? null : carrier.report;
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
        return shown == null
                ? "retries ended"
                : shown.attempts() + (shown.attempts() == 1 ? " attempt, " : " attempts, ")
                        + shown.waited().toMillis() + " ms of waiting between them: " + shown.reason();
    }
}
