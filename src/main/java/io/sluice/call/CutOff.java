package io.sluice.call;

import io.sluice.support.Internal;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Tells a cancellation for want of time from one that the subscriber wanted: both look the same to whoever is cancelled.
 * A deadline says here why it cuts a call off, before it cancels.
 */
@Internal
public interface CutOff {

    /** Why the call is cut off, also by a deadline further out; null where it is not. */
    @Nullable
    Throwable cutOff();

    /** The context of a call that this may cut off. */
    default Context in(Context context) {
        return context.put(CutOff.class, this);
    }

    /** Why a call with this context is cut off; null where it is not. */
    static @Nullable Throwable of(ContextView context) {
        CutOff innermost = innermost(context);
        return innermost == null ? null : innermost.cutOff();
    }

    /** What may cut a call with this context off, and is nearest to it; null where there is none. */
    static @Nullable CutOff innermost(ContextView context) {
        return context.isEmpty() ? null : context.getOrDefault(CutOff.class, null);
    }
}
