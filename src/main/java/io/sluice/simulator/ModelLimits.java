package io.sluice.simulator;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a model allows within a window, and how it counts. Immutable; each change gives a new one.
 *
 * <pre>{@code
 * ModelLimits.of(500, 200_000)                                            // rolling, the cap charged on arrival
 * ModelLimits.of(60_000, 150_000_000).kind(WindowKind.TOKEN_BUCKET).quantised(Duration.ofSeconds(1))
 * ModelLimits.apart(50, 30_000, 8_000).kind(WindowKind.TOKEN_BUCKET).charging(Charging.ACTUAL)   // as Anthropic
 * }</pre>
 *
 * @param requests the most requests, 1 to {@link #UNLIMITED}
 * @param tokens the most tokens, input and output together, 1 to {@link #UNLIMITED}
 * @param inputTokens the most tokens of input, 1 to {@link #UNLIMITED}
 * @param outputTokens the most tokens of output, 1 to {@link #UNLIMITED}
 * @param kind how they are counted
 * @param window the span that they hold for; null for the simulator's
 * @param quantum the span in which requests are evened out; null where a whole window may come at once
 * @param charging when the output counts
 */
public record ModelLimits(
        long requests,
        long tokens,
        long inputTokens,
        long outputTokens,
        WindowKind kind,
        @Nullable Duration window,
        @Nullable Duration quantum,
        Charging charging) {

    /** So much that it is never reached: 2^60, which leaves sums within the range of a long. */
    public static final long UNLIMITED = 1L << 60;

    /** The longest window, a day. */
    static final Duration LONGEST = Duration.ofDays(1);

    /**
     * @throws IllegalArgumentException if a limit or a span is out of its range
     */
    public ModelLimits {
        check("requests", requests);
        check("tokens", tokens);
        check("inputTokens", inputTokens);
        check("outputTokens", outputTokens);
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(charging, "charging");
        if (window != null) {
            check("window", window);
        }
        if (quantum != null) {
            check("quantum", quantum);
        }
    }

    /**
     * Requests, and tokens of input and output together, in a rolling window; the cap is charged on arrival.
     *
     * @throws IllegalArgumentException if a limit is out of its range
     */
    public static ModelLimits of(long requests, long tokens) {
        return new ModelLimits(requests, tokens, UNLIMITED, UNLIMITED, WindowKind.ROLLING, null, null, Charging.CAP);
    }

    /**
     * Requests, and tokens of input and output each with a limit of their own, in a rolling window; the cap is charged on
     * arrival.
     *
     * @throws IllegalArgumentException if a limit is out of its range
     */
    public static ModelLimits apart(long requests, long inputTokens, long outputTokens) {
        return new ModelLimits(
                requests, UNLIMITED, inputTokens, outputTokens, WindowKind.ROLLING, null, null, Charging.CAP);
    }

    /** No limits, for tests of other failures. */
    public static ModelLimits unlimited() {
        return of(UNLIMITED, UNLIMITED);
    }

    /** The same limits, counted in this way. */
    public ModelLimits kind(WindowKind kind) {
        return new ModelLimits(requests, tokens, inputTokens, outputTokens, kind, window, quantum, charging);
    }

    /**
     * The same limits for this span.
     *
     * @throws IllegalArgumentException if it is not above zero, or longer than a day
     */
    public ModelLimits window(Duration window) {
        Objects.requireNonNull(window, "window");
        return new ModelLimits(requests, tokens, inputTokens, outputTokens, kind, window, quantum, charging);
    }

    /**
     * The same limits, with requests evened out besides: 60,000 a minute by 1 s are 1,000 a second. At most
     * n = max(1, ⌊requests × quantum / window⌋) requests in any n × window / requests, counted in the same kind of window,
     * so that the whole rate stays in reach however few they are. OpenAI and Anthropic say that they do so (their rate
     * limit pages, seen 2026), without saying by how much; 1 s and 10 s are what to test with.
     *
     * @throws IllegalArgumentException if it is not above zero, or longer than a day
     */
    public ModelLimits quantised(Duration quantum) {
        Objects.requireNonNull(quantum, "quantum");
        return new ModelLimits(requests, tokens, inputTokens, outputTokens, kind, window, quantum, charging);
    }

    /** The same limits, with the output charged in this way. */
    public ModelLimits charging(Charging charging) {
        return new ModelLimits(requests, tokens, inputTokens, outputTokens, kind, window, quantum, charging);
    }

    long limit(Dimension dimension) {
        return switch (dimension) {
            case REQUESTS -> requests;
            case TOKENS -> tokens;
            case INPUT -> inputTokens;
            case OUTPUT -> outputTokens;
        };
    }

    private static void check(String name, long limit) {
        if (limit < 1 || limit > UNLIMITED) {
            throw new IllegalArgumentException(name + " must be between 1 and 2^60, was " + limit);
        }
    }

    static void check(String name, Duration span) {
        if (span.isNegative() || span.isZero() || span.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " must be above zero and at most a day, was " + span);
        }
    }
}
