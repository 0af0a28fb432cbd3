package io.sluice.governor;

import io.sluice.failure.FailureClassifier;
import io.sluice.failure.FailureReading;
import io.sluice.support.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Outcomes as JSON. {@code debounced} and {@code circuit_open} have the keys of delimit's {@code hardened_dispatch}; the
 * others follow them.
 */
final class OutcomeJson {

    private OutcomeJson() {}

    static String of(Outcome<?> outcome) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("status", status(outcome));
        json.put("tool", outcome.call());
        if (outcome instanceof Outcome.Completed<?> completed) {
            json.put("attempts", completed.attempts());
        } else if (outcome instanceof Outcome.FellBack<?> fellBack) {
            json.put("fallback", fellBack.fallback()).put("error", shown(fellBack.failure()));
        } else if (outcome instanceof Outcome.Debounced<?> debounced) {
            json.put("retry_in_seconds", tenths(debounced.retryAfter()));
        } else if (outcome instanceof Outcome.CircuitOpen<?> open) {
            json.put("consecutive_failures", open.consecutiveFailures());
        } else if (outcome instanceof Outcome.Declined<?> declined) {
            json.put("reason", declined.reason());
        } else if (outcome instanceof Outcome.BudgetExceeded<?> exceeded) {
            json.put("budget", exceeded.budget()).put("error", shown(exceeded.failure()));
        } else if (outcome instanceof Outcome.RateLimited<?> limited) {
            putWait(json, limited.retryAfter()).put("error", shown(limited.failure()));
        } else if (outcome instanceof Outcome.TimedOut<?> late) {
            json.put("bound", late.bound().name().toLowerCase(Locale.ROOT));
            json.put("limit_seconds", Json.seconds(late.limit()));
        } else if (outcome instanceof Outcome.Failed<?> failed) {
            json.put("failure_class", failed.failureClass().name().toLowerCase(Locale.ROOT));
            json.put("error", shown(failed.failure()));
        }
        return Json.compact(json);
    }

    private static String status(Outcome<?> outcome) {
        String name = outcome.getClass().getSimpleName();
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    private static ObjectNode putWait(ObjectNode json, @Nullable Duration retryAfter) {
        return retryAfter == null ? json : json.put("retry_in_seconds", tenths(retryAfter));
    }

    /** To a tenth, as the original; but rounded up, so that whoever waits for so long does not come too early. */
    private static BigDecimal tenths(Duration time) {
        return BigDecimal.valueOf(time.getSeconds())
                .add(BigDecimal.valueOf(time.getNano(), 9))
                .setScale(1, RoundingMode.CEILING);
    }

    /** An error's words without what looks like a key. */
    static String shown(Throwable error) {
        FailureReading reading = FailureClassifier.standard().read(error, null);
        String words = reading.message();
        return words == null ? error.getClass().getSimpleName() : words;
    }
}
