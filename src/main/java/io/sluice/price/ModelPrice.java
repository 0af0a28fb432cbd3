package io.sluice.price;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of one model cost, from some day on. Immutable.
 *
 * <pre>{@code
 * ModelPrice.builder("openai", "our-tuned-gpt", rates).source("contract of May", LocalDate.of(2026, 5, 4)).build()
 * }</pre>
 */
public final class ModelPrice {

    private static final BigDecimal MOST_TIMES = BigDecimal.valueOf(4);

    private final ModelKey key;
    private final Set<String> aliases;
    private final @Nullable LocalDate from;
    private final TokenRates rates;
    private final List<LongContext> longContexts;
    private final Map<ServiceTier, BigDecimal> factors;
    private final BigDecimal perRequest;
    private final LocalDate date;
    private final String source;
    private final @Nullable String note;

    private ModelPrice(Builder builder, LocalDate date) {
        this.key = builder.key;
        this.aliases = Set.copyOf(builder.aliases);
        this.from = builder.from;
        this.rates = builder.rates;
        this.longContexts = List.copyOf(builder.longContexts);
        this.factors = Map.copyOf(builder.factors);
        this.perRequest = builder.perRequest;
        this.date = date;
        this.source = builder.source;
        this.note = builder.note;
    }

    /**
     * Begins a price.
     *
     * @throws IllegalArgumentException if a name is blank or a wildcard
     */
    public static Builder builder(String provider, String model, TokenRates rates) {
        return new Builder(ModelKey.of(provider, model), rates);
    }

    /**
     * Begins a price.
     *
     * @throws IllegalArgumentException if the key is a wildcard
     */
    public static Builder builder(ModelKey key, TokenRates rates) {
        return new Builder(key, rates);
    }

    /**
     * The exact price of a call in dollars, not rounded.
     *
     * @param usage what it used; a side that is unknown costs nothing
     * @return null where the price of this tier is not known
     */
    public @Nullable BigDecimal usd(TokenUsage usage, ServiceTier tier) {
        BigDecimal factor = tier == ServiceTier.STANDARD ? BigDecimal.ONE : factors.get(tier);
        return factor == null
                ? null
                : rates(usage.inputOr(0)).usd(usage).multiply(factor).add(perRequest);
    }

    private TokenRates rates(long input) {
        TokenRates found = rates;
        for (LongContext longer : longContexts) {
            if (input > longer.above()) {
                found = longer.rates();
            }
        }
        return found;
    }

    /** The model. */
    public ModelKey key() {
        return key;
    }

    /** Other names of the model at the same provider. */
    public Set<String> aliases() {
        return new TreeSet<>(aliases);
    }

    /** The first day on which it counts; null where it counts until another begins. */
    public @Nullable LocalDate from() {
        return from;
    }

    /** What its tokens cost, in a call that is not long. */
    public TokenRates rates() {
        return rates;
    }

    /** What they cost in longer calls, by rising bound. */
    public List<LongContext> longContexts() {
        return longContexts;
    }

    /** What the tokens' price is multiplied by where a call is served so; null where nobody knows. */
    public @Nullable BigDecimal factor(ServiceTier tier) {
        return tier == ServiceTier.STANDARD ? BigDecimal.ONE : factors.get(tier);
    }

    /** Dollars for a call beside those for its tokens, in every tier. */
    public BigDecimal perRequest() {
        return perRequest;
    }

    /** When its source was read. */
    public LocalDate date() {
        return date;
    }

    /** Where it comes from, in words. */
    public String source() {
        return source;
    }

    /** What else is to be known; null where there is nothing. */
    public @Nullable String note() {
        return note;
    }

    @Override
    public String toString() {
        return "ModelPrice[" + key + (from == null ? "" : " from " + from) + ", as of " + date + "]";
    }

    /** Collects what a price says. Not thread-safe. */
    public static final class Builder {

        private final ModelKey key;
        private final TokenRates rates;
        private final Set<String> aliases = new TreeSet<>();
        private final List<LongContext> longContexts = new ArrayList<>();
        private final Map<ServiceTier, BigDecimal> factors = new EnumMap<>(ServiceTier.class);
        private @Nullable LocalDate from;
        private BigDecimal perRequest = BigDecimal.ZERO;
        private @Nullable LocalDate date;
        private String source = "declared";
        private @Nullable String note;

