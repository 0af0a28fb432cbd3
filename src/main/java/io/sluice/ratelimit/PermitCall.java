package io.sluice.ratelimit;

import io.sluice.call.HeldPermits;
import io.sluice.model.TokenUsage;
import io.sluice.support.ThreadLocals;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A call that runs under a permit: it waits for it, subscribes to the call, and ends the permit whatever happens, before
 * anybody downstream hears of it. The permit never leaves this subscriber unless the user's own function takes it.
 */
abstract class PermitCall<T> extends Waiter implements CoreSubscriber<T>, Subscription, Scannable {

    final CoreSubscriber<? super T> actual;

    private final Function<? super Permit, ? extends Publisher<? extends T>> call;

    /** The context of the call, made when it is first asked for: most calls never ask. */
    private @Nullable Context context;

    PermitCall(
            PermitQueue queue,
            PermitRequest request,
            CoreSubscriber<? super T> actual,
            Function<? super Permit, ? extends Publisher<? extends T>> call) {
        super(queue, request, actual.currentContext());
        this.actual = actual;
        this.call = call;
    }

    @Override
    public final Context currentContext() {
        Context known = context;
        if (known == null) {
            known = HeldPermits.add(actual.currentContext(), queue, permit());
            context = known;
        }
        return known;
    }

    @Override
    final @Nullable Duration maxHold() {
        return null;
    }

    @Override
    final void deliver(LivePermit permit) {
        Publisher<? extends T> source;
        try {
            source = Hooks.isAutomaticContextPropagationEnabled() ? withThreadLocals(permit) : made(permit);
        } catch (Throwable thrown) {
            boolean mine = STATE.compareAndSet(this, DELIVERED, ENDED);
            permit.abandon();
            Throwable error = Operators.onOperatorError(null, thrown, permit, actual.currentContext());
            if (mine) {
                actual.onError(error);
            } else {
                Operators.onErrorDropped(error, actual.currentContext());
            }
            return;
        }
        if (STATE.compareAndSet(this, DELIVERED, RUNNING)) {
            subscribeTo(source);
        }
    }

    private Publisher<? extends T> made(LivePermit permit) {
        return Objects.requireNonNull(call.apply(permit), "the call must not be null");
    }

    /**
     * Where Reactor keeps thread-locals, a call that waited is made on a thread with those of whoever let it go on. Its own
     * are restored while something is subscribed to, so the call is made then.
     */
    private Publisher<? extends T> withThreadLocals(LivePermit permit) {
        return ThreadLocals.restoring(Flux.<T>defer(() -> {
            try {
                return Flux.from(made(permit));
            } catch (Throwable thrown) {
                permit.abandon();
                throw thrown;
            }
        }));
    }

    private void subscribeTo(Publisher<? extends T> source) {
        try {
            T value = known(source);
            if (value == null) {
                source.subscribe(this);
            } else {
                onNext(value);
                onComplete();
            }
        } catch (Throwable thrown) {
            // Against the rules of Reactive Streams; but the slot must not be lost by it.
            boolean mine = endRunning();
            if (mine) {
                permit().release();
            }
            Exceptions.throwIfFatal(thrown);
            if (mine) {
                actual.onError(thrown);
            } else {
                Operators.onErrorDropped(thrown, actual.currentContext());
            }
        }
    }

    /** The value of a source that has one without being subscribed to, as {@code Mono.just}; else null. */
    @SuppressWarnings("unchecked") // a source of T has nothing else
    private static <T> @Nullable T known(Publisher<? extends T> source) {
        if (!(source instanceof Fuseable.ScalarCallable<?> scalar)) {
            return null;
        }
        try {
            return (T) scalar.call();
        } catch (Throwable error) {
            // Its subscriber is told.
            return null;
        }
    }

    @Override
    final void deliverError(Throwable reason) {
        actual.onError(reason);
    }

    @Override
    final void forgetSubscriber() {}

    @Override
    public final void cancel() {
        if (leave()) {
            return;
        }
        if (STATE.compareAndSet(this, DELIVERED, CANCELLED)) {
            permit().abandon();
        } else if (STATE.compareAndSet(this, RUNNING, CANCELLED)) {
            try {
                cancelUpstream();
            } finally {
                permit().release();
            }
        }
    }

    /** A value that comes when the call is over already. */
    final void dropped(T value) {
        if (state == CANCELLED) {
            Operators.onDiscard(value, actual.currentContext());
        } else {
            Operators.onNextDropped(value, actual.currentContext());
        }
    }

    /** The call is over in its own time; false if it was cancelled before. */
    final boolean endRunning() {
        return STATE.compareAndSet(this, RUNNING, ENDED);
    }

    final void settleError(Throwable error) {
        permit().failed(error);
        HeldPermits.forEach(actual.currentContext(), outer -> ((LivePermit) outer).failedWithin(error));
    }

    final void settleComplete() {
        permit().succeeded(TokenUsage.UNKNOWN);
    }

    abstract void cancelUpstream();

    abstract @Nullable Subscription upstream();

    @Override
    @SuppressWarnings("rawtypes")
    public final @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        return key == Attr.PARENT ? upstream() : WaiterScan.of(this, key);
    }
}
