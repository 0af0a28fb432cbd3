package io.sluice.integration.jtokkit;

import io.sluice.FailureClass;
import io.sluice.SluiceException;

/** No vocabulary is known for a model, so its tokens cannot be counted exactly. */
public final class VocabularyUnknownException extends SluiceException {

    private final String model;

    VocabularyUnknownException(String model) {
        super(
                "No vocabulary is known for the model " + model + ". Exact counts are for OpenAI's models up to gpt-5;"
                        + " use TokenEstimator.characters() for others.",
                null,
                FailureClass.CALLER,
                null,
                false);
        this.model = model;
    }

    /** The model that was asked for. */
    public String model() {
        return model;
    }
}
