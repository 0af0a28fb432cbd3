package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one model: requests and tokens per window, input and output apart where the provider does so, and per day;
 * how much of them to use, and how many calls may be in flight. Any of the limits may be absent; then only the others,
 * and the concurrency, hold calls back.
 *
 * <p>Immutable and validated: a profile that exists can be used.
 */
public final class RateLimitProfile {

    /** The share of a limit that is used unless the profile says otherwise. */
    public static final double DEFAULT_UTILIZATION_TARGET = 0.7;

    /** The largest limit: 2^53, the largest integer that every JSON reader keeps. */
    static final long MAX_LIMIT = ProfileValues.MAX_LIMIT;

    /** The longest {@link #skew}: an hour. */
    public static final Duration MAX_SKEW = Duration.ofHours(1);

    private final ProfileValues given;
    /** With the defaults in place: what two profiles are compared by. */
    private final ProfileValues whole;

    private final long[] effective;

    @SuppressWarnings("EnumOrdinal") // a place in an array that is looked at with every call
    private RateLimitProfile(ProfileValues given) {
        this.given = given;
        this.effective = new long[RateLimit.values().length];
        Map<RateLimit, TokenCounts> counts = new EnumMap<>(RateLimit.class);
        for (RateLimit limit : RateLimit.values()) {
            effective[limit.ordinal()] = given.effective(limit);
            if (limit.isOfTokens()) {
                counts.put(limit, counts(limit));
            }
        }
        this.whole = given.whole(maxConcurrency(), refundPolicy(), counts);
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
        return new Builder(given);
    }

    /** Which model it is for; may be a wildcard. */
    public ModelKey key() {
        return given.key();
    }

    /** Requests per window, the provider's number; null where there is no such limit. */
    public @Nullable Long rpm() {
        return limit(RateLimit.RPM);
    }

    /** Tokens per window, the provider's number; null where there is no such limit. */
    public @Nullable Long tpm() {
        return limit(RateLimit.TPM);
    }

    /** A limit, the provider's number; null where there is no such limit. */
    public @Nullable Long limit(RateLimit limit) {
        return given.limits().get(limit);
    }

    /**
     * The part of a limit that is in use: {@code max(1, floor(limit * utilizationTarget))} in exact decimal arithmetic.
     * Without such a limit, the largest long.
     */
    @SuppressWarnings("EnumOrdinal") // a place in an array
    public long effective(RateLimit limit) {
        return effective[limit.ordinal()];
    }

    /**
     * How many tokens of such a limit a call counts. Unless the profile says it, the provider decides: OpenAI, and all that
     * are not known, charge input and the requested maximum of output; Anthropic does not count input from a cache, and
     * counts output against the otpm as it is written; Google counts input alone.
     *
     * @param limit one that counts tokens
     * @throws IllegalArgumentException if it counts requests
     */
    public TokenCounts counts(RateLimit limit) {
        return countsFor(given.key(), limit);
    }

    /** Where this profile is a wildcard's, the provider that was asked for decides. */
    TokenCounts countsFor(ModelKey asked, RateLimit limit) {
        if (!limit.isOfTokens()) {
            throw new IllegalArgumentException("counts are of tokens, and " + limit + " counts requests");
        }
        TokenCounts set = given.counts().get(limit);
        return set == null ? ProviderCounts.of(asked, limit) : set;
    }

    /** What the profile itself says of what counts; for other limits the provider decides. */
    public Map<RateLimit, TokenCounts> ownCounts() {
        return Collections.unmodifiableMap(given.counts());
    }

    /** What a day is for rpd and tpd; {@link DayWindow#ROLLING} by default. */
    public DayWindow day() {
        return given.day();
    }

    /**
     * The pool that this model shares its limits with others in; null where it has its own. All models of a pool are
     * counted together, with calls in flight, pauses and queue. Their profiles should say the same; of those that do not,
     * the one that was declared last holds for all.
     */
    public @Nullable String pool() {
        return given.pool();
    }

    /** Further names of this model at its provider. Calls under any of them count together. */
    public List<String> aliases() {
        return ProfileValues.aliasesOf(given);
    }

    /** The share of each limit that is used: greater than 0, at most 1. */
    public double utilizationTarget() {
        return given.utilizationTarget();
    }

