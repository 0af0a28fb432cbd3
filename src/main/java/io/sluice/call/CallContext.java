package io.sluice.call;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * What was said about calls, to be written with {@code contextWrite}; begun by a method of {@link Sluice}. Immutable: each
 * wither returns a new one. What is not said stays as it is further down.
 */
public final class CallContext implements Function<Context, Context> {

    /** A type of its own, so that nobody meets the key by chance. */
    enum Key {
        IDEMPOTENT
    }

    static final Object IDEMPOTENT = Key.IDEMPOTENT;

    static final CallContext NONE = new CallContext(null);

    private final @Nullable Boolean idempotent;

    private CallContext(@Nullable Boolean idempotent) {
        this.idempotent = idempotent;
    }

    /** See {@link Sluice#idempotent(boolean)}. */
    public CallContext idempotent(boolean idempotent) {
        return new CallContext(idempotent);
    }

    @Override
    public Context apply(Context context) {
        return idempotent == null ? context : context.put(IDEMPOTENT, idempotent);
    }
}
