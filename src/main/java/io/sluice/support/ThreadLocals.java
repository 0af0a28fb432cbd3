package io.sluice.support;

import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/**
 * A call that is subscribed to later runs on a thread that carries the thread-locals of whoever let it go on. Where
 * Reactor restores thread-locals from the Context, it does so for this operator as well, and not for operators of others by
 * itself.
 */
@Internal
public final class ThreadLocals {

    private ThreadLocals() {}

    /** The same call, with the thread-locals of its own subscriber where Reactor is told to keep those. */
    public static <T> Mono<T> restoring(Mono<T> call) {
        return Hooks.isAutomaticContextPropagationEnabled() ? call.contextWrite(Function.identity()) : call;
    }

    /** The same call, with the thread-locals of its own subscriber where Reactor is told to keep those. */
    public static <T> Flux<T> restoring(Flux<T> call) {
        return Hooks.isAutomaticContextPropagationEnabled() ? call.contextWrite(Function.identity()) : call;
    }
}
