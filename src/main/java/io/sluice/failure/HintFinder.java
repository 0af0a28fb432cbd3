package io.sluice.failure;

import io.sluice.FailureClass;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Asks the sources of a wait hint in their order, until one gives one. */
final class HintFinder {

    private static final Duration A_DAY = Duration.ofDays(1);

    private final FailureClass meaning;
    private final int status;
    private final HeaderFields headers;
    private final ErrorSigns signs;
    private final @Nullable Instant now;
    private final Duration cap;

    HintFinder(
            FailureClass meaning,
            int status,
            HeaderFields headers,
            ErrorSigns signs,
            @Nullable Instant now,
            Duration cap) {
        this.meaning = meaning;
        this.status = status;
        this.headers = headers;
        this.signs = signs;
        this.now = now;
        this.cap = cap;
    }

    /** The hint; null where no source gives one, and where no wait can help. */
    @Nullable
    WaitHint find() {
        if (!meaning.retryable()) {
            return null;
        }
        if (signs.dailyQuota && meaning == FailureClass.RATE_LIMIT) {
            // Google's delay is that of the limit per minute, also where the day is used up: until then, longer.
            return new WaitHint(A_DAY, HintSource.BODY).within(cap);
        }
        WaitHint zero = null;
        for (HintSource source : HintSource.values()) {
            WaitHint hint = WaitHint.of(ask(source), cap, source);
            if (hint != null && !hint.asked().isZero()) {
                return hint;
            }
            // "At once" beside a refusal says little: whoever says more further down is believed.
            zero = zero == null ? hint : zero;
        }
        return zero;
    }

    private long ask(HintSource source) {
        return switch (source) {
            case RETRY_AFTER_MS ->
                Math.max(number("retry-after-ms", Nanos.MILLI), number("x-ms-retry-after-ms", Nanos.MILLI));
            case RETRY_AFTER -> retryAfter();
            case BODY -> body();
            case TEXT -> text();
            case RATELIMIT_FIELD -> rateLimitField();
            case RESET_HEADER -> reset();
            case OWN -> Nanos.NONE;
        };
    }

    /** The largest of the numbers that a header holds. */
    private long number(String header, long unit) {
        long longest = Nanos.NONE;
        for (String value : headers.values(header)) {
            longest = Math.max(longest, Nanos.of(value, unit));
        }
        return longest;
    }

    private long retryAfter() {
        long longest = number("retry-after", Nanos.SECOND);
        Instant from = serverTime();
        for (String value : headers.values("retry-after")) {
            longest = Math.max(longest, DurationText.whole(value));
            Instant at = from == null ? null : HttpDate.parse(value, from);
            if (at != null && from != null) {
                longest = Math.max(longest, Nanos.between(from, at));
            }
        }
        return longest;
    }

    /** Google cuts the delay to whole seconds where its words have the rest; half a second early is refused again. */
    private long body() {
        long field = signs.retryDelay;
        for (String value : signs.resets) {
            field = Math.max(field, ResetValue.until(value, serverTime()));
        }
        field = field != Nanos.NONE ? field : signs.quotaResetDelay;
        long words = field > 0 ? text() : Nanos.NONE;
        return words > field && words - field <= Nanos.SECOND ? words : field;
    }

    private long text() {
        boolean refused = meaning == FailureClass.RATE_LIMIT || meaning == FailureClass.OVERLOADED;
        long longest = words(signs, refused);
        for (String text : signs.texts) {
            longest = Math.max(longest, SubscriptionText.until(text, now));
        }
        return longest;
    }

    /** The longest wait that any of the error's words ask for. */
    static long words(ErrorSigns signs, boolean refused) {
        long longest = Nanos.NONE;
        for (String text : signs.lowerTexts) {
            longest = Math.max(longest, HintText.longest(text, refused));
        }
        return longest;
    }

    private long rateLimitField() {
        long exhausted = Nanos.NONE;
        long unknown = Nanos.NONE;
        for (IetfRateLimit limit : IetfRateLimit.all(headers)) {
            if (limit.remaining() == 0) {
                exhausted = Math.max(exhausted, limit.reset());
            } else if (limit.remaining() < 0 && isRefusalForRate()) {
                unknown = Math.max(unknown, limit.reset());
            }
        }
        return exhausted != Nanos.NONE ? exhausted : unknown;
    }

    private long reset() {
        // The seconds of Discord and others, which earlier versions of this program read.
        long after = number("x-ratelimit-reset-after", Nanos.SECOND);
        if (after != Nanos.NONE || !isRefusalForRate()) {
            return after;
        }
        return Math.max(RateLimitHeaders.of(headers, now).exhaustedReset(), UnifiedLimit.reset(headers, serverTime()));
    }

    private boolean isRefusalForRate() {
        return status == StatusTable.TOO_MANY_REQUESTS || meaning == FailureClass.RATE_LIMIT;
    }

    /** The server's clock where it tells it, because that is what it reckons with; else our own. */
    private @Nullable Instant serverTime() {
        Instant date = headers.date(now);
        return date == null ? now : date;
    }
}
