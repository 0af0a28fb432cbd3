package io.sluice.batch;

import io.sluice.model.ModelKey;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The numbers of a batch up to one moment.
 *
 * @param answered lines with an answer
 * @param failed lines with an error
 * @param skipped lines that were passed over, because the file of results had them
 * @param skippedFailed those of them that it had as an error
 * @param requests requests that were sent, those of lines without a result included
 * @param retries those of them that repeated another one
 * @param tooManyRequests requests that were answered with 429
 * @param inputTokens tokens of the input, as the provider counted them
 * @param outputTokens tokens of the output, as the provider counted them
 * @param bytes how many bytes of the input the lines took up
 * @param longestWait the longest that a line waited for its permits
 * @param models what was asked of each model, in the order of first use; at most 1,000 of them
 */
public record BatchSummary(
        long answered,
        long failed,
        long skipped,
        long skippedFailed,
        long requests,
        long retries,
        long tooManyRequests,
        long inputTokens,
        long outputTokens,
        long bytes,
        Duration longestWait,
        Map<ModelKey, ModelUse> models) {

    public BatchSummary {
        models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
    }

    /** All lines that were done, without those that had been before. */
    public long lines() {
        return answered + failed;
    }

    /**
     * What was asked of one model.
     *
     * @param requests requests that were sent
     * @param tokens tokens of input and output, as the provider counted them
     */
    public record ModelUse(long requests, long tokens) {}
}
