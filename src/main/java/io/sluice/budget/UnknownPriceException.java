package io.sluice.budget;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.model.ModelKey;
import org.jspecify.annotations.Nullable;

/** A budget is limited in money, and nobody says what the call may cost. Nothing was sent. */
public final class UnknownPriceException extends SluiceException {

    private final String path;
    private final @Nullable ModelKey model;

    UnknownPriceException(String path, @Nullable ModelKey model) {
        super(
                "The budget " + path + " is limited in money, and "
                        + (model == null
                                ? "the charge names neither a model nor money. Name one of them: Charge.of or usd(..)."
                                : "the price of " + model + " is not known. Add it to the prices of the budget, or say"
                                        + " with usd(..) what the call may cost."),
                null,
                FailureClass.REJECTED,
                null,
                false);
        this.path = path;
        this.model = model;
    }

    /** The budget that the call was for. */
    public String path() {
        return path;
    }

    /** The model whose price is not known; null where the charge named none. */
    public @Nullable ModelKey model() {
        return model;
    }
}
