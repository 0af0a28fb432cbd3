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
 * @param id the line's {@code custom_id}, or {@code line-} and its number
 * @param hash 32 hexadecimal digits that a line without {@code custom_id} is known by in a later run; null where it has one
 * @param occurrence which line with this {@code custom_id}, or these bytes, it is, counted from 1
 * @param line which line of the input it was, counted from 1
 * @param length how many bytes of the input it took up
 * @param key the model that was asked; null where the line could not be read
 * @param response the provider's answer as it came; not to be changed
 * @param usage the tokens that the provider counted, as far as it said
 * @param attempts how many requests were sent for it
 * @param tooManyRequests how many of them the provider refused with 429
 * @param waited how long it waited for its permits, all together; the time between attempts is not in it
 * @param error why there is no answer
 */
public record BatchResult(
        String id,
        @Nullable String hash,
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
     * The result as one line: {@code id}, {@code line}, where they are needed to find the line again {@code hash} and {@code
     * occurrence}, {@code response} (the provider's body, or null), {@code usage} (with
     * {@code input} and {@code output} where known, or null), {@code attempts}, {@code waited} (seconds) and {@code error}
     * ({@code class}, {@code status}, {@code code}, {@code message}, or null).
     */
    public String toJson() {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("id", id).put("line", line);
        if (hash != null) {
            json.put("hash", hash);
        }
        if (occurrence > 1) {
            json.put("occurrence", occurrence);
        }
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
        return "BatchResult[id=" + id + ", line=" + line + ", usage=" + usage + ", attempts=" + attempts + ", waited="
                + waited + ", error=" + error + "]";
    }
}
