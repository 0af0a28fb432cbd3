package io.sluice.price;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.model.ModelKey;

/** A model is not in the book of prices. Prices are never guessed from those of similar names. */
public final class NoPriceException extends SluiceException {

    private final ModelKey key;

    NoPriceException(ModelKey key) {
        super(
                "No price is known for " + key
                        + ". Add it to the project's .sluice/model-prices.json, or with PriceBook.with(..).",
                null,
                FailureClass.CALLER,
                null,
                false);
        this.key = key;
    }

    /** The model that was asked for. */
    public ModelKey key() {
        return key;
    }
}
