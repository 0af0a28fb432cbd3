package io.sluice.price;

import io.sluice.model.ModelKey;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** One price in a {@link PriceList}. */
final class PriceEntry {

    private static final String INPUT = "input";
    private static final String CACHE_READ = "cache_read";
    private static final String CACHE_WRITE = "cache_write";
    private static final String CACHE_WRITE_HOUR = "cache_write_1h";
    private static final String OUTPUT = "output";
    private static final String REASONING = "reasoning";

    private PriceEntry() {}

    /** The price, or null where something is wrong with it, which was reported. */
    static @Nullable ModelPrice read(PriceFields fields) {
        if (!fields.isObject(
                "provider",
                "model",
                "account",
                "aliases",
                "from",
                INPUT,
                CACHE_READ,
                CACHE_WRITE,
                CACHE_WRITE_HOUR,
                OUTPUT,
                REASONING,
                "above",
                "batch",
                "flex",
                "fast",
                "per_request",
                "date",
                "source",
                "note")) {
            return null;
        }
        String provider = fields.required("provider");
        String model = fields.required("model");
        String account = fields.text("account");
        String source = fields.required("source");
        String note = fields.text("note");
        fields.required("date");
        LocalDate from = fields.day("from");
        TokenRates rates = rates(fields);
        BigDecimal perRequest = fields.amount("per_request", BigDecimal.ZERO);
        LocalDate date = fields.areGood() ? fields.day("date") : null;
        if (date == null || !fields.areGood()) {
            return null;
        }
        try {
            ModelPrice.Builder price = ModelPrice.builder(new ModelKey(provider, model, account), rates)
                    .perRequest(perRequest)
                    .source(source, date);
            fields.texts("aliases").forEach(price::alias);
            if (from != null) {
                price.from(from);
            }
            if (note != null) {
                price.note(note);
            }
            for (ServiceTier tier : ServiceTier.values()) {
                if (fields.has(tier.toString()) && tier != ServiceTier.STANDARD) {
                    price.tier(tier, fields.amount(tier.toString()));
                }
            }
            for (PriceFields longer : fields.objects("above")) {
                if (longer.isObject("tokens", INPUT, CACHE_READ, CACHE_WRITE, CACHE_WRITE_HOUR, OUTPUT, REASONING)) {
                    price.above(longer.tokens("tokens"), rates(longer));
                }
            }
            return fields.areGood() ? price.build() : null;
        } catch (IllegalArgumentException refused) {
            if (fields.areGood()) {
                fields.refused(refused);
            }
            return null;
        }
    }

    private static TokenRates rates(PriceFields fields) {
        BigDecimal input = fields.amount(INPUT);
        BigDecimal write = fields.amount(CACHE_WRITE, input);
        BigDecimal output = fields.amount(OUTPUT);
        return new TokenRates(
                input,
                fields.amount(CACHE_READ, input),
                write,
                fields.amount(CACHE_WRITE_HOUR, write),
                output,
                fields.amount(REASONING, output));
    }
}
