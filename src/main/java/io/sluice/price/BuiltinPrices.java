package io.sluice.price;

import io.sluice.model.ModelKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** The prices that come with the library, from its resource {@code prices.json}. */
final class BuiltinPrices {

    private static final String RESOURCE = "prices.json";

    static final Map<ModelKey, List<ModelPrice>> TABLE = PriceBook.byKey(read());

    private BuiltinPrices() {}

    private static List<ModelPrice> read() {
        try (InputStream resource = BuiltinPrices.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the library");
            }
            return PriceList.parse(RESOURCE, resource.readAllBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
