package io.sluice.call;

import io.sluice.support.Internal;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * Hears that the provider has begun to answer a call, from whatever carries the call out. The permit that a call runs
 * under is one: what the headers say about limits reaches it without code in between knowing of it.
 */
@Internal
public interface AnswerListener {

    /**
     * The headers of an answer are here. Returns at once and does not throw.
     *
     * @param headers gives all values of a header, an empty list or null where it is missing; asked before this returns
     *     only, with names in lower case
     */
    void answered(Function<? super String, ? extends @Nullable List<String>> headers);

    /** The listener of the innermost call that a context belongs to, or null. */
    static @Nullable AnswerListener of(ContextView context) {
        return HeldPermits.innermost(context) instanceof AnswerListener listener ? listener : null;
    }
}
