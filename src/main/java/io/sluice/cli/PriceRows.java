package io.sluice.cli;

import io.sluice.price.LongContext;
import io.sluice.price.ModelPrice;
import io.sluice.price.ServiceTier;
import io.sluice.price.TokenRates;
import io.sluice.support.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Prices as rows, as lines about one of them, and as JSON in the form of the project's file. */
final class PriceRows {

    private PriceRows() {}

    static List<String> table(List<ModelPrice> prices) {
        List<String[]> rows = new ArrayList<>();
        for (ModelPrice price : prices) {
            TokenRates rates = price.rates();
            rows.add(new String[] {
                price.key().toString(),
                "in " + plain(rates.input()),
                "cached " + plain(rates.cacheRead()),
                "out " + plain(rates.output()),
                "as of " + price.date(),
                price.source()
            });
        }
        return ProfileRows.aligned(rows);
    }

    static List<String> details(ModelPrice price) {
        List<String> lines = new ArrayList<>();
        lines.add(price.key() + (price.from() == null ? "" : " (since " + price.from() + ")"));
        lines.add("  per million tokens:  " + rates(price.rates()));
        for (LongContext longer : price.longContexts()) {
            lines.add(String.format(Locale.ROOT, "  above %,d in:  %s", longer.above(), rates(longer.rates())));
        }
        for (ServiceTier tier : ServiceTier.values()) {
            BigDecimal factor = price.factor(tier);
            if (tier != ServiceTier.STANDARD && factor != null) {
                lines.add("  " + tier + ":  times " + plain(factor));
            }
        }
        if (price.perRequest().signum() > 0) {
            lines.add("  per request:  $" + plain(price.perRequest()));
        }
        if (!price.aliases().isEmpty()) {
            lines.add("  also called:  " + String.join(", ", price.aliases()));
        }
        lines.add("  source:  " + price.source() + ", as of " + price.date());
        if (price.note() != null) {
            lines.add("  note:  " + price.note());
        }
        return lines;
    }

    private static String rates(TokenRates rates) {
        List<String> parts = new ArrayList<>();
        parts.add("in " + dollars(rates.input()));
        parts.add("cached " + dollars(rates.cacheRead()));
        if (rates.cacheWrite().compareTo(rates.input()) != 0
                || rates.cacheWriteHour().compareTo(rates.input()) != 0) {
            parts.add("cache write " + dollars(rates.cacheWrite()));
        }
        if (rates.cacheWriteHour().compareTo(rates.cacheWrite()) != 0) {
            parts.add("for an hour " + dollars(rates.cacheWriteHour()));
        }
        parts.add("out " + dollars(rates.output()));
        if (rates.reasoning().compareTo(rates.output()) != 0) {
            parts.add("reasoning " + dollars(rates.reasoning()));
        }
        return String.join(", ", parts);
    }

    static ObjectNode json(List<ModelPrice> prices) {
        ObjectNode document = Json.mapper().createObjectNode().put("version", 1);
        ArrayNode rows = document.putArray("prices");
        prices.forEach(price -> write(price, rows.addObject()));
        return document;
    }

    private static void write(ModelPrice price, ObjectNode row) {
        row.put("provider", price.key().provider()).put("model", price.key().model());
        if (price.key().account() != null) {
            row.put("account", price.key().account());
        }
        if (!price.aliases().isEmpty()) {
            ArrayNode aliases = row.putArray("aliases");
            price.aliases().forEach(aliases::add);
        }
        if (price.from() != null) {
            row.put("from", price.from().toString());
        }
        write(price.rates(), row);
        if (!price.longContexts().isEmpty()) {
            ArrayNode above = row.putArray("above");
            for (LongContext longer : price.longContexts()) {
                write(longer.rates(), above.addObject().put("tokens", longer.above()));
            }
        }
        for (ServiceTier tier : ServiceTier.values()) {
            BigDecimal factor = price.factor(tier);
            if (tier != ServiceTier.STANDARD && factor != null) {
                row.put(tier.toString(), factor);
            }
        }
        if (price.perRequest().signum() > 0) {
            row.put("per_request", price.perRequest());
        }
        row.put("date", price.date().toString()).put("source", price.source());
        if (price.note() != null) {
            row.put("note", price.note());
        }
    }

    private static void write(TokenRates rates, ObjectNode row) {
        row.put("input", rates.input())
                .put("cache_read", rates.cacheRead())
                .put("cache_write", rates.cacheWrite())
                .put("cache_write_1h", rates.cacheWriteHour())
                .put("output", rates.output())
                .put("reasoning", rates.reasoning());
    }

    private static String dollars(BigDecimal amount) {
        return "$" + plain(amount);
    }

    private static String plain(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }
}
