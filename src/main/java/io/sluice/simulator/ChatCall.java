package io.sluice.simulator;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A call to a model that can be worked on.
 *
 * @param body all of it
 * @param model the model it names
 * @param promptTokens what its prompt counts as
 * @param cap the most tokens that it may be answered with
 * @param streamed whether the answer is to come in pieces
 * @param withUsage whether a streamed answer is to end with the usage; only OpenAI asks
 * @param user whom it is for; null where it does not say
 */
record ChatCall(
        JsonNode body,
        String model,
        long promptTokens,
        long cap,
        boolean streamed,
        boolean withUsage,
        @Nullable String user)
        implements ReadCall {}
