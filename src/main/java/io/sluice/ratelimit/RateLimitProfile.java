package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one model: requests and tokens per window, how much of them to use, and how many calls may be in flight.
 * Any of the two limits may be absent; then only the other, and the concurrency, hold calls back.
 *
 * <p>Immutable and validated: a profile that exists can be used.
 */
public final class RateLimitProfile {

    /** The share of a limit that is used unless the profile says otherwise. */
    public static final double DEFAULT_UTILIZATION_TARGET = 0.7;

    /** The largest rpm or tpm: 2^53, the largest integer that every JSON reader keeps. */
    static final long MAX_LIMIT = 1L << 53;

    /** The longest {@link #skew}: an hour. */
    public static final Duration MAX_SKEW = Duration.ofHours(1);

    private final ModelKey key;
    private final @Nullable Long rpm;
    private final @Nullable Long tpm;
    private final double utilizationTarget;
    private final int concurrencyCap;
    private final @Nullable Integer maxConcurrency;
    private final Oversize oversize;
    private final @Nullable RefundPolicy refundPolicy;
    private final boolean refundRefused;
    private final @Nullable Duration burst;
    private final @Nullable Duration skew;
    private final String source;
    private final long effectiveRpm;
    private final long effectiveTpm;

    private RateLimitProfile(Builder builder) {
        this.key = builder.key;
        this.rpm = builder.rpm;
        this.tpm = builder.tpm;
        this.utilizationTarget = builder.utilizationTarget;
        this.concurrencyCap = builder.concurrencyCap;
        this.maxConcurrency = builder.maxConcurrency;
        this.oversize = builder.oversize;
        this.refundPolicy = builder.refundPolicy;
        this.refundRefused = builder.refundRefused;
        this.burst = builder.burst;
        this.skew = builder.skew;
        this.source = builder.source;
        checkLimit("rpm_limit", rpm);
        checkLimit("tpm_limit", tpm);
        if (!(utilizationTarget > 0 && utilizationTarget <= 1)) {
            throw refused("utilization_target must be greater than 0 and at most 1", utilizationTarget);
        }
        if (concurrencyCap <= 0) {
            throw refused("concurrency_cap must be greater than zero", concurrencyCap);
        }
        if (maxConcurrency != null && maxConcurrency < concurrencyCap) {
            throw refused("max_concurrency must be at least the concurrency_cap of " + concurrencyCap, maxConcurrency);
        }
        if (burst != null && rpm == null) {
            throw new IllegalArgumentException("a burst is one of requests, so it needs an rpm_limit (profile of " + key
                    + " with a burst of " + burst + ")");
        }
        this.effectiveRpm = effective(rpm);
        this.effectiveTpm = effective(tpm);
    }

    /**
     * Begins a profile; {@code *} as provider or model makes it a rule for all that have no profile of their own.
     *
     * @throws IllegalArgumentException if a name is blank
     */
    public static Builder builder(String provider, String model) {
        return new Builder(ModelKey.of(provider, model));
    }

    /** Begins a profile for a key, which may name an account. */
    public static Builder builder(ModelKey key) {
        return new Builder(key);
    }

    /** A builder that starts from this profile. */
    public Builder toBuilder() {
        Builder builder = new Builder(key);
        builder.rpm = rpm;
        builder.tpm = tpm;
        builder.utilizationTarget = utilizationTarget;
        builder.concurrencyCap = concurrencyCap;
        builder.maxConcurrency = maxConcurrency;
        builder.oversize = oversize;
        builder.refundPolicy = refundPolicy;
        builder.refundRefused = refundRefused;
        builder.burst = burst;
        builder.skew = skew;
        builder.source = source;
        return builder;
    }

    /** Which model it is for; may be a wildcard. */
    public ModelKey key() {
        return key;
    }

    /** Requests per window, the provider's number; null where there is no such limit. */
    public @Nullable Long rpm() {
        return rpm;
    }

    /** Tokens per window, the provider's number; null where there is no such limit. */
    public @Nullable Long tpm() {
        return tpm;
    }

    /** The share of each limit that is used: greater than 0, at most 1. */
    public double utilizationTarget() {
        return utilizationTarget;
    }

    /** How many calls may be in flight at first, and after recovery from rate limits; at least 1. */
    public int concurrencyCap() {
        return concurrencyCap;
    }

    /**
     * How far the number of calls in flight may grow while the provider keeps up: at least {@link #concurrencyCap()},
     * which is the default. The built-in tables set it to the effective rpm, so that their cap of 1 is only a start.
     */
    public int maxConcurrency() {
        return maxConcurrency == null ? concurrencyCap : maxConcurrency;
    }

