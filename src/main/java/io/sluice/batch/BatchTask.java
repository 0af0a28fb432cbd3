package io.sluice.batch;

import io.sluice.llm.LlmRequest;
import org.jspecify.annotations.Nullable;

/**
 * A line that was understood, or what keeps it from that.
 *
 * @param id the line's name in the results: its {@code custom_id}, or {@code line-} and its number
 * @param fingerprint what it is known by over several runs
 * @param named whether it has a {@code custom_id}, of which the fingerprint is then
 * @param request what to send; null where there is a fault
 * @param fault why the line cannot be sent; null where it can
 */
record BatchTask(
        String id,
        Fingerprint fingerprint,
        boolean named,
        @Nullable LlmRequest request,
        @Nullable String fault) {}
