package io.sluice.channel.mail;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import org.jspecify.annotations.Nullable;

/** Mail could not be sent or read. The approval flow tries again; the message names the server and what to look at. */
public final class MailFailedException extends SluiceException {

    MailFailedException(String message, @Nullable Throwable cause) {
        super(message, cause, FailureClass.TRANSIENT, null, true);
    }
}