        private Builder(ModelKey key, TokenRates rates) {
            if (key.isWildcard()) {
                throw new IllegalArgumentException("a price is of one model, " + key + " is a wildcard");
            }
            this.key = key;
            this.rates = Objects.requireNonNull(rates, "rates");
        }

        /**
         * Another name of the model at the same provider.
         *
         * @throws IllegalArgumentException if it is blank or a wildcard
         */
        public Builder alias(String model) {
            ModelKey other = ModelKey.of(key.provider(), model);
            if (other.isWildcard()) {
                throw new IllegalArgumentException("an alias is the name of one model, was \"" + model + "\"");
            }
            aliases.add(other.model());
            return this;
        }

        /** The first day on which it counts; it then takes the place of the price of the same model that began before. */
        public Builder from(LocalDate day) {
            this.from = Objects.requireNonNull(day, "day");
            return this;
        }

        /**
         * Other rates for calls with more input; from the smallest bound up.
         *
         * @throws IllegalArgumentException if the bound is not above the last, or a rate is below what shorter calls cost:
         *     a budget counts on more tokens never costing less
         */
        public Builder above(long tokens, TokenRates longer) {
            LongContext last = longContexts.isEmpty() ? null : longContexts.get(longContexts.size() - 1);
            if (last != null && tokens <= last.above()) {
                throw new IllegalArgumentException(
                        "bounds must rise, was " + tokens + " after " + last.above() + " tokens");
            }
            if (!longer.isNowhereLessThan(last == null ? rates : last.rates())) {
                throw new IllegalArgumentException(
                        "a longer call must not cost less than a shorter one, as it does above " + tokens + " tokens");
            }
            longContexts.add(new LongContext(tokens, longer));
            return this;
        }

        /**
         * What the tokens' price is multiplied by in a tier.
         *
         * @throws IllegalArgumentException if the tier is the standard one, or the factor not between 0 and 4
         */
        public Builder tier(ServiceTier tier, BigDecimal factor) {
            if (tier == ServiceTier.STANDARD) {
                throw new IllegalArgumentException("the rates are those of the standard tier; it has no factor");
            }
            if (factor.signum() < 0
                    || factor.compareTo(MOST_TIMES) > 0
                    || factor.stripTrailingZeros().scale() > TokenRates.MAX_DECIMALS) {
                throw new IllegalArgumentException(tier + " must be a factor between 0 and " + MOST_TIMES
                        + ", with at most " + TokenRates.MAX_DECIMALS + " decimals, was " + factor);
            }
            factors.put(tier, factor);
            return this;
        }

        /**
         * Dollars for each call beside those for its tokens; default 0.
         *
         * @throws IllegalArgumentException if it is negative, above 1,000, or has more than 12 decimals
         */
        public Builder perRequest(BigDecimal dollars) {
            if (dollars.signum() < 0
                    || dollars.compareTo(TokenRates.MAX) > 0
                    || dollars.stripTrailingZeros().scale() > TokenRates.MAX_DECIMALS) {
                throw new IllegalArgumentException("perRequest must be between 0 and " + TokenRates.MAX
                        + " dollars, with at most " + TokenRates.MAX_DECIMALS + " decimals, was " + dollars);
            }
            this.perRequest = dollars;
            return this;
        }

        /** Where it comes from, in words, and when that was read. */
        public Builder source(String source, LocalDate date) {
            this.source = Objects.requireNonNull(source, "source");
            this.date = Objects.requireNonNull(date, "date");
            return this;
        }

        /** What else is to be known. */
        public Builder note(String note) {
            this.note = Objects.requireNonNull(note, "note");
            return this;
        }

        /**
         * The price.
         *
         * @throws IllegalStateException if nothing says of when it is
         */
        public ModelPrice build() {
            LocalDate read = date;
            if (read == null) {
                throw new IllegalStateException("the price of " + key + " needs a date; say source(.., date)");
            }
            return new ModelPrice(this, read);
        }
    }
}
