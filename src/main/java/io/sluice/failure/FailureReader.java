package io.sluice.failure;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One look at one failure. */
final class FailureReader {

    private final List<FailureExtractor> extractors;
    private final Duration cap;
    private final @Nullable Instant now;
    private final LookBounds bounds = new LookBounds();

    FailureReader(List<FailureExtractor> extractors, Duration cap, @Nullable Instant now) {
        this.extractors = extractors;
        this.cap = cap;
        this.now = now;
    }

    FailureReading read(@Nullable Object failure) {
        if (failure instanceof Throwable error) {
            return exception(error);
        }
        if (failure instanceof ProviderAnswer answer) {
            return answer(answer);
        }
        ErrorSigns signs = BodyReader.read(failure, failure instanceof CharSequence, bounds);
        return conclude(0, HeaderFields.NONE, signs, false, null, TokenUsage.UNKNOWN);
    }

    private FailureReading answer(ProviderAnswer answer) {
        ErrorSigns signs = BodyReader.read(answer.body(), false, bounds);
        HeaderFields headers = new HeaderFields(answer.headers(), signs.headers);
        return conclude(answer.status(), headers, signs, answer.isNothingSent(), answer.secret(), answer.usage());
    }

    /**
     * A provider's answer anywhere in the chain says most, then an error of our own; after them a type that means a bug
     * or that somebody wants the call to end, the words and names from the outside in, and at last a type that means the
     * network. Where the chain says nothing, an answer among what was suppressed may.
     */
    private FailureReading exception(Throwable error) {
        List<Throwable> chain = Causes.of(error);
        FailureReading told = answered(chain);
        if (told != null) {
            return told;
        }
        boolean nothingSent = FailureClassifier.nothingSent(error);
        FailureClass byType = firstType(chain);
        boolean wordsCount = byType != FailureClass.PROGRAMMING && byType != FailureClass.CALLER;
        FailureReading worded = wordsCount ? worded(chain, nothingSent) : null;
        if (worded != null) {
            return worded;
        }
        FailureReading suppressed = byType == null ? answered(Causes.suppressedBy(chain)) : null;
        if (suppressed != null) {
            return suppressed;
        }
        FailureClass meaning = byType == null ? FailureClass.UNKNOWN : byType;
        return new FailureReading(meaning, 0, null, safe(error), null, nothingSent);
    }

    /** What the first of them says that is an error of ours or holds a provider's answer. */
    private @Nullable FailureReading answered(List<Throwable> errors) {
        for (Throwable at : errors) {
            FailureReading told = at instanceof SluiceException ours ? own(ours) : extracted(at);
            if (told != null) {
                return told;
            }
        }
        return null;
    }

    private static @Nullable String safe(Throwable error) {
        return SafeWords.of(words(error), SafeWords.LONGEST);
    }

    private FailureReading own(SluiceException ours) {
        Duration wait = ours.retryAfter();
        WaitHint hint = wait == null ? null : WaitHint.of(Nanos.of(wait), cap, HintSource.OWN);
        if (ours instanceof ProviderFailure failure) {
            WaitHint read = failure.hint();
            return new FailureReading(
                    ours.failureClass(),
                    failure.status(),
                    failure.code(),
                    safe(ours),
                    read == null ? hint : read.within(cap),
                    FailureClassifier.nothingSent(ours),
                    failure.usage());
        }
        return new FailureReading(ours.failureClass(), 0, null, safe(ours), hint, false);
    }

    private @Nullable FailureReading extracted(Throwable error) {
        for (FailureExtractor extractor : extractors) {
            ProviderAnswer answer = Attempted.<ProviderAnswer>orNull(() -> extractor.extract(error));
            if (answer != null) {
                FailureReading reading = answer(answer);
                if (reading.status() != 0 || reading.failureClass() != FailureClass.UNKNOWN) {
                    return reading;
                }
            }
        }
        return null;
    }

    private static @Nullable FailureClass firstType(List<Throwable> chain) {
        for (Throwable at : chain) {
            FailureClass type = ErrorTypes.of(at);
            if (type != null) {
                return type;
            }
        }
        return null;
    }

    private @Nullable FailureReading worded(List<Throwable> chain, boolean nothingSent) {
        for (Throwable at : chain) {
            FailureClass named = ErrorTypes.ofName(at);
            ErrorSigns signs = BodyReader.read(words(at), true, bounds);
            if (named != null) {
                signs.code(at.getClass().getSimpleName());
            }
            FailureReading reading = conclude(0, HeaderFields.NONE, signs, nothingSent, null, TokenUsage.UNKNOWN);
            if (reading.failureClass() != FailureClass.UNKNOWN || reading.status() != 0) {
                return reading;
            }
        }
        return null;
    }

    private static @Nullable String words(Throwable error) {
        return Attempted.<String>orNull(error::getMessage);
    }

    /** Without the secret first: what is cut, or taken for a key in part, would not be found any more. */
    private static @Nullable String shown(@Nullable String words, @Nullable String secret, int most) {
        return FailureReading.hidden(SafeWords.of(FailureReading.hidden(words, secret), most), secret);
    }

    private FailureReading conclude(
            int http,
            HeaderFields given,
            ErrorSigns signs,
            boolean nothingSent,
            @Nullable String secret,
            TokenUsage usage) {
        HeaderFields headers = given == HeaderFields.NONE ? new HeaderFields(name -> List.of(), signs.headers) : given;
        String aws = headers.first("x-amzn-errortype");
        if (aws != null) {
            signs.code(aws);
        }
        int status = ClassDecision.status(http, signs);
        FailureClass said = ClassDecision.of(status, signs);
        // What never left was refused by nobody.
        FailureClass meaning = nothingSent && said == FailureClass.UNKNOWN ? FailureClass.TRANSIENT : said;
        return new FailureReading(
                meaning,
                status,
                shown(signs.code(), secret, SafeWords.LONGEST_CODE),
                shown(signs.message(), secret, SafeWords.LONGEST),
                new HintFinder(meaning, status, headers, signs, now, cap).find(),
                nothingSent,
                usage);
    }
}
