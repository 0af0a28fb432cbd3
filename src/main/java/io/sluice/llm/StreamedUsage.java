package io.sluice.llm;

import io.sluice.failure.ProviderFailure;
import io.sluice.model.TokenUsage;
import io.sluice.tokens.TokenEstimator;
import org.jspecify.annotations.Nullable;

/**
 * What one stream has used up to a piece: what the provider said last, and by the estimator what the model said since. Entered
 * by one signal at a time.
 */
final class StreamedUsage {

    private final long estimatedInput;
    private final TokenEstimator estimator;

    private TokenUsage stated = TokenUsage.UNKNOWN;

    /** What was said since the provider counted the output last. */
    private long since;

    private boolean begun;

    /**
     * @param estimatedInput what counts as the input until the provider says it
     */
    StreamedUsage(long estimatedInput, TokenEstimator estimator) {
        this.estimatedInput = estimatedInput;
        this.estimator = estimator;
    }

    /** The use up to and with a piece. What it states includes what it says. */
    TokenUsage after(LlmChunk piece) {
        begun = true;
        TokenUsage told = piece.usage();
        if (told != null) {
            stated = told;
        }
        if (told != null && told.hasOutput()) {
            since = 0;
        } else {
            since += estimator.text(piece.text());
            for (LlmToolCall call : piece.toolCalls()) {
                since += estimator.text(call.arguments().toString());
            }
        }
        return total();
    }

    /** The use of a stream that failed; null where nothing is known that the failure does not say itself. */
    @Nullable
    TokenUsage after(Throwable failure) {
        if (!begun) {
            return null;
        }
        if (failure instanceof ProviderFailure told && told.usage().hasOutput()) {
            // What a stream broke off with may be older than its last words.
            long counted = total().outputOr(0);
            stated = told.usage();
            since = Math.max(0, counted - stated.outputOr(0));
        }
        return total();
    }

    private TokenUsage total() {
        if (since == 0 && stated.hasInput() && stated.hasOutput()) {
            return stated;
        }
        return TokenUsage.of(stated.inputOr(estimatedInput), bounded(stated.outputOr(0) + since))
                .withCache(stated.cacheRead(), stated.cacheWritten())
                .withReasoning(stated.reasoning());
    }

    private static long bounded(long tokens) {
        return Math.min(TokenEstimator.MAX_TOKENS, tokens);
    }
}