    /** How many calls may be in flight at first, and after recovery from rate limits; at least 1. */
    public int concurrencyCap() {
        return given.concurrencyCap();
    }

    /**
     * How far the number of calls in flight may grow while the provider keeps up: at least {@link #concurrencyCap()},
     * which is the default. The built-in tables set it to the effective rpm, so that their cap of 1 is only a start.
     */
    public int maxConcurrency() {
        Integer set = given.maxConcurrency();
        return set == null ? given.concurrencyCap() : set;
    }

    /** What happens to a request between the effective and the hard token limit. */
    public Oversize oversize() {
        return given.oversize();
    }

    /**
     * What becomes of estimated tokens that a call did not use. Unless the profile says it, the provider decides: {@link
     * RefundPolicy#KEEP_ESTIMATE} for {@code azure}, {@link RefundPolicy#REFUND_UNUSED} for all others.
     */
    public RefundPolicy refundPolicy() {
        return refundPolicyFor(given.key());
    }

    /** Where this profile is a wildcard's, the provider that was asked for decides. */
    RefundPolicy refundPolicyFor(ModelKey asked) {
        RefundPolicy set = given.refundPolicy();
        if (set != null) {
            return set;
        }
        return asked.provider().equals("azure") ? RefundPolicy.KEEP_ESTIMATE : RefundPolicy.REFUND_UNUSED;
    }

    /**
     * Whether a call that was refused for its rate gets its tokens back. Its request stays charged in any case, because
     * providers count it: "Failed requests count against the limits" (OpenAI's cookbook on rate limits, as of 2026-11).
     */
    public boolean refundRefused() {
        return given.refundRefused();
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
        return given.burst();
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
        return given.skew();
    }

    /** Where the numbers come from: {@code default} for the built-in tables, {@code local} or free text for others. */
    public String source() {
        return given.source();
    }

    /**
     * How many requests a window may hold: {@code max(1, floor(rpm * utilizationTarget))} in exact decimal arithmetic,
     * so 0.7 of 360 is 252. Without an rpm, the largest long.
     */
    public long effectiveRpm() {
        return effective(RateLimit.RPM);
    }

    /**
     * How many tokens a window may hold: {@code max(1, floor(tpm * utilizationTarget))} in exact decimal arithmetic, so
     * 0.7 of 90,000 is 63,000. Without a tpm, the largest long.
     */
    public long effectiveTpm() {
        return effective(RateLimit.TPM);
    }

    static Duration checkedSkew(Duration skew) {
        if (skew.isNegative() || skew.compareTo(MAX_SKEW) > 0) {
            throw new IllegalArgumentException("skew must be between zero and " + MAX_SKEW + ", was " + skew);
        }
        return skew;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RateLimitProfile that && whole.equals(that.whole);
    }

    @Override
    public int hashCode() {
        return whole.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("RateLimitProfile[").append(key());
        for (RateLimit limit : RateLimit.values()) {
            Long set = limit(limit);
            if (set != null || limit == RateLimit.RPM || limit == RateLimit.TPM) {
                part(text, limit.name().toLowerCase(Locale.ROOT), set);
            }
        }
        part(text, "utilizationTarget", utilizationTarget());
        part(text, "concurrencyCap", concurrencyCap());
        part(text, "maxConcurrency", maxConcurrency());
        part(text, "oversize", oversize());
        part(text, "refundPolicy", refundPolicy());
        part(text, "refundRefused", refundRefused());
        part(text, "burst", burst());
        part(text, "skew", skew());
        if (given.pool() != null) {
            part(text, "pool", pool());
        }
        if (!given.aliases().isEmpty()) {
            part(text, "aliases", aliases());
        }
        part(text, "source", source());
        return text.append(']').toString();
    }

    private static void part(StringBuilder text, String name, @Nullable Object value) {
        text.append(", ").append(name).append('=').append(value == null ? "none" : value);
    }

    /** Collects the parts of a profile; {@link #build()} validates them. Not thread-safe. */
    public static final class Builder {

