package io.sluice.price;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import java.util.List;

/**
 * A list of prices cannot be understood in full, and nothing of it counts: a price that was left out would be another one, or
 * none.
 */
public final class PriceListException extends SluiceException {

    private final List<String> problems;

    PriceListException(String name, List<String> problems) {
        super(
                name + " is not a list of prices: " + String.join("; ", problems)
                        + ". Correct it; nothing of it was used.",
                null,
                FailureClass.CALLER,
                null,
                false);
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, each with the place of the value in the document, in the order of the document. */
    public List<String> problems() {
        return problems;
    }
}
