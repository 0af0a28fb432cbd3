package io.sluice.approval;

import org.jspecify.annotations.Nullable;

/**
 * What became of one of several ballots.
 *
 * @param id the request
 * @param record the request after it; null where the ballot did not count
 * @param refused why it did not count; null where it did
 */
public record Ruled(
        String id,
        @Nullable ApprovalRecord record,
        @Nullable ApprovalException refused) {}
