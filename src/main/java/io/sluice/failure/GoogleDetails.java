package io.sluice.failure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The details of Google's errors (google.rpc): when to come again, and which quotas were exceeded. They are known by
 * their fields, because gateways drop their {@code @type}.
 */
final class GoogleDetails {

    private GoogleDetails() {}

    /** Adds what one level of an error holds. */
    static void read(Map<?, ?> error, ErrorSigns signs) {
        long retryDelay = duration(error.get("retrydelay"));
        if (retryDelay != Nanos.NONE) {
            signs.retryDelay = Math.max(signs.retryDelay, retryDelay);
            signs.quotaDetails = true;
        }
        signs.quotaResetDelay = Math.max(signs.quotaResetDelay, duration(error.get("quotaresetdelay")));
        if (error.get("violations") instanceof List<?> violations) {
            for (Object violation : violations) {
                if (violation instanceof Map<?, ?> quota) {
                    violation(quota, signs);
                }
            }
        }
        if (error.get("promptfeedback") instanceof Map<?, ?> feedback
                && feedback.get("blockreason") instanceof String) {
            signs.refused = true;
        }
    }

    /** Adds what the words hold where a client has written the details into them in some language of its own. */
    static void read(String lowerText, ErrorSigns signs) {
        if (!lowerText.contains("quotaid")) {
            return;
        }
        signs.quotaDetails = true;
        signs.dailyQuota |= lowerText.contains("perday");
        int value = lowerText.indexOf("quotavalue");
        while (value >= 0) {
            int at = value + "quotavalue".length();
            int number = at;
            while (number < lowerText.length()
                    && number - at < 6
                    && "\"'\\ :=".indexOf(lowerText.charAt(number)) >= 0) {
                number++;
            }
            int end = Scan.digitsEnd(lowerText, number);
            signs.zeroQuota |= end == number + 1 && lowerText.charAt(number) == '0';
            value = lowerText.indexOf("quotavalue", at);
        }
    }

    private static void violation(Map<?, ?> quota, ErrorSigns signs) {
        signs.quotaDetails = true;
        signs.zeroQuota |= "0".equals(quota.get("quotavalue"));
        signs.dailyQuota |= quota.get("quotaid") instanceof String id
                && id.toLowerCase(Locale.ROOT).contains("perday");
    }

    /** A duration of protobuf: {@code "34.07s"}, any other Go duration, or its two parts. */
    private static long duration(@Nullable Object value) {
        if (value instanceof String text) {
            return DurationText.whole(text);
        }
        if (!(value instanceof Map<?, ?> parts)) {
            return Nanos.NONE;
        }
        long seconds = part(parts.get("seconds"), Nanos.SECOND);
        long nanos = part(parts.get("nanos"), 1);
        return seconds == Nanos.NONE || nanos == Nanos.NONE ? Nanos.NONE : Nanos.sum(seconds, nanos);
    }

    private static long part(@Nullable Object value, long unit) {
        if (value == null) {
            return 0;
        }
        return value instanceof String text ? Nanos.of(text, unit) : Nanos.NONE;
    }
}
