package io.sluice.failure;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When a limit is free again, in any of the forms that providers use: {@code 6m0s} (OpenAI, Groq), {@code 55} or
 * {@code 33011.38} seconds (Azure, Cerebras), {@code 2024-03-26T20:00:00Z} (Anthropic), seconds or milliseconds since
 * 1970 (OpenRouter), a date of HTTP.
 */
final class ResetValue {

    /** A bare number below this is a delay in seconds, one above is an instant. */
    private static final long THIRTY_DAYS = 30 * Nanos.DAY / Nanos.SECOND;

    /** Seconds since 1970 have fewer digits than this until the year 33658, milliseconds have had more since 2001. */
    private static final long MILLIS_FROM = 1_000_000_000_000L;

    /** More digits stand for an instant. */
    private static final int DIGITS_OF_A_DELAY = 7;

    private static final int LONGEST = 64;

    private ResetValue() {}

    /**
     * How long until then; {@link Nanos#NONE} where it is not readable, or has passed.
     *
     * @param now the server's time as well as it is known; null means that only delays can be read
     */
    static long until(String text, @Nullable Instant now) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return Nanos.NONE;
        }
        long duration = DurationText.whole(text);
        if (duration != Nanos.NONE) {
            return duration;
        }
        long nanos = Nanos.of(text, Nanos.SECOND);
        if (nanos != Nanos.NONE && nanos < THIRTY_DAYS * Nanos.SECOND) {
            return nanos;
        }
        if (now == null) {
            return Nanos.NONE;
        }
        Instant at = nanos == Nanos.NONE ? instant(text, now) : sinceEpoch(text);
        return at == null ? Nanos.NONE : Nanos.between(now, at);
    }

    /**
     * By how much the time until then may be off to either side. Durations with units are written to the millisecond or
     * finer; whole numbers are cut or rounded to a second, and so are instants, which are counted from a date of HTTP
     * besides.
     */
    static Duration mayBeOff(String text) {
        long duration = text.length() > LONGEST ? 0 : DurationText.whole(text);
        if (duration != Nanos.NONE) {
            return StatedLimit.offInMillis(duration);
        }
        int point = text.indexOf('.');
        boolean fraction = point > 0 && point <= DIGITS_OF_A_DELAY && Scan.digitsEnd(text, 0) == point;
        if (!fraction) {
            return Duration.ofSeconds(1);
        }
        int places = Math.min(text.length() - point - 1, 3);
        return places == 3 ? StatedLimit.offInMillis(0) : Duration.ofMillis(places == 2 ? 10 : 100);
    }

    /** An instant that a number of seconds or milliseconds stands for; null where it is none, or an absurd one. */
    static @Nullable Instant sinceEpoch(String text) {
        int point = text.indexOf('.');
        long number = Scan.whole(point < 0 ? text : text.substring(0, point));
        if (number < 0) {
            return null;
        }
        boolean millis = number >= MILLIS_FROM;
        long fraction = point < 0 ? 0 : Nanos.of(text.substring(point), millis ? Nanos.MILLI : Nanos.SECOND);
        if (fraction == Nanos.NONE) {
            return null;
        }
        return (millis ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number)).plusNanos(fraction);
    }

    private static @Nullable Instant instant(String text, Instant now) {
        if (text.length() < 20 || text.charAt(4) != '-') {
            return HttpDate.parse(text, now);
        }
        try {
            return Instant.parse(text.toUpperCase(Locale.ROOT).replace(' ', 'T'));
        } catch (DateTimeException notAnInstant) {
            return null;
        }
    }
}
