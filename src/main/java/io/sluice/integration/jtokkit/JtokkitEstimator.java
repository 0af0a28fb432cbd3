package io.sluice.integration.jtokkit;

import io.sluice.tokens.TokenEstimator;
import java.util.Objects;
import java.util.function.ToIntFunction;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Counts the tokens of texts as OpenAI's models do, with the optional library jtokkit.
 *
 * <pre>{@code
 * JtokkitEstimator.forModel("gpt-4o").flatMap(tokens -> tokens.count(prompt))
 * }</pre>
 *
 * <p>Counts are exact for the text itself. What a message costs beside its text is estimated as by any estimator.
 *
 * <p><b>Threads.</b> Tables are loaded on {@link Schedulers#boundedElastic()}, once for each vocabulary and process.
 * Texts of up to {@value #SHORT} characters are counted where they are told, in about a millisecond at most. Longer ones
 * are counted on the bounded elastic scheduler by {@link #count}; {@link #text} counts them exactly on threads that may
 * block, and on an event loop only begins so, and estimates the rest. Thread-safe; on virtual time the Monos need time to
 * pass once.
 */
public final class JtokkitEstimator implements TokenEstimator {

    /** How many characters are counted on an event loop. */
    public static final int SHORT = 8_192;

    private final ToIntFunction<String> counter;

    private JtokkitEstimator(ToIntFunction<String> counter) {
        this.counter = counter;
    }

    /** Whether the tokens of a model can be counted, as far as its name tells. */
    public static boolean knows(String model) {
        return Vocabulary.of(model) != null;
    }

    /**
     * The estimator of a model, when its tables are loaded.
     *
     * <p><b>Errors:</b> {@link VocabularyUnknownException}, {@link JtokkitMissingException}.
     *
     * @param model such as {@code gpt-4o} or {@code openai/gpt-oss-120b}, with a version or without
     */
    public static Mono<JtokkitEstimator> forModel(String model) {
        Objects.requireNonNull(model, "model");
        return Mono.defer(() -> {
            Vocabulary vocabulary = Vocabulary.of(model);
            if (vocabulary == null) {
                return Mono.error(new VocabularyUnknownException(model));
            }
            ToIntFunction<String> loaded = vocabulary.loaded();
            return loaded != null
                    ? Mono.just(new JtokkitEstimator(loaded))
                    : Mono.fromCallable(() -> new JtokkitEstimator(vocabulary.load()))
                            .subscribeOn(Schedulers.boundedElastic());
        });
    }

    /** The tokens of a text, exactly, however long it is. */
    public Mono<Long> count(CharSequence text) {
        Objects.requireNonNull(text, "text");
        return Mono.defer(() -> {
            Mono<Long> count = Mono.fromCallable(() -> exactly(text));
            return text.length() <= SHORT ? count : count.subscribeOn(Schedulers.boundedElastic());
        });
    }

    /**
     * {@inheritDoc} Exact, except for texts of more than {@value #SHORT} characters on a thread that must not block: there
     * what comes after these is estimated.
     */
    @Override
    public long text(CharSequence text) {
        int length = text.length();
        if (length <= SHORT || !Schedulers.isInNonBlockingThread()) {
            return exactly(text);
        }
        int end = Character.isHighSurrogate(text.charAt(SHORT - 1)) ? SHORT - 1 : SHORT;
        return exactly(text.subSequence(0, end)) + TokenEstimator.characters().text(text.subSequence(end, length));
    }

    private long exactly(CharSequence text) {
        try {
            return counter.applyAsInt(text.toString());
        } catch (RuntimeException notCounted) {
            // An estimator never throws on a text.
            return TokenEstimator.characters().text(text);
        }
    }
}
