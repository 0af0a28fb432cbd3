package io.sluice.failure;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Sorts failures into {@link FailureClass}es, and reads how long a refused caller should wait. Never throws: whatever
 * it cannot read, it says nothing about.
 */
public final class FailureClassifier {

    /** The longest wait that is believed; a longer hint counts as this. */
    static final Duration MAX_WAIT = Duration.ofMinutes(10);

    private static final int CAUSES = 32;

    /** The one form that OpenAI's and Groq's texts use: a phrase and a Go duration, such as "try again in 1m2.5s". */
    private static final Pattern TRY_AGAIN =
            Pattern.compile("(?:try again|retry) (?:in|after) ((?:\\d{1,9}(?:\\.\\d{1,9})?(?:ms|h|m|s))+)(?![a-z])");

    private static final Pattern PAIR = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|h|m|s)");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,12}(?:\\.\\d{1,9})?");

    private FailureClassifier() {}

    /**
     * What an HTTP answer means, by its status alone; the provider's code decides between a limit on the rate and a
     * used-up quota, and names requests that no wait can make fit.
     *
     * @param status the HTTP status
     * @param code the provider's code or type of the error, or null
     * @param message the provider's words, or null
     */
    public static FailureClass byAnswer(int status, @Nullable String code, @Nullable String message) {
        String text = message == null ? "" : message.toLowerCase(Locale.ROOT);
        return switch (status) {
            case 429 -> {
                if ("insufficient_quota".equals(code)) {
                    yield FailureClass.QUOTA;
                }
                yield text.startsWith("request too large") ? FailureClass.TOO_LARGE : FailureClass.RATE_LIMIT;
            }
            case 413 -> FailureClass.TOO_LARGE;
            case 402 -> FailureClass.QUOTA;
            case 503, 529 -> FailureClass.OVERLOADED;
            case 408, 409, 500, 502, 504 -> FailureClass.TRANSIENT;
            default -> status >= 400 && status < 500 ? FailureClass.CALLER : FailureClass.UNKNOWN;
        };
    }

    /** What an exception means: its own word where it is one of ours, by its type where it is not. */
    public static FailureClass classify(Throwable error) {
        Throwable at = error;
        for (int i = 0; i < CAUSES && at != null; i++) {
            if (at instanceof SluiceException ours) {
                return ours.failureClass();
            }
            if (at instanceof IOException || at instanceof TimeoutException) {
                return FailureClass.TRANSIENT;
            }
            if (at instanceof IllegalArgumentException
                    || at instanceof NullPointerException
                    || at instanceof ClassCastException
                    || at instanceof Error) {
                return FailureClass.PROGRAMMING;
            }
            at = at.getCause();
        }
        return FailureClass.UNKNOWN;
    }

    /**
     * Whether the failure proves that the request never left: the name was not resolved, no connection was made, or
     * its encryption failed. Then a provider cannot have counted it.
     */
    public static boolean nothingSent(Throwable error) {
        Throwable at = error;
        for (int i = 0; i < CAUSES && at != null; i++) {
            if (at instanceof UnknownHostException
                    || at instanceof ConnectException
                    || at instanceof NoRouteToHostException
                    || at instanceof SSLHandshakeException) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    /**
     * How long the provider says to wait: {@code retry-after-ms}, else {@code retry-after} in seconds (RFC 9110 section
     * 10.2.3), else what the text says in the form of OpenAI and Groq.
     *
     * @param headers the answer's headers by lower-case name
     * @param message the provider's words, or null
     * @return at most ten minutes, or null where there is no readable hint
     */
    public static @Nullable Duration waitHint(
            Function<? super String, ? extends List<String>> headers, @Nullable String message) {
        Duration hint = number(headers.apply("retry-after-ms"), 1e6);
        if (hint == null) {
            hint = number(headers.apply("retry-after"), 1e9);
        }
        return hint != null || message == null ? hint : phrase(message.toLowerCase(Locale.ROOT));
    }

    private static @Nullable Duration number(List<String> values, double nanosPerUnit) {
        for (String value : values) {
            String text = value.strip();
            if (SECONDS.matcher(text).matches()) {
                return capped(Double.parseDouble(text) * nanosPerUnit);
            }
        }
        return null;
    }

    private static @Nullable Duration phrase(String text) {
        Matcher found = TRY_AGAIN.matcher(text);
        double longest = -1;
        while (found.find()) {
            double nanos = 0;
            Matcher pair = PAIR.matcher(found.group(1));
            while (pair.find()) {
                nanos += Double.parseDouble(pair.group(1))
                        * switch (pair.group(2)) {
                            case "ms" -> 1e6;
                            case "s" -> 1e9;
                            case "m" -> 60e9;
                            default -> 3600e9;
                        };
            }
            longest = Math.max(longest, nanos);
        }
        return longest < 0 ? null : capped(longest);
    }

    private static Duration capped(double nanos) {
        return Duration.ofNanos((long) Math.min(Math.ceil(nanos), (double) MAX_WAIT.toNanos()));
    }
}
