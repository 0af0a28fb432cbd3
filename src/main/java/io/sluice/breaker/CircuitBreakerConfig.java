package io.sluice.breaker;

import io.sluice.FailureClass;
import io.sluice.failure.FailureClassifier;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * When a breaker opens, for how long, and what closes it again. Any of three signs opens it: failures one after the other,
 * the share of failed calls, the share of slow calls. Immutable and validated.
 *
 * @param consecutiveFailures so many failures one after the other open it; at least 1, null where they do not count
 * @param failureRate such a share of failed calls in the window opens it; above 0, at most 1, null where it does not count
 * @param slowRate such a share of slow calls in the window opens it; above 0, at most 1, null where it does not count
 * @param slowAfter a call that takes as long as this is slow; of a Flux, the time to its first element
 * @param countWindow over how many calls the shares are taken, unless {@code timeWindow} is set; 1 to 10,000
 * @param timeWindow over how much time the shares are taken, to a tenth of it; null for a number of calls
 * @param minimumCalls how many calls the window must hold before the shares count; at least 1
 * @param openFor how long it stays open before the first probe
 * @param growth how much longer it stays open each time that a probe failed; 1 for always the same
 * @param longestOpen the longest time that growth and hints may lead to; {@code openFor} itself where that is longer
 * @param followHints whether a failure that says how long to wait sets the time for which it stays open
 * @param probes how many probes half-open lets in, all of which must succeed to close it; at least 1
 * @param halfOpenFor how long half-open waits for its probes before it opens again
 * @param classifier reads what failures mean
 * @param counts which errors are failures; null for those whose {@linkplain FailureClass#tripsBreaker() class} says so.
 *     Others are neither failures nor successes
 */
public record CircuitBreakerConfig(
        @Nullable Integer consecutiveFailures,
        @Nullable Double failureRate,
        @Nullable Double slowRate,
        Duration slowAfter,
        int countWindow,
        @Nullable Duration timeWindow,
        int minimumCalls,
        Duration openFor,
        double growth,
        Duration longestOpen,
        boolean followHints,
        int probes,
        Duration halfOpenFor,
        FailureClassifier classifier,
        @Nullable Predicate<? super Throwable> counts) {

    /** Three failures one after the other open it for five minutes; one probe that succeeds closes it. */
    public static final CircuitBreakerConfig DEFAULT = builder().build();

    private static final int LARGEST_WINDOW = 10_000;

    /**
     * @throws IllegalArgumentException if a value is out of its range, or no sign is left that opens it
     */
    public CircuitBreakerConfig {
        if (consecutiveFailures != null && consecutiveFailures < 1) {
            throw new IllegalArgumentException("consecutiveFailures must be at least 1, was " + consecutiveFailures);
        }
        checkRate("failureRate", failureRate);
        checkRate("slowRate", slowRate);
        if (consecutiveFailures == null && failureRate == null && slowRate == null) {
            throw new IllegalArgumentException(
                    "nothing opens this breaker: set consecutiveFailures, failureRate or slowRate");
        }
        checkPositive("slowAfter", slowAfter);
        if (countWindow < 1 || countWindow > LARGEST_WINDOW) {
            throw new IllegalArgumentException(
                    "countWindow must be between 1 and " + LARGEST_WINDOW + ", was " + countWindow);
        }
        if (timeWindow != null) {
            checkPositive("timeWindow", timeWindow);
        }
        if (minimumCalls < 1) {
            throw new IllegalArgumentException("minimumCalls must be at least 1, was " + minimumCalls);
        }
        boolean shares = failureRate != null || slowRate != null;
        if (shares && timeWindow == null && minimumCalls > countWindow) {
            throw new IllegalArgumentException("minimumCalls must be at most the countWindow of " + countWindow
                    + ", was " + minimumCalls + ": it would never be reached");
        }
        checkPositive("openFor", openFor);
        if (!(growth >= 1 && growth < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("growth must be at least 1 and finite, was " + growth);
        }
        checkPositive("longestOpen", longestOpen);
        if (probes < 1) {
            throw new IllegalArgumentException("probes must be at least 1, was " + probes);
        }
        checkPositive("halfOpenFor", halfOpenFor);
        Objects.requireNonNull(classifier, "classifier");
    }

    private static void checkRate(String name, @Nullable Double rate) {
        if (rate != null && !(rate > 0 && rate <= 1)) {
            throw new IllegalArgumentException(name + " must be greater than 0 and at most 1, was " + rate);
        }
    }

    private static void checkPositive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be greater than zero, was " + duration);
        }
    }

    static long nanos(Duration duration) {
        return duration.toSeconds() >= Long.MAX_VALUE / 1_000_000_000 ? Long.MAX_VALUE : duration.toNanos();
    }

    /** Begins a configuration with the values of {@link #DEFAULT}. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this configuration. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.consecutiveFailures = consecutiveFailures;
        builder.failureRate = failureRate;
        builder.slowRate = slowRate;
        builder.slowAfter = slowAfter;
        builder.countWindow = countWindow;
        builder.timeWindow = timeWindow;
        builder.minimumCalls = minimumCalls;
        builder.openFor = openFor;
        builder.growth = growth;
        builder.longestOpen = longestOpen;
        builder.followHints = followHints;
        builder.probes = probes;
        builder.halfOpenFor = halfOpenFor;
        builder.classifier = classifier;
        builder.counts = counts;
        return builder;
    }

    /** Puts a configuration together. Not thread-safe. */
    public static final class Builder {

        private @Nullable Integer consecutiveFailures = 3;
        private @Nullable Double failureRate;
        private @Nullable Double slowRate;
        private Duration slowAfter = Duration.ofSeconds(60);
        private int countWindow = 100;
        private @Nullable Duration timeWindow;
        private int minimumCalls = 10;
        private Duration openFor = Duration.ofMinutes(5);
        private double growth = 1;
        private Duration longestOpen = Duration.ofHours(1);
        private boolean followHints;
        private int probes = 1;
        private Duration halfOpenFor = Duration.ofMinutes(10);
        private FailureClassifier classifier = FailureClassifier.standard();
        private @Nullable Predicate<? super Throwable> counts;

        private Builder() {}

        /** So many failures one after the other open it; default 3, at least 1, null for never. */
        public Builder consecutiveFailures(@Nullable Integer consecutiveFailures) {
            this.consecutiveFailures = consecutiveFailures;
            return this;
        }

        /** Such a share of failed calls in the window opens it; default null for never. */
        public Builder failureRate(@Nullable Double failureRate) {
            this.failureRate = failureRate;
            return this;
        }

        /** Such a share of calls in the window that took as long as {@code slowAfter} opens it; default null for never. */
        public Builder slowRate(@Nullable Double slowRate, Duration slowAfter) {
            this.slowRate = slowRate;
            this.slowAfter = slowAfter;
            return this;
        }

        /** Takes the shares over the last so many calls; default 100. */
        public Builder countWindow(int calls) {
            this.countWindow = calls;
            this.timeWindow = null;
            return this;
        }

        /** Takes the shares over the last so much time. */
        public Builder timeWindow(Duration time) {
            this.timeWindow = time;
            return this;
        }

        /** How many calls the window must hold before the shares count; default 10. */
        public Builder minimumCalls(int minimumCalls) {
            this.minimumCalls = minimumCalls;
            return this;
        }

        /** How long it stays open before the first probe; default 5 minutes. */
        public Builder openFor(Duration openFor) {
            this.openFor = openFor;
            return this;
        }

        /**
         * Stays open longer each time that a probe failed; the time never exceeds {@code longest}. Default: no growth, and
         * an hour as the longest time that a hint may lead to.
         */
        public Builder growth(double growth, Duration longest) {
            this.growth = growth;
            this.longestOpen = longest;
            return this;
        }

        /** Whether a failure that says how long to wait sets the time for which it stays open; default false. */
        public Builder followHints(boolean followHints) {
            this.followHints = followHints;
            return this;
        }

        /** How many probes half-open lets in; default 1. All must succeed to close it, one that fails opens it. */
        public Builder probes(int probes) {
            this.probes = probes;
            return this;
        }

        /**
         * How long half-open waits for its probes before it opens again; default 10 minutes. Must be longer than a call may
         * take: the result of a probe that comes later does not count.
         */
        public Builder halfOpenFor(Duration halfOpenFor) {
            this.halfOpenFor = halfOpenFor;
            return this;
        }

        /** Reads what failures mean; default {@link FailureClassifier#standard()}. */
        public Builder classifier(FailureClassifier classifier) {
            this.classifier = classifier;
            return this;
        }

        /** Which errors are failures; default null for those whose class says so. Must not block. */
        public Builder counts(@Nullable Predicate<? super Throwable> counts) {
            this.counts = counts;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if a value is out of its range, or no sign is left that opens the breaker
         */
        public CircuitBreakerConfig build() {
            return new CircuitBreakerConfig(
                    consecutiveFailures,
                    failureRate,
                    slowRate,
                    slowAfter,
                    countWindow,
                    timeWindow,
                    minimumCalls,
                    openFor,
                    growth,
                    longestOpen,
                    followHints,
                    probes,
                    halfOpenFor,
                    classifier,
                    counts);
        }
    }
}
