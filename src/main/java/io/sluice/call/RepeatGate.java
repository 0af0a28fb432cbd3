package io.sluice.call;

import io.sluice.support.Internal;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Has a say in whether a call is repeated, once its retry has decided for it and before it waits: whoever pays for the
 * attempts. Found in the Reactor Context by the retry.
 */
@Internal
public interface RepeatGate {

    /**
     * Whether there may be another attempt; if so, it is as good as paid for.
     *
     * @param failure why the last one failed, as the retry sees it
     * @return null, or why there must not be another one, which then ends the call
     */
    @Nullable
    Throwable refusal(Throwable failure);

    /** The context of the call whose attempts this decides about. */
    default Context in(Context context) {
        return context.put(RepeatGate.class, this);
    }

    /** The gate of the innermost call that a context belongs to, or null. */
    static @Nullable RepeatGate of(ContextView context) {
        return context.isEmpty() ? null : context.getOrDefault(RepeatGate.class, null);
    }
}
