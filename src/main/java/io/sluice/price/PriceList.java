package io.sluice.price;

import io.sluice.model.ModelKey;
import io.sluice.support.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Reads prices from a document, strictly: an unknown key, a value of another kind, a model that comes twice, is an error
 * that names its place.
 *
 * <pre>{@code
 * {"version": 1,
 *  "prices": [
 *    {"provider": "openai", "model": "gpt-6-astra", "input": 10, "cache_read": 1, "cache_write": 12.5, "output": 50,
 *     "above": [{"tokens": 272000, "input": 20, "cache_read": 2, "cache_write": 25, "output": 75}],
 *     "batch": 0.5, "date": "2026-09-24", "source": "the model's page"}
 *  ]}
 * }</pre>
 *
 * <p>Rates are dollars per million tokens. {@code provider}, {@code model}, {@code input}, {@code output}, {@code date} and
 * {@code source} must be there. Without {@code cache_read} or {@code cache_write} a cache changes nothing, without
 * {@code cache_write_1h} an hour costs what the usual time does, without {@code reasoning} thinking costs what saying does.
 * {@code from} is the first day of a price, {@code above} has rates for longer inputs, {@code batch}, {@code flex} and
 * {@code fast} are factors, {@code per_request} is in dollars; {@code account}, {@code aliases} and {@code note} are texts.
 */
public final class PriceList {

    private static final int VERSION = 1;

    private PriceList() {}

    /**
     * Reads a document.
     *
     * @param name what messages call it, such as its file
     * @throws PriceListException if anything in it is wrong; tells all that is
     */
    public static List<ModelPrice> parse(String name, byte[] document) {
        List<String> problems = new ArrayList<>();
        List<ModelPrice> prices = new ArrayList<>();
        try {
            read(Json.read(document), prices, problems);
        } catch (JacksonException notJson) {
            TokenStreamLocation at = notJson.getLocation();
            String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            problems.add("it is not JSON" + place);
        }
        if (!problems.isEmpty()) {
            throw new PriceListException(name, problems);
        }
        return prices;
    }

    private static void read(JsonNode document, List<ModelPrice> prices, List<String> problems) {
        PriceFields top = new PriceFields("", document, problems);
        if (!top.isObject("version", "prices")) {
            return;
        }
        JsonNode version = document.path("version");
        if (!version.isInt() || version.intValue() != VERSION) {
            problems.add("version must be " + VERSION + ", was " + PriceFields.shown(version));
        }
        if (!(document.path("prices") instanceof ArrayNode entries)) {
            problems.add("prices must be an array, was " + PriceFields.shown(document.path("prices")));
            return;
        }
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            ModelPrice price = PriceEntry.read(new PriceFields("prices[" + i + "]", entries.get(i), problems));
            if (price != null) {
                Integer earlier = places.putIfAbsent(identity(price), i);
                if (earlier != null) {
                    problems.add("prices[" + i + "] is " + identity(price) + ", as prices[" + earlier + "] is");
                }
                prices.add(price);
            }
        }
    }

    private static String identity(ModelPrice price) {
        ModelKey key = price.key();
        return price.from() == null ? key.toString() : key + " from " + price.from();
    }
}
