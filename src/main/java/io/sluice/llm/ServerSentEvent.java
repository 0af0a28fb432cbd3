package io.sluice.llm;

import io.sluice.support.Internal;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream.
 *
 * @param name what kind it is; null where the stream does not say
 * @param data its data; several lines of it are joined by line feeds
 */
@Internal
public record ServerSentEvent(@Nullable String name, String data) {

    /** Its name alone; what was said stays out of logs. */
    @Override
    public String toString() {
        return "ServerSentEvent[name=" + name + "]";
    }
}