    /** What happens to a request between the effective and the hard token limit. */
    public Oversize oversize() {
        return oversize;
    }

    /**
     * What becomes of estimated tokens that a call did not use. Unless the profile says it, the provider decides: {@link
     * RefundPolicy#KEEP_ESTIMATE} for {@code azure}, {@link RefundPolicy#REFUND_UNUSED} for all others.
     */
    public RefundPolicy refundPolicy() {
        return refundPolicyFor(key);
    }

    /** Where this profile is a wildcard's, the provider that was asked for decides. */
    RefundPolicy refundPolicyFor(ModelKey asked) {
        if (refundPolicy != null) {
            return refundPolicy;
        }
        return asked.provider().equals("azure") ? RefundPolicy.KEEP_ESTIMATE : RefundPolicy.REFUND_UNUSED;
    }

    /**
     * Whether a call that was refused for its rate gets its tokens back. Its request stays charged in any case, because
     * providers count it: "Failed requests count against the limits" (OpenAI's cookbook on rate limits, as of 2026-11).
     */
    public boolean refundRefused() {
        return refundRefused;
    }

    /**
     * How much of a window may be spent at once: as many requests as the limit has in this time, and at least one. Null,
     * the default, lets a whole window be spent at once.
     *
     * <p>With C the effective rpm, W the window and b this time, at most {@code n = max(1, floor(C * b / W))} requests are
     * admitted in any {@code n * W / C}. For providers that enforce a limit per minute in shorter pieces: 60,000 requests
     * a minute may be enforced as 1,000 a second (OpenAI's help page on 429 errors, as of 2026-11).
     */
    public @Nullable Duration burst() {
        return burst;
    }

    /**
     * Within what time of a grant the provider counts the call; null where the request says it.
     *
     * <p>A provider counts a call at some moment between our sending it and its answer, so its window and ours differ by
     * what the network adds. With a skew the charge of a call does not age until the answer's headers arrive ({@link
     * Permit#answered()}), or this time has passed since the grant. Then a provider with rolling windows that serves only
     * us, never counts more than is charged here, and counts a call within this time does not refuse, even at a
     * utilisation target of 1. It costs {@code min(latency, skew) / window} of the throughput.
     */
    public @Nullable Duration skew() {
        return skew;
    }

    /** Where the numbers come from: {@code default} for the built-in tables, {@code local} or free text for others. */
    public String source() {
        return source;
    }

    /**
     * How many requests a window may hold: {@code max(1, floor(rpm * utilizationTarget))} in exact decimal arithmetic,
     * so 0.7 of 360 is 252. Without an rpm, the largest long.
     */
    public long effectiveRpm() {
        return effectiveRpm;
    }

    /**
     * How many tokens a window may hold: {@code max(1, floor(tpm * utilizationTarget))} in exact decimal arithmetic, so
     * 0.7 of 90,000 is 63,000. Without a tpm, the largest long.
     */
    public long effectiveTpm() {
        return effectiveTpm;
    }

    static Duration checkedSkew(Duration skew) {
        if (skew.isNegative() || skew.compareTo(MAX_SKEW) > 0) {
            throw new IllegalArgumentException("skew must be between zero and " + MAX_SKEW + ", was " + skew);
        }
        return skew;
    }

    private long effective(@Nullable Long limit) {
        if (limit == null) {
            return Long.MAX_VALUE;
        }
        long floor = BigDecimal.valueOf(limit)
                .multiply(BigDecimal.valueOf(utilizationTarget))
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
        return Math.max(1, floor);
    }

    private void checkLimit(String name, @Nullable Long limit) {
        if (limit != null && limit <= 0) {
            throw refused(name + " must be greater than zero", limit);
        }
        if (limit != null && limit > MAX_LIMIT) {
            throw refused(name + " must be at most " + MAX_LIMIT, limit);
        }
    }

