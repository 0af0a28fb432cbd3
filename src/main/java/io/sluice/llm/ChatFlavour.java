package io.sluice.llm;

import io.sluice.support.Internal;
import java.util.List;

/**
 * How one server's chat completions differ from those of others.
 *
 * @param cap the field for the most tokens to answer with
 * @param seed the field for the seed
 * @param asksForUsage whether a stream has to be asked for its usage
 * @param tellsCost whether {@code usage.cost} is what a call cost, in dollars
 * @param idHeaders where the name of the exchange may stand, the best first
 */
@Internal
public record ChatFlavour(String cap, String seed, boolean asksForUsage, boolean tellsCost, List<String> idHeaders) {

    /** OpenAI's own (as of 2026-11). */
    public static final ChatFlavour OPENAI =
            new ChatFlavour("max_completion_tokens", "seed", true, false, List.of("x-request-id"));

    public ChatFlavour {
        idHeaders = List.copyOf(idHeaders);
    }

    /** With another field for the cap. */
    public ChatFlavour cap(String cap) {
        return new ChatFlavour(cap, seed, asksForUsage, tellsCost, idHeaders);
    }

    /** With another field for the seed. */
    public ChatFlavour seed(String seed) {
        return new ChatFlavour(cap, seed, asksForUsage, tellsCost, idHeaders);
    }

    /** Whose streams say what was used unasked. */
    public ChatFlavour tellsUsageUnasked() {
        return new ChatFlavour(cap, seed, false, tellsCost, idHeaders);
    }

    /** Whose usage says what a call cost. */
    public ChatFlavour tellsCost(boolean tells) {
        return new ChatFlavour(cap, seed, asksForUsage, tells, idHeaders);
    }

    /** With other headers for the name of the exchange. */
    public ChatFlavour idHeaders(String... names) {
        return new ChatFlavour(cap, seed, asksForUsage, tellsCost, List.of(names));
    }
}
