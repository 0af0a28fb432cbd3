package io.sluice.failure;

import io.sluice.FailureClass;
import io.sluice.model.TokenUsage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was read from a failure.
 *
 * @param failureClass what it means for another attempt
 * @param status the status that counted: HTTP's, or the one that the body or the words name where HTTP had none or said
 *     success; 0 where there is none
 * @param code the provider's own code or type, at most 100 characters; null where it gave none
 * @param message the provider's words, at most 2,000 characters, without what looks like a key; null where there are none
 * @param hint how long to wait; null where nobody said it, and where no wait helps
 * @param nothingSent whether it proves that the request never left, so that the provider cannot have counted it
 * @param usage what the call is known to have used although it failed; each side that nobody reported is unknown
 */
public record FailureReading(
        FailureClass failureClass,
        int status,
        @Nullable String code,
        @Nullable String message,
        @Nullable WaitHint hint,
        boolean nothingSent,
        TokenUsage usage) {

    /** Shorter secrets could be any word of the message. */
    private static final int SHORTEST_SECRET = 8;

    /** Checks the class and the usage. */
    public FailureReading {
        Objects.requireNonNull(failureClass, "failureClass");
        Objects.requireNonNull(usage, "usage");
    }

    /** Of a call of which nobody knows what it used. */
    public FailureReading(
            FailureClass failureClass,
            int status,
            @Nullable String code,
            @Nullable String message,
            @Nullable WaitHint hint,
            boolean nothingSent) {
        this(failureClass, status, code, message, hint, nothingSent, TokenUsage.UNKNOWN);
    }

    /**
     * A text without a secret that was sent, in case the provider quotes it.
     *
     * @param secret the key or token; null for none, and one of fewer than eight characters is not looked for
     */
    static @Nullable String hidden(@Nullable String text, @Nullable String secret) {
        if (text == null || secret == null || secret.length() < SHORTEST_SECRET) {
            return text;
        }
        String hidden = text.replace(secret, "[key]");
        // The words may have been cut within the secret.
        for (int shown = secret.length() - 1; shown >= SHORTEST_SECRET; shown--) {
            if (hidden.regionMatches(hidden.length() - shown, secret, 0, shown)) {
                return hidden.substring(0, hidden.length() - shown) + "[key]";
            }
        }
        return hidden;
    }
}
