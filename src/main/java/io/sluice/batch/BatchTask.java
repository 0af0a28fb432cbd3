package io.sluice.batch;

import io.sluice.llm.LlmRequest;
import org.jspecify.annotations.Nullable;

/**
 * A line that was understood, or what keeps it from that.
 *
 * @param id the line's name in the results
 * @param request what to send; null where there is a fault
 * @param fault why the line cannot be sent; null where it can
 */
record BatchTask(
        String id, @Nullable LlmRequest request, @Nullable String fault) {}
