package io.sluice.failure;

import io.sluice.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads failures: what they mean for another attempt, and how long the other side says to wait. It decides by the
 * status, then by the provider's code, then by its words, and searches the chain of causes. Whatever it cannot read, it
 * says nothing about.
 *
 * <p>It never throws, whatever it is given: each look is bounded to 64 KiB, 32 levels and 32 causes in all, and takes
 * time in proportion to that at most. Immutable and thread-safe; there is no global state, and each wither returns a new one.
 */
public final class FailureClassifier {

    /** The longest wait that is believed unless another is set. */
    public static final Duration DEFAULT_MAX_WAIT = Duration.ofMinutes(10);

    private static final FailureClassifier STANDARD = new FailureClassifier(List.of(), DEFAULT_MAX_WAIT);

    private final List<FailureExtractor> extractors;
    private final Duration maxWait;

    private FailureClassifier(List<FailureExtractor> extractors, Duration maxWait) {
        this.extractors = extractors;
        this.maxWait = maxWait;
    }

    /** Knows all providers, and no exceptions but those of the JDK and of this library. */
    public static FailureClassifier standard() {
        return STANDARD;
    }

    /** Knows the exceptions of one more client; the extractor that was added first is asked first. */
    public FailureClassifier with(FailureExtractor extractor) {
        Objects.requireNonNull(extractor, "extractor");
        return new FailureClassifier(
                Stream.concat(extractors.stream(), Stream.of(extractor)).toList(), maxWait);
    }

    /**
     * Believes waits up to another length; a longer one counts as this, and is marked as such.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public FailureClassifier maxWait(Duration maxWait) {
        if (maxWait.isNegative() || maxWait.isZero()) {
            throw new IllegalArgumentException("maxWait must be greater than zero, was " + maxWait);
        }
        return new FailureClassifier(extractors, maxWait);
    }

    /** The longest wait that is believed. */
    public Duration maxWait() {
        return maxWait;
    }

    /**
     * Reads a failure of any make: an exception, a {@link ProviderAnswer}, or what a dynamic client gives: characters,
     * bytes, a Jackson tree, a map with keys such as {@code status}, {@code code}, {@code message}, {@code headers} and
     * {@code error}. Anything else, null included, is {@link FailureClass#UNKNOWN}.
     *
     * @param now the time of this machine, which dates are counted from where the answer has no {@code Date}; null where
     *     it is not known: then such a date is no hint
     */
    public FailureReading read(@Nullable Object failure, @Nullable Instant now) {
        FailureReading reading = Attempted.orNull(() -> new FailureReader(extractors, maxWait, now).read(failure));
        return reading != null ? reading : new FailureReading(FailureClass.UNKNOWN, 0, null, null, null, false);
    }

    /** What an exception means to the {@link #standard()} classifier. */
    public static FailureClass classify(Throwable error) {
        return STANDARD.read(error, null).failureClass();
    }

    /**
     * Whether the failure proves that the request never left: the name was not resolved, no connection was made, or
     * its encryption failed. Then a provider cannot have counted it.
     */
    public static boolean nothingSent(Throwable error) {
        for (Throwable at : Causes.of(error)) {
            if (ErrorTypes.nothingSent(at) || (at instanceof ProviderFailure failure && failure.nothingSent())) {
                return true;
            }
        }
        return false;
    }
}