        private final Map<RateLimit, Long> limits = new EnumMap<>(RateLimit.class);
        private final Map<RateLimit, TokenCounts> counts = new EnumMap<>(RateLimit.class);
        private final Set<String> aliases = new LinkedHashSet<>();
        private ModelKey key;
        private double utilizationTarget = DEFAULT_UTILIZATION_TARGET;
        private int concurrencyCap = 1;
        private @Nullable Integer maxConcurrency;
        private Oversize oversize = Oversize.ADMIT_ALONE;
        private @Nullable RefundPolicy refundPolicy;
        private boolean refundRefused = true;
        private @Nullable Duration burst;
        private @Nullable Duration skew;
        private DayWindow day = DayWindow.ROLLING;
        private @Nullable String pool;
        private String source = "local";

        private Builder(ModelKey key) {
            this.key = Objects.requireNonNull(key, "key");
        }

        private Builder(ProfileValues from) {
            this.key = from.key();
            this.limits.putAll(from.limits());
            this.counts.putAll(from.counts());
            this.aliases.addAll(from.aliases());
            this.utilizationTarget = from.utilizationTarget();
            this.concurrencyCap = from.concurrencyCap();
            this.maxConcurrency = from.maxConcurrency();
            this.oversize = from.oversize();
            this.refundPolicy = from.refundPolicy();
            this.refundRefused = from.refundRefused();
            this.burst = from.burst();
            this.skew = from.skew();
            this.day = from.day();
            this.pool = from.pool();
            this.source = from.source();
        }

        /** For another model, with otherwise the same numbers. */
        public Builder key(ModelKey key) {
            this.key = Objects.requireNonNull(key, "key");
            return this;
        }

        /** Requests per window, the provider's number: 1 to 2^53. */
        public Builder rpm(long rpm) {
            return limit(RateLimit.RPM, rpm);
        }

        /** Tokens per window, the provider's number: 1 to 2^53. */
        public Builder tpm(long tpm) {
            return limit(RateLimit.TPM, tpm);
        }

        /** Input tokens per window, the provider's number: 1 to 2^53. */
        public Builder itpm(long itpm) {
            return limit(RateLimit.ITPM, itpm);
        }

        /** Output tokens per window, the provider's number: 1 to 2^53. */
        public Builder otpm(long otpm) {
            return limit(RateLimit.OTPM, otpm);
        }

        /** Requests per day, the provider's number: 1 to 2^53. */
        public Builder rpd(long rpd) {
            return limit(RateLimit.RPD, rpd);
        }

        /** Tokens per day, the provider's number: 1 to 2^53. */
        public Builder tpd(long tpd) {
            return limit(RateLimit.TPD, tpd);
        }

        /** One of the limits, the provider's number: 1 to 2^53; null takes it away. */
        public Builder limit(RateLimit limit, @Nullable Long number) {
            if (number == null) {
                limits.remove(limit);
            } else {
                limits.put(limit, number);
            }
            return this;
        }

        /**
         * How many tokens of a limit a call counts; default: what the provider is known to count.
         *
         * @throws IllegalArgumentException if the limit counts requests
         */
        public Builder counts(RateLimit limit, TokenCounts counted) {
            if (!limit.isOfTokens()) {
                throw new IllegalArgumentException("counts are of tokens, and " + limit + " counts requests");
            }
            counts.put(limit, Objects.requireNonNull(counted, "counted"));
            return this;
        }

        /** What a day is for rpd and tpd; default {@link DayWindow#ROLLING}. */
        public Builder day(DayWindow day) {
            this.day = Objects.requireNonNull(day, "day");
            return this;
        }

        /** The pool that the model shares its limits in, stripped and in lower case; null for none, the default. */
        public Builder pool(@Nullable String pool) {
            this.pool = pool;
            return this;
        }

        /** Further names of the model at its provider, in the place of those of before; default none. */
        public Builder aliases(Collection<String> names) {
            aliases.clear();
            aliases.addAll(names);
            return this;
        }

        /** One more name of the model at its provider. */
        public Builder alias(String name) {
            aliases.add(Objects.requireNonNull(name, "name"));
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
         * @throws IllegalArgumentException naming the first value that is out of its range, in the order of
         *     the limits, utilisation target, concurrency
         */
        public RateLimitProfile build() {
            return new RateLimitProfile(new ProfileValues(
                    key,
                    limits,
                    utilizationTarget,
                    concurrencyCap,
                    maxConcurrency,
                    oversize,
                    refundPolicy,
                    refundRefused,
                    burst,
                    skew,
                    counts,
                    day,
                    pool,
                    aliases,
                    source));
        }
    }
}
