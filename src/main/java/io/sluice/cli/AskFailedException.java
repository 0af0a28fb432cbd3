package io.sluice.cli;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import java.io.IOException;

/** A question could not be asked, or has no answer, for a reason that no other error of this library tells. */
final class AskFailedException extends SluiceException {

    private AskFailedException(String message, Throwable cause) {
        super(message, cause, FailureClass.CALLER, null, false);
    }

    static AskFailedException network(IOException failure) {
        String message = failure.getMessage();
        return new AskFailedException(
                "the provider could not be reached: "
                        + (message == null ? failure.getClass().getSimpleName() : message),
                failure);
    }

    static AskFailedException input(IOException failure) {
        return new AskFailedException("cannot read the prompt from standard input: " + failure.getMessage(), failure);
    }
}
