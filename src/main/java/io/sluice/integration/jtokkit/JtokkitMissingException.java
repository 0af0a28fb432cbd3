package io.sluice.integration.jtokkit;

import io.sluice.FailureClass;
import io.sluice.SluiceException;

/** The optional library that counts tokens is not on the class path. */
public final class JtokkitMissingException extends SluiceException {

    JtokkitMissingException(Throwable cause) {
        super(
                "Exact token counts need the library com.knuddels:jtokkit, which is not on the class path. Add it as a"
                        + " dependency, or use TokenEstimator.characters().",
                cause,
                FailureClass.PROGRAMMING,
                null,
                true);
    }
}
