package io.sluice.transport;

import io.sluice.FailureClass;
import io.sluice.SluiceException;

/** The transport has been disposed of, so that nothing was sent. */
public final class TransportClosedException extends SluiceException {

    TransportClosedException() {
        super(
                "the HTTP transport is closed; build another, or keep this one until the last call has ended",
                null,
                FailureClass.REJECTED,
                null,
                false);
    }
}
