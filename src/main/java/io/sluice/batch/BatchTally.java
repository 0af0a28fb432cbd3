package io.sluice.batch;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts results. Thread-safe. */
public final class BatchTally {

    private static final int MAX_MODELS = 1_000;

    // All guarded by this.
    private final Map<ModelKey, BatchSummary.ModelUse> models = new LinkedHashMap<>();
    private long answered;
    private long skipped;
    private long skippedFailed;
    private long failed;
    private long requests;
    private long tooManyRequests;
    private long input;
    private long output;
    private long bytes;
    private Duration longestWait = Duration.ZERO;

    /** Adds a result, which should be written by then. */
    public synchronized void add(BatchResult result) {
        BatchError error = result.error();
        if (error == null) {
            answered++;
        } else {
            failed++;
        }
        tooManyRequests += result.tooManyRequests();
        requests += result.attempts();
        bytes += result.length();
        input += result.usage().inputOr(0);
        output += result.usage().outputOr(0);
        if (result.waited().compareTo(longestWait) > 0) {
            longestWait = result.waited();
        }
        count(result.key(), result.attempts(), result.usage());
    }

    /**
     * Adds a line that has a result from an earlier run.
     *
     * @param length how many bytes of the input it took up
     * @param isError whether that result is an error
     */
    public synchronized void skip(long length, boolean isError) {
        skipped++;
        skippedFailed += isError ? 1 : 0;
        bytes += length;
    }

    /** The numbers now. */
    public synchronized BatchSummary summary() {
        return new BatchSummary(
                answered,
                failed,
                skipped,
                skippedFailed,
                requests,
                tooManyRequests,
                input,
                output,
                bytes,
                longestWait,
                models);
    }

    private void count(@Nullable ModelKey key, int sent, TokenUsage usage) {
        if (key != null && (models.size() < MAX_MODELS || models.containsKey(key))) {
            BatchSummary.ModelUse more = new BatchSummary.ModelUse(sent, usage.inputOr(0) + usage.outputOr(0));
            models.merge(
                    key,
                    more,
                    (a, b) -> new BatchSummary.ModelUse(a.requests() + b.requests(), a.tokens() + b.tokens()));
        }
    }
}
