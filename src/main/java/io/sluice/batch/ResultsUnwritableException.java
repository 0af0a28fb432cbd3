package io.sluice.batch;

import java.io.IOException;

/** A result could not be written, so the batch cannot go on. The message is that of the cause, such as a full disk. */
public final class ResultsUnwritableException extends IOException {

    private static final long serialVersionUID = 1;

    ResultsUnwritableException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
