package io.sluice.call;

import io.sluice.support.Internal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The permits that the current chain of calls holds, innermost first. A call that runs inside another one of the same
 * model finds that one here, and can use its slot instead of waiting for it for ever.
 *
 * <p>An immutable list in the Reactor Context; owners are compared by identity.
 */
@Internal
public final class HeldPermits {

    private static final Object KEY = HeldPermits.class;

    private final Object owner;
    private final Object permit;
    private final @Nullable HeldPermits outer;

    private HeldPermits(Object owner, Object permit, @Nullable HeldPermits outer) {
        this.owner = owner;
        this.permit = permit;
        this.outer = outer;
    }

    /** The context of a call that holds one permit more. */
    public static Context add(Context context, Object owner, Object permit) {
        HeldPermits outer = context.getOrDefault(KEY, null);
        return context.put(KEY, new HeldPermits(owner, permit, outer));
    }

    /** The innermost permit that the chain holds, or null. */
    static @Nullable Object innermost(ContextView context) {
        HeldPermits held = context.isEmpty() ? null : context.getOrDefault(KEY, null);
        return held == null ? null : held.permit;
    }

    /** Tells each permit that the chain holds, of whatever owner, the innermost first. */
    public static void forEach(ContextView context, Consumer<Object> told) {
        HeldPermits held = context.isEmpty() ? null : context.getOrDefault(KEY, null);
        while (held != null) {
            told.accept(held.permit);
            held = held.outer;
        }
    }

    /** The innermost permit of this owner that the chain holds, or null. */
    public static @Nullable Object innermost(ContextView context, Object owner) {
        HeldPermits held = context.isEmpty() ? null : context.getOrDefault(KEY, null);
        while (held != null && held.owner != owner) {
            held = held.outer;
        }
        return held == null ? null : held.permit;
    }
}
