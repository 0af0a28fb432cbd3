package io.sluice.failure;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of Claude Code's output say besides an error's usual fields (SDK of August 2026): why a run ended, and
 * that the allowance of a subscription is used up until a time.
 */
final class ClaudeCodeFields {

    private ClaudeCodeFields() {}

    /** Adds what one line holds. */
    static void read(Map<?, ?> line, ErrorSigns signs) {
        if ("true".equals(line.get("is_error"))) {
            known(line.get("subtype"), signs);
            known(line.get("terminal_reason"), signs);
            signs.refused |= line.get("terminal_reason") instanceof String reason && reason.startsWith("aborted_");
        }
        if (line.get("rate_limit_info") instanceof Map<?, ?> limit && "rejected".equals(limit.get("status"))) {
            signs.code("rate_limit");
            if (limit.get("resetsat") instanceof String instant) {
                signs.reset(instant);
            }
        }
    }

    private static void known(@Nullable Object value, ErrorSigns signs) {
        if (value instanceof String code && CodeTable.of(code) != null) {
            signs.code(code);
        }
    }
}
