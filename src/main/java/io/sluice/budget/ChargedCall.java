package io.sluice.budget;

import io.sluice.support.HandOver;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A call that runs with a reservation: it gets it, subscribes to the call, and ends the reservation whatever happens, before
 * anybody downstream hears of it.
 */
abstract class ChargedCall<T> extends BudgetCall<T> implements CoreSubscriber<T> {

    private static final Object KEY = ChargedCall.class;

    private static final int MAX_CAUSES = 32;

    private final Publisher<? extends T> source;

    /** The context of the call, made when it is first asked for: most calls never ask. */
    private @Nullable Context context;

    /** What a call within this one failed with; it was charged there. */
    private volatile @Nullable Throwable errorWithin;

    ChargedCall(CoreSubscriber<? super T> actual, LiveReservation reservation, Publisher<? extends T> source) {
        super(actual, reservation);
        this.source = source;
    }

    @Override
    public final Context currentContext() {
        Context known = context;
        if (known == null) {
            known = actual.currentContext().put(KEY, this);
            context = known;
        }
        return known;
    }

    @Override
    final void reserved() {
        try {
            source.subscribe(this);
        } catch (Throwable thrown) {
            // Against the rules of Reactive Streams; but the reservation must not be lost by it.
            boolean mine = endRunning();
            if (mine) {
                reservation.unknown();
            }
            Exceptions.throwIfFatal(thrown);
            if (mine) {
                tellError(thrown);
            } else {
                Operators.onErrorDropped(thrown, actual.currentContext());
            }
        }
    }

    /** What is told when the end of the call is kept. */
    private abstract class Telling implements HandOver.Work {

        @Override
        public final void run() {
            if (endSettled()) {
                tell();
            } else {
                forget();
            }
        }

        /** It is over, whoever is left to run it. */
        @Override
        public final void rejected(RejectedExecutionException reason) {
            run();
        }

        abstract void tell();

        abstract void forget();
    }

    /** Tells the answer and the end. */
    final void tellAnswer(T value) {
        if (state != SETTLED) {
            actual.onNext(value);
            actual.onComplete();
            return;
        }
        reservation.whenKept(new Telling() {
            @Override
            void tell() {
                actual.onNext(value);
                actual.onComplete();
            }

            @Override
            void forget() {
                Operators.onDiscard(value, actual.currentContext());
            }
        });
    }

    private void tellComplete() {
        if (state != SETTLED) {
            actual.onComplete();
            return;
        }
        reservation.whenKept(new Telling() {
            @Override
            void tell() {
                actual.onComplete();
            }

            @Override
            void forget() {}
        });
    }

    final void tellError(Throwable error) {
        if (state != SETTLED) {
            actual.onError(error);
            return;
        }
        reservation.whenKept(new Telling() {
            @Override
            void tell() {
                actual.onError(error);
            }

            @Override
            void forget() {
                Operators.onErrorDropped(error, actual.currentContext());
            }
        });
    }

    @Override
    public final void onError(Throwable error) {
        if (!endRunning()) {
            Operators.onErrorDropped(error, actual.currentContext());
            return;
        }
        settleFailed(error, isOfCallWithin(error));
        ChargedCall<?> outer = of(actual.currentContext());
        while (outer != null) {
            outer.errorWithin = error;
            outer = of(outer.actual.currentContext());
        }
        tellError(error);
    }

    private static @Nullable ChargedCall<?> of(ContextView context) {
        return context.isEmpty() ? null : context.getOrDefault(KEY, null);
    }

    private boolean isOfCallWithin(Throwable error) {
        Throwable within = errorWithin;
        Throwable at = within == null ? null : error;
        for (int depth = 0; at != null && depth < MAX_CAUSES; depth++) {
            if (at == within) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    @Override
    public final void onComplete() {
        if (endRunning()) {
            settleComplete();
            tellComplete();
        }
    }

    @Override
    final void cancelRunning() {
        try {
            cancelUpstream();
        } finally {
            settleCancelled();
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

    /**
     * Settles a call that failed.
     *
     * @param within whether the error is that of a charged call within this one, which so says nothing about this one
     */
    abstract void settleFailed(Throwable error, boolean within);

    abstract void settleComplete();

    abstract void settleCancelled();

    abstract void cancelUpstream();

    abstract @Nullable Subscription upstream();

    @Override
    @SuppressWarnings("rawtypes")
    public final @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.PARENT ? upstream() : super.scanUnsafe(key);
    }
}
