package io.sluice.failure;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A provider answered with an error. Carries what the answer says about another attempt, and the provider's own words
 * for a person; never a header or a body as a whole, which may hold keys and prompts.
 */
public final class ProviderFailure extends SluiceException {

    private final int status;
    private final @Nullable String code;

    /**
     * @param status the HTTP status, or 0 where there was none
     * @param code the provider's own code or type of the error, or null
     * @param message the provider's words
     * @param failureClass what it means for another attempt
     * @param retryAfter how long the provider says to wait, or null
     */
    public ProviderFailure(
            int status,
            @Nullable String code,
            String message,
            FailureClass failureClass,
            @Nullable Duration retryAfter) {
        super(message, null, failureClass, retryAfter, false);
        this.status = status;
        this.code = code;
    }

    /** The HTTP status, or 0 where there was none. */
    public int status() {
        return status;
    }

    /** The provider's own code or type of the error; null where it gave none. */
    public @Nullable String code() {
        return code;
    }
}
