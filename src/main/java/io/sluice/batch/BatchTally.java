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
    private long failed;
    private long skipped;
    private long skippedFailed;
    private long requests;
    private long retries;
    private long tooManyRequests;
    private long input;
    private long output;
    private long bytes;
    private Duration longestWait = Duration.ZERO;

    /** Adds a result, which should be written by then. */
    public synchronized void add(BatchResult result) {
        answered += result.isAnswered() ? 1 : 0;
        failed += result.isAnswered() ? 0 : 1;
        bytes += result.length();
        input += result.usage().inputOr(0);
        output += result.usage().outputOr(0);
        if (result.waited().compareTo(longestWait) > 0) {
            longestWait = result.waited();
        }
        sent(result.key(), result.attempts(), result.tooManyRequests(), result.usage());
    }

    /** Adds a line that was passed over, because the file of results had it. */
    synchronized void skip(BatchTask task, boolean isError) {
        skipped++;
        skippedFailed += isError ? 1 : 0;
        bytes += task.length();
    }

    /** Adds the requests of a line that has no result. */
    synchronized void giveUp(ModelKey key, Attempts attempts) {
        if (attempts.requests() > 0) {
            sent(key, attempts.requests(), attempts.tooManyRequests(), TokenUsage.UNKNOWN);
        }
    }

    /** The numbers now. */
    public synchronized BatchSummary summary() {
        return new BatchSummary(
                answered,
                failed,
                skipped,
                skippedFailed,
                requests,
                retries,
                tooManyRequests,
                input,
                output,
                bytes,
                longestWait,
                models);
    }

    private void sent(@Nullable ModelKey key, int sent, int refused, TokenUsage usage) {
        requests += sent;
        retries += Math.max(0, sent - 1);
        tooManyRequests += refused;
        count(key, sent, usage);
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
