package io.sluice.ratelimit;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * No permit could be had in the time that the caller gave; or it was certain from the start that none could, and nobody
 * waited for it.
 */
public final class AcquireTimeoutException extends SluiceException {

    private final ModelKey key;
    private final TokenEstimate asked;
    private final Duration timeout;
    private final Duration waited;
    private final transient LedgerView view;
    private final long ahead;

    AcquireTimeoutException(
            ModelKey key,
            TokenEstimate asked,
            Duration timeout,
            Duration waited,
            Duration needed,
            LedgerView view,
            long ahead) {
        super("", null, FailureClass.REJECTED, needed, false);
        this.key = key;
        this.asked = asked;
        this.timeout = timeout;
        this.waited = waited;
        this.view = view;
        this.ahead = ahead;
    }

    /** Put together when it is read: a storm of time-outs must not spend its time on text. */
    @Override
    public String getMessage() {
        RateLimitProfile profile = view.profile();
        return "No permit for " + key + " within " + timeout + " (waited " + waited + ", needed about "
                + retryAfter() + "): asked 1 request and " + asked.total() + " tokens; charged in this window "
                + view.requests() + " of " + limit(profile.rpm(), profile.effectiveRpm()) + " requests and "
                + view.tokens() + " of " + limit(profile.tpm(), profile.effectiveTpm()) + " tokens; " + further(profile)
                + view.inFlight() + " of " + view.cap() + " calls in flight; " + ahead
                + " waiting ahead. Allow a longer timeout, raise the limits, or send less.";
    }

    private String further(RateLimitProfile profile) {
        StringBuilder text = new StringBuilder();
        view.further()
                .forEach((limit, charged) -> text.append(charged)
                        .append(" of ")
                        .append(profile.effective(limit))
                        .append(' ')
                        .append(limit.inWords())
                        .append("; "));
        return text.toString();
    }

    private static String limit(@Nullable Long limit, long effective) {
        return limit == null ? "unlimited" : Long.toString(effective);
    }

    /** The model that was asked for. */
    public ModelKey key() {
        return key;
    }

    /** What was asked for, beside one request. */
    public TokenEstimate asked() {
        return asked;
    }

    /** How long the caller was ready to wait. */
    public Duration timeout() {
        return timeout;
    }

    /** How long the caller waited; zero where it was certain at once that no permit could be had in time. */
    public Duration waited() {
        return waited;
    }
}
