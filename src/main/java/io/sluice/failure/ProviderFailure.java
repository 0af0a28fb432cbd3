package io.sluice.failure;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A provider answered with an error. Carries what the answer says about another attempt, and the provider's own words
 * for a person; never a header or a body as a whole, which may hold keys and prompts. Immutable.
 */
public final class ProviderFailure extends SluiceException {

    private final int status;
    private final @Nullable String code;
    private final @Nullable WaitHint hint;
    private final TokenUsage usage;
    private final boolean nothingSent;

    /**
     * @param status the HTTP status, or 0 where there was none
     * @param code the provider's own code or type of the error, or null
     * @param message the provider's words; cut at 2,000 characters, and what looks like a key is taken out
     * @param failureClass what it means for another attempt
     * @param retryAfter how long the provider says to wait, or null; what is longer than {@link
     *     FailureClassifier#DEFAULT_MAX_WAIT} counts as that, and as too long
     */
    public ProviderFailure(
            int status,
            @Nullable String code,
            String message,
            FailureClass failureClass,
            @Nullable Duration retryAfter) {
        this(
                status,
                code,
                message,
                null,
                failureClass,
                retryAfter == null
                        ? null
                        : new WaitHint(retryAfter, HintSource.OWN).within(FailureClassifier.DEFAULT_MAX_WAIT),
                TokenUsage.UNKNOWN,
                false);
    }

    private ProviderFailure(
            int status,
            @Nullable String code,
            String message,
            @Nullable Throwable cause,
            FailureClass failureClass,
            @Nullable WaitHint hint,
            TokenUsage usage,
            boolean nothingSent) {
        super(shown(message), cause, failureClass, hint == null ? null : hint.delay(), false);
        this.status = status;
        this.code = code;
        this.hint = hint;
        this.usage = usage;
        this.nothingSent = nothingSent;
    }

    /**
     * The failure that was read.
     *
     * @param cause the exception that it was read from, or null
     */
    public static ProviderFailure of(FailureReading reading, @Nullable Throwable cause) {
        String said = reading.message();
        return of(reading, said == null ? "HTTP " + reading.status() + " without a readable error" : said, cause);
    }

    /**
     * The failure that was read, in other words.
     *
     * @param message what to tell a person; cut at 2,000 characters, and what looks like a key is taken out
     * @param cause the exception that it was read from, or null
     */
    public static ProviderFailure of(FailureReading reading, String message, @Nullable Throwable cause) {
        return new ProviderFailure(
                reading.status(),
                reading.code(),
                message,
                cause,
                reading.failureClass(),
                reading.hint(),
                reading.usage(),
                reading.nothingSent());
    }

    /** The same failure with what the call used until it failed. */
    public ProviderFailure withUsage(TokenUsage usage) {
        Objects.requireNonNull(usage, "usage");
        return new ProviderFailure(status, code, words(), getCause(), failureClass(), hint, usage, nothingSent);
    }

    /** The HTTP status, or 0 where there was none. */
    public int status() {
        return status;
    }

    /** The provider's own code or type of the error; null where it gave none. */
    public @Nullable String code() {
        return code;
    }

    /**
     * How long the provider says to wait, and whether that is longer than what is believed; {@link #retryAfter()} is its
     * delay. Null where it did not say.
     */
    public @Nullable WaitHint hint() {
        return hint;
    }

    /**
     * What the call is known to have used although it failed, such as the tokens of a stream that broke off; each side
     * that nobody reported is unknown.
     */
    public TokenUsage usage() {
        return usage;
    }

    /** Whether it proves that the request never left, so that the provider cannot have counted it. */
    public boolean nothingSent() {
        return nothingSent;
    }

    private static String shown(String message) {
        String safe = SafeWords.of(message, SafeWords.LONGEST);
        return safe == null ? "" : safe;
    }

    private String words() {
        String words = getMessage();
        return words == null ? "" : words;
    }
}
