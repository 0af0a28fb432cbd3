package io.sluice.llm.claudecode;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import org.jspecify.annotations.Nullable;

/**
 * Claude Code cannot be started here. Its class is {@link FailureClass#REJECTED}: nothing was sent, it would fail again, and
 * another adapter may answer instead.
 */
public final class ClaudeCodeUnavailableException extends SluiceException {

    ClaudeCodeUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause, FailureClass.REJECTED, null, false);
    }
}
