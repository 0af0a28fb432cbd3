package io.sluice.batch;

import io.sluice.llm.LlmRequest;
import org.jspecify.annotations.Nullable;

/**
 * A line that was understood, or what keeps it from that.
 *
 * @param id the line's name in the results: its {@code custom_id}, or one made of its content
 * @param occurrence which of the lines with this id it is, counted from 1
 * @param line which line of the input it is, counted from 1
 * @param length how many bytes of the input it takes up
 * @param request what to send; null where there is a fault
 * @param fault why the line cannot be sent; null where it can
 */
record BatchTask(
        String id,
        int occurrence,
        long line,
        long length,
        @Nullable LlmRequest request,
        @Nullable String fault) {

    Fingerprint fingerprint() {
        return Fingerprint.of(id).occurrence(occurrence);
    }
}
