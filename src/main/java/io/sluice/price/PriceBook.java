package io.sluice.price;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import io.sluice.time.TimeSource;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The prices of models. What a budget is given that is limited in money:
 *
 * <pre>{@code
 * Budget.root("run").usd("5.00").prices(PriceBook.builtin()::usd).build()
 * }</pre>
 *
 * <p>A model finds its price by its exact name, then by an alias that a price declares, then by its name without a
 * {@linkplain ModelKey#withoutVersion version}; declared prices go before built-in ones at each step, and one of the asked
 * account before one of none. There are no wildcards: what a model costs that nobody knows is not guessed.
 *
 * <p>Of several prices of a model that counts which began last, on the day, in UTC, on which is asked. Immutable and
 * thread-safe; nothing blocks.
 */
public final class PriceBook {

    private final Map<ModelKey, List<ModelPrice>> declared;
    private final Map<ModelKey, List<ModelPrice>> builtin;
    private final ServiceTier tier;
    private final InstantSource clock;

    private PriceBook(
            Map<ModelKey, List<ModelPrice>> declared,
            Map<ModelKey, List<ModelPrice>> builtin,
            ServiceTier tier,
            InstantSource clock) {
        this.declared = declared;
        this.builtin = builtin;
        this.tier = tier;
        this.clock = clock;
    }

    /** A book without prices. */
    public static PriceBook none() {
        return new PriceBook(Map.of(), Map.of(), ServiceTier.STANDARD, TimeSource.of(null, null)::instant);
    }

    /**
     * The list prices of November 2026, each with its source and date: see {@link ModelPrice#source()}. They are for the
     * standard tier of the providers' own services, without taxes and discounts.
     */
    public static PriceBook builtin() {
        return new PriceBook(Map.of(), BuiltinPrices.TABLE, ServiceTier.STANDARD, TimeSource.of(null, null)::instant);
    }

    /** These prices and others; all that were known of the models named before are replaced, built-in ones included. */
    public PriceBook with(Collection<ModelPrice> prices) {
        Map<ModelKey, List<ModelPrice>> more = new LinkedHashMap<>(declared);
        more.putAll(byKey(prices));
        return new PriceBook(more, builtin, tier, clock);
    }

    /** These prices and another; all that were known of its model before are replaced. */
    public PriceBook with(ModelPrice price) {
        return with(List.of(price));
    }

    /** The same prices, of calls that are served so. A model without a price for the tier has none then. */
    public PriceBook tier(ServiceTier tier) {
        return new PriceBook(declared, builtin, Objects.requireNonNull(tier, "tier"), clock);
    }

    /** The same prices, of the day that this clock says; default that of the scheduler in use. */
    public PriceBook clock(InstantSource clock) {
        return new PriceBook(declared, builtin, tier, Objects.requireNonNull(clock, "clock"));
    }

    static Map<ModelKey, List<ModelPrice>> byKey(Collection<ModelPrice> prices) {
        Map<ModelKey, List<ModelPrice>> table = new LinkedHashMap<>();
        for (ModelPrice price : prices) {
            table.computeIfAbsent(price.key(), key -> new ArrayList<>()).add(price);
        }
        return table;
    }

    /**
     * What a call costs, exactly, in dollars; a budget rounds it.
     *
     * @param usage what it used; both sides should be known, because one that is not costs nothing here
     * @return null where no price is known
     */
    public @Nullable BigDecimal usd(ModelKey model, TokenUsage usage) {
        ModelPrice price = find(model);
        return price == null ? null : price.usd(usage, tier);
    }

    /**
     * The price of a model today.
     *
     * @throws NoPriceException if none is known
     */
    public ModelPrice resolve(ModelKey key) {
        ModelPrice found = find(key);
        if (found == null) {
            throw new NoPriceException(key);
        }
        return found;
    }

    /** The price of a model today, or null where none is known. */
    public @Nullable ModelPrice find(ModelKey key) {
        return find(key, today());
    }

    /** The price of a model on a day, or null where none is known. */
    public @Nullable ModelPrice find(ModelKey key, LocalDate day) {
        ModelPrice found = named(key, day);
        ModelKey unversioned = key.withoutVersion();
        return found == null && unversioned != null ? named(unversioned, day) : found;
    }

    /** By exact name or by alias. */
    private @Nullable ModelPrice named(ModelKey key, LocalDate day) {
        ModelPrice found = exact(key, day);
        return found == null ? alias(key, day) : found;
    }

    private @Nullable ModelPrice exact(ModelKey key, LocalDate day) {
        ModelKey plain = ModelKey.of(key.provider(), key.model());
        for (ModelKey one : List.of(key, plain)) {
            for (Map<ModelKey, List<ModelPrice>> table : List.of(declared, builtin)) {
                List<ModelPrice> prices = table.get(one);
                if (prices != null) {
                    return on(day, prices);
                }
            }
        }
        return null;
    }

    private @Nullable ModelPrice alias(ModelKey key, LocalDate day) {
        for (Map<ModelKey, List<ModelPrice>> table : List.of(declared, builtin)) {
            for (List<ModelPrice> prices : table.values()) {
                ModelPrice found = on(day, prices);
                if (found != null
                        && found.key().provider().equals(key.provider())
                        && found.aliases().contains(key.model())
                        && (found.key().account() == null
                                || found.key().account().equals(key.account()))) {
                    // A declared price of the model itself goes before the one that names the alias.
                    return exact(accountOf(key, found.key()), day);
                }
            }
        }
        return null;
    }

    private static ModelKey accountOf(ModelKey asked, ModelKey found) {
        return new ModelKey(found.provider(), found.model(), asked.account());
    }

    private static @Nullable ModelPrice on(LocalDate day, List<ModelPrice> prices) {
        ModelPrice last = null;
        for (ModelPrice price : prices) {
            LocalDate from = price.from();
            if (from == null || !from.isAfter(day)) {
                LocalDate before = last == null ? null : last.from();
                if (last == null || before == null || (from != null && !from.isBefore(before))) {
                    last = price;
                }
            }
        }
        return last;
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /** The prices that count today, one a model: those that were declared, then the built-in ones that they left. */
    public List<ModelPrice> prices() {
        Map<ModelKey, List<ModelPrice>> all = new LinkedHashMap<>(declared);
        builtin.forEach(all::putIfAbsent);
        LocalDate day = today();
        List<ModelPrice> rows = new ArrayList<>();
        for (List<ModelPrice> prices : all.values()) {
            ModelPrice price = on(day, prices);
            if (price != null) {
                rows.add(price);
            }
        }
        return rows;
    }
}
