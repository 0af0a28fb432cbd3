package io.sluice.failure;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of one answer say about the provider's limits, refused or not: OpenAI, Anthropic, Azure, OpenRouter,
 * Mistral, Groq, Cerebras. Values that cannot be true are left out; reading never throws, whatever the source does.
 *
 * @param limits the limits that are stated, in a fixed order; several may count the same, then all of them hold
 * @param date when the server wrote the answer, to the second; null where it does not say
 */
public record RateLimitHeaders(
        List<StatedLimit> limits, @Nullable Instant date) {

    /** Nothing is stated. */
    public static final RateLimitHeaders NONE = new RateLimitHeaders(List.of(), null);

    /** More than any limit, and far from an overflow when it is multiplied. */
    private static final long LARGEST = 1_000_000_000_000_000L;

    /** Copies the list. */
    public RateLimitHeaders {
        limits = List.copyOf(limits);
    }

    /**
     * Reads the headers of an answer.
     *
     * @param headers gives all values of a header; asked with names in lower case, and answers without regard to case
     * @param now the time of this machine, which instants are counted from where the answer has no {@code Date}; null
     *     where it is not known
     */
    public static RateLimitHeaders of(
            Function<? super String, ? extends @Nullable List<String>> headers, @Nullable Instant now) {
        Objects.requireNonNull(headers, "headers");
        return of(new HeaderFields(headers, Map.of()), now);
    }

    static RateLimitHeaders of(HeaderFields headers, @Nullable Instant now) {
        Instant date = headers.date(now);
        List<StatedLimit> limits = new ArrayList<>();
        StatedLimit restrictive = null;
        for (LimitHeaderNames names : LimitHeaderNames.ALL) {
            StatedLimit limit = read(names, headers, date == null ? now : date);
            if (limit != null) {
                limits.add(limit);
                restrictive = names.equals(LimitHeaderNames.MOST_RESTRICTIVE) ? limit : restrictive;
            }
        }
        if (restrictive != null && repeats(restrictive, limits)) {
            limits.remove(restrictive);
        }
        return limits.isEmpty() && date == null ? NONE : new RateLimitHeaders(limits, date);
    }

    /** Whether no limit is stated. */
    public boolean isEmpty() {
        return limits.isEmpty();
    }

    /** The stated limits that count one thing. */
    public List<StatedLimit> of(LimitKind kind) {
        return limits.stream().filter(limit -> limit.kind() == kind).toList();
    }

    /**
     * How long until the limit that refused is free again: of those with nothing left the longest; where none is
     * exhausted, the longest of those that do not say what is left. A reset of zero says nothing, Azure sends it for
     * "unknown".
     *
     * @return nanoseconds, or {@link Nanos#NONE}
     */
    long exhaustedReset() {
        long exhausted = Nanos.NONE;
        long unknown = Nanos.NONE;
        for (StatedLimit limit : limits) {
            Duration reset = limit.reset();
            if (reset == null || reset.isZero()) {
                continue;
            }
            if (limit.isExhausted()) {
                exhausted = Math.max(exhausted, Nanos.of(reset));
            } else if (!limit.hasRemaining()) {
                unknown = Math.max(unknown, Nanos.of(reset));
            }
        }
        return exhausted != Nanos.NONE ? exhausted : unknown;
    }

    /** Whether it is that of one direction once more, and so none on both. */
    private static boolean repeats(StatedLimit restrictive, List<StatedLimit> limits) {
        return limits.stream()
                .filter(limit ->
                        limit.name().equals("input-tokens") || limit.name().equals("output-tokens"))
                .anyMatch(limit -> !restrictive.hasLimit() || restrictive.limit() == limit.limit());
    }

    private static @Nullable StatedLimit read(LimitHeaderNames names, HeaderFields headers, @Nullable Instant now) {
        long limit = names.limit() == null ? -1 : count(headers.first(names.limit()));
        long remaining = count(headers.first(names.remaining()));
        if (limit >= 0 && remaining > limit) {
            remaining = -1;
        }
        long reset = Nanos.NONE;
        Duration off = Duration.ZERO;
        for (int i = 0; i < names.resets().size() && reset == Nanos.NONE; i++) {
            String value = headers.first(names.resets().get(i));
            reset = value == null ? Nanos.NONE : ResetValue.until(value, now);
            off = value == null ? off : ResetValue.mayBeOff(value);
        }
        if (limit < 0 && remaining < 0 && reset == Nanos.NONE) {
            return null;
        }
        return new StatedLimit(
                names.name(),
                names.kind(),
                limit,
                remaining,
                reset == Nanos.NONE ? null : Duration.ofNanos(reset),
                names.rounding(),
                names.windowNanos() == Nanos.NONE ? null : Duration.ofNanos(names.windowNanos()),
                off);
    }

    private static long count(@Nullable String value) {
        long count = value == null ? -1 : Scan.whole(value);
        return count > LARGEST ? -1 : count;
    }
}