    private IllegalArgumentException refused(String rule, Number value) {
        return new IllegalArgumentException(rule + ", was " + value + " (profile of " + key + ")");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RateLimitProfile that
                && key.equals(that.key)
                && Objects.equals(rpm, that.rpm)
                && Objects.equals(tpm, that.tpm)
                && utilizationTarget == that.utilizationTarget
                && concurrencyCap == that.concurrencyCap
                && maxConcurrency() == that.maxConcurrency()
                && oversize == that.oversize
                && refundPolicy() == that.refundPolicy()
                && refundRefused == that.refundRefused
                && Objects.equals(burst, that.burst)
                && Objects.equals(skew, that.skew)
                && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                key,
                rpm,
                tpm,
                utilizationTarget,
                concurrencyCap,
                maxConcurrency(),
                oversize,
                refundPolicy(),
                refundRefused,
                burst,
                skew,
                source);
    }

    @Override
    public String toString() {
        return "RateLimitProfile[" + key + ", rpm=" + (rpm == null ? "none" : rpm) + ", tpm="
                + (tpm == null ? "none" : tpm) + ", utilizationTarget=" + utilizationTarget + ", concurrencyCap="
                + concurrencyCap + ", maxConcurrency=" + maxConcurrency() + ", oversize=" + oversize + ", refundPolicy="
                + refundPolicy() + ", refundRefused=" + refundRefused + ", burst=" + (burst == null ? "none" : burst)
                + ", skew=" + (skew == null ? "none" : skew) + ", source=" + source + "]";
    }

    /** Collects the parts of a profile; {@link #build()} validates them. Not thread-safe. */
    public static final class Builder {

        private ModelKey key;
        private @Nullable Long rpm;
        private @Nullable Long tpm;
        private double utilizationTarget = DEFAULT_UTILIZATION_TARGET;
        private int concurrencyCap = 1;
        private @Nullable Integer maxConcurrency;
        private Oversize oversize = Oversize.ADMIT_ALONE;
        private @Nullable RefundPolicy refundPolicy;
        private boolean refundRefused = true;
        private @Nullable Duration burst;
        private @Nullable Duration skew;
        private String source = "local";

        private Builder(ModelKey key) {
            this.key = Objects.requireNonNull(key, "key");
        }

        /** For another model, with otherwise the same numbers. */
        public Builder key(ModelKey key) {
            this.key = Objects.requireNonNull(key, "key");
            return this;
        }

        /** Requests per window, the provider's number: 1 to 2^53. */
        public Builder rpm(long rpm) {
            this.rpm = rpm;
            return this;
        }

        /** Tokens per window, the provider's number: 1 to 2^53. */
        public Builder tpm(long tpm) {
            this.tpm = tpm;
            return this;
        }

        /** The share of each limit to use: greater than 0, at most 1; default 0.7. */
        public Builder utilizationTarget(double utilizationTarget) {
            this.utilizationTarget = utilizationTarget;
            return this;
        }

        /** Calls in flight, at least 1; default 1. */
        public Builder concurrency(int concurrencyCap) {
            this.concurrencyCap = concurrencyCap;
            return this;
        }

        /** How far the calls in flight may grow by evidence; default: not beyond {@link #concurrency}. */
        public Builder maxConcurrency(int maxConcurrency) {
            this.maxConcurrency = maxConcurrency;
            return this;
        }

        /** What happens to a request between the effective and the hard token limit; default {@link Oversize#ADMIT_ALONE}. */
        public Builder oversize(Oversize oversize) {
            this.oversize = Objects.requireNonNull(oversize, "oversize");
            return this;
        }

        /** What becomes of estimated tokens that were not used; default: what the provider is known to do. */
        public Builder refundPolicy(RefundPolicy refundPolicy) {
            this.refundPolicy = Objects.requireNonNull(refundPolicy, "refundPolicy");
            return this;
        }

        /** Whether a call that was refused for its rate gets its tokens back; default true. */
        public Builder refundRefused(boolean refundRefused) {
            this.refundRefused = refundRefused;
            return this;
        }

        /**
         * How much of a window may be spent at once, as the time in which the limit would give as many requests; default:
         * all of it. A time of the window or more is no bound.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder burst(Duration burst) {
            if (burst.isNegative()) {
                throw new IllegalArgumentException("burst must not be negative, was " + burst);
            }
            this.burst = burst;
            return this;
        }

        /** Spreads requests evenly: one in each rpm-th part of a window. */
        public Builder smooth() {
            return burst(Duration.ZERO);
        }

        /**
         * Within what time of a grant the provider counts the call; default: what the request says.
         *
         * @throws IllegalArgumentException if it is negative or longer than an hour
         */
        public Builder skew(Duration skew) {
            this.skew = checkedSkew(skew);
            return this;
        }

        /** Where the numbers come from; free text, default {@code local}. */
        public Builder source(String source) {
            this.source = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * @throws IllegalArgumentException naming the first value that is out of its range, in the order rpm, tpm,
         *     utilisation target, concurrency
         */
        public RateLimitProfile build() {
            return new RateLimitProfile(this);
        }
    }
}
