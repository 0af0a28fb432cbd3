package io.sluice.llm;

import io.sluice.support.Internal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the events of one streamed answer, in order, one at a time. */
@Internal
public interface StreamReader {

    /**
     * What an event says.
     *
     * @param name what kind it is; null where the stream does not say
     * @param data an object that holds no {@code error}
     * @return the piece; null if it says nothing
     * @throws io.sluice.failure.ProviderFailure if it says that the call failed
     */
    @Nullable
    LlmChunk read(@Nullable String name, JsonNode data);

    /** Whether the answer has come to its end, whatever may still follow. */
    boolean isWhole();

    /** Whether nothing follows that has to be waited for. */
    boolean isOver();
}
