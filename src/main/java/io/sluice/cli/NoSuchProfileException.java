package io.sluice.cli;

import io.sluice.FailureClass;
import io.sluice.SluiceException;

/** A model was asked for that neither the project nor the built-in tables know limits of. */
final class NoSuchProfileException extends SluiceException {

    /**
     * @param asked the model, as it was written
     */
    NoSuchProfileException(String asked) {
        super(
                "No profile found for " + asked + ". Use 'sluice limits set' to configure one.",
                null,
                FailureClass.CALLER,
                null,
                false);
    }
}
