package io.sluice.approval;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How it went to tell people of a request over one channel.
 *
 * @param channel the name of the channel
 * @param step 0 for those asked first, then the step of the ladder
 * @param attempts how often it was tried
 * @param sentAt when it was told; null if it was not yet
 * @param nextAttemptAt when to try again; null if it was told, or is given up
 * @param reference what the channel calls the message; null where it said nothing
 * @param error why the last attempt failed; null if it did not
 */
public record Delivery(
        String channel,
        int step,
        int attempts,
        @Nullable Instant sentAt,
        @Nullable Instant nextAttemptAt,
        @Nullable String reference,
        @Nullable String error) {

    static Delivery due(String channel, int step, Instant at) {
        return new Delivery(channel, step, 0, null, at, null, null);
    }

    boolean delivered() {
        return sentAt != null;
    }
}
