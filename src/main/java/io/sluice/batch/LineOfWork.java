package io.sluice.batch;

import io.sluice.llm.LlmResponse;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * A line that is to have a result.
 *
 * @param task what it asks for
 * @param number which line of the input it is, counted from 1
 * @param length how many bytes of the input it takes up
 * @param occurrence which line with the same fingerprint it is, counted from 1
 */
record LineOfWork(BatchTask task, long number, long length, int occurrence) {

    BatchResult answered(ModelKey key, Attempts attempts, LlmResponse answer) {
        return new BatchResult(
                task.id(),
                hash(),
                occurrence,
                number,
                length,
                key,
                answer.raw(),
                answer.usage(),
                attempts.requests(),
                attempts.tooManyRequests(),
                attempts.waited(),
                null);
    }

    BatchResult failed(@Nullable ModelKey key, Attempts attempts, BatchError error) {
        return new BatchResult(
                task.id(),
                hash(),
                occurrence,
                number,
                length,
                key,
                null,
                TokenUsage.UNKNOWN,
                attempts.requests(),
                attempts.tooManyRequests(),
                attempts.waited(),
                error);
    }

    private @Nullable String hash() {
        return task.named() ? null : task.fingerprint().toString();
    }
}
