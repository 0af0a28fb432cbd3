package io.sluice.call;

import io.sluice.model.ModelKey;
import io.sluice.model.Money;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a governed call when it is over. Holds neither its prompt nor its answer, and no secrets as far as they can
 * be recognised.
 *
 * @param id the number of the call, from 1 in the order in which its governor was asked
 * @param call its name
 * @param key the model or tool
 * @param risk how much harm it could do
 * @param requester who wanted it; null where nobody said
 * @param arguments what it was made with, as far as that may be shown; of a model's call only what kind of thing it was
 * @param startedAt when it was asked for, by the governor's clock
 * @param took from then to its end, with all waits
 * @param attempts how many attempts were sent; 0 where none was, or the answer was that of another call
 * @param ending how it ended
 * @param reason why it has no answer of its own, at most 200 characters; null where it has one, or was cancelled
 * @param usage what its attempts said that they used, all in all; unknown where none said it
 * @param cost what that cost by the prices of its budget, or what was reserved where nobody said what it used; null where no
 *     budget pays for it
 */
public record CallRecord(
        long id,
        String call,
        ModelKey key,
        Risk risk,
        @Nullable String requester,
        String arguments,
        Instant startedAt,
        Duration took,
        int attempts,
        CallEnding ending,
        @Nullable String reason,
        TokenUsage usage,
        @Nullable Money cost) {

    /** Checks the parts. */
    public CallRecord {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(risk, "risk");
        Objects.requireNonNull(arguments, "arguments");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(took, "took");
        Objects.requireNonNull(ending, "ending");
        Objects.requireNonNull(usage, "usage");
    }
}
