package io.sluice.batch;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import io.sluice.support.Json;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What became of one line. Either {@code response} or {@code error} is there.
 *
 * @param id the line's {@code custom_id}; where it has none, {@code sha256:} and the first 32 digits of the SHA-256 of the
 *     line's bytes, without its line break
 * @param occurrence which of the lines of the input with this id it was, counted from 1
 * @param line which line of the input it was, counted from 1
 * @param length how many bytes of the input it took up
 * @param key the model that was asked; null where the line could not be read
 * @param response the provider's answer as it came; not to be changed
 * @param usage the tokens that the provider counted, as far as it said
 * @param attempts how many requests were sent for it
 * @param tooManyRequests how many of them were answered with 429
 * @param waited how long it waited for its permits, all together; without the waits after failures
 * @param error why there is no answer
 */
public record BatchResult(
        String id,
        int occurrence,
        long line,
        long length,
        @Nullable ModelKey key,
        @Nullable JsonNode response,
        TokenUsage usage,
        int attempts,
        int tooManyRequests,
        Duration waited,
        @Nullable BatchError error) {

    /** Whether the line was answered. */
    public boolean isAnswered() {
        return error == null;
    }

    /**
     * The result as one line: {@code id}, {@code occurrence} (only from 2 on), {@code line}, {@code response} (the provider's body, or null), {@code usage} (with
     * {@code input} and {@code output} where known, or null), {@code attempts}, {@code waited} (seconds) and {@code error}
     * ({@code class}, {@code status}, {@code code}, {@code message}, or null).
     */
    public String toJson() {
        ObjectNode json = Json.mapper().createObjectNode();
        // First, so that a line that was cut off can still be told from what is no result at all.
        json.put("id", id);
        if (occurrence > 1) {
            json.put("occurrence", occurrence);
        }
        json.put("line", line);
        json.set("response", response);
        json.set("usage", usageJson());
        json.put("attempts", attempts).put("waited", seconds(waited));
        json.set("error", errorJson());
        return Json.compact(json);
    }

    private @Nullable JsonNode usageJson() {
        if (!usage.hasInput() && !usage.hasOutput()) {
            return null;
        }
        ObjectNode json = Json.mapper().createObjectNode();
        if (usage.hasInput()) {
            json.put("input", usage.inputOr(0));
        }
        if (usage.hasOutput()) {
            json.put("output", usage.outputOr(0));
        }
        return json;
    }

    private @Nullable JsonNode errorJson() {
        if (error == null) {
            return null;
        }
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("class", error.failureClass().name());
        if (error.status() != 0) {
            json.put("status", error.status());
        }
        if (error.code() != null) {
            json.put("code", error.code());
        }
        return json.put("message", error.message());
    }

    /** Milliseconds are enough for a person, and a decimal is the same in every reader. */
    private static BigDecimal seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3);
    }

    /** Without the answer. */
    @Override
    public String toString() {
        return "BatchResult[id=" + id + ", occurrence=" + occurrence + ", line=" + line + ", usage=" + usage
                + ", attempts=" + attempts + ", waited=" + waited + ", error=" + error + "]";
    }
}
