package io.sluice.batch;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.FailureReading;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/**
 * Why a line has no answer.
 *
 * @param failureClass what it means for another attempt
 * @param status the HTTP status of the provider's answer; 0 where there was none
 * @param code the provider's own code; null where it gave none
 * @param message one line for a person
 */
public record BatchError(
        FailureClass failureClass, int status, @Nullable String code, String message) {

    /** The line itself cannot be sent. */
    static BatchError ofLine(String message) {
        return new BatchError(FailureClass.CALLER, 0, null, message);
    }

    static BatchError of(Throwable thrown, FailureClassifier classifier) {
        Throwable error = Exceptions.unwrap(thrown);
        FailureReading reading = classifier.read(error, null);
        return new BatchError(
                reading.failureClass(), reading.status(), reading.code(), oneLine(words(error, reading.message())));
    }

    /** Whether the provider refused the line for its rate, or for a quota: HTTP 429. */
    public boolean isTooManyRequests() {
        return isTooManyRequests(status);
    }

    static boolean isTooManyRequests(int status) {
        return status == 429;
    }

    /**
     * @param said what the failure says, without what looks like a key
     */
    private static String words(Throwable error, @Nullable String said) {
        if (said == null || said.isBlank()) {
            return error.getClass().getSimpleName();
        }
        // The message of a foreign exception seldom says what happened; its name does.
        return error instanceof SluiceException || error instanceof IllegalArgumentException
                ? said
                : error.getClass().getSimpleName() + ": " + said;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
