package io.sluice.debounce;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A stream of triggers of which those pass that may run at once. */
final class LeadingFlux<T> extends FluxOperator<T, T> {

    private final Function<? super T, String> key;
    private final FiringDesk desk;

    private LeadingFlux(Flux<T> source, Function<? super T, String> key, FiringDesk desk) {
        super(source);
        this.key = key;
        this.desk = desk;
    }

    static <T> Flux<T> of(Flux<T> source, Function<? super T, String> key, FiringDesk desk) {
        return onAssembly(new LeadingFlux<>(source, key, desk));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new Throttle<>(actual, key, desk));
    }

    private static final class Throttle<T> implements CoreSubscriber<T>, Subscription, Scannable {

        private final CoreSubscriber<? super T> actual;
        private final Function<? super T, String> key;
        private final FiringDesk desk;
        private @Nullable Subscription upstream;
        private boolean done;

        Throttle(CoreSubscriber<? super T> actual, Function<? super T, String> key, FiringDesk desk) {
            this.actual = actual;
            this.key = key;
            this.desk = desk;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                actual.onSubscribe(this);
            }
        }

        @Override
        public void onNext(T value) {
            if (done) {
                Operators.onNextDropped(value, actual.currentContext());
                return;
            }
            boolean passes;
            try {
                passes = desk.tryFire(Objects.requireNonNull(key.apply(value), "the key must not be null")) != null;
            } catch (Throwable thrown) {
                onError(Operators.onOperatorError(upstream, thrown, value, actual.currentContext()));
                return;
            }
            if (passes) {
                actual.onNext(value);
            } else {
                Operators.onDiscard(value, actual.currentContext());
                request(1);
            }
        }

        @Override
        public void onError(Throwable error) {
            if (done) {
                Operators.onErrorDropped(error, actual.currentContext());
                return;
            }
            done = true;
            actual.onError(error);
        }

        @Override
        public void onComplete() {
            if (!done) {
                done = true;
                actual.onComplete();
            }
        }

        @Override
        public void request(long n) {
            Subscription source = upstream;
            if (source != null) {
                source.request(n);
            }
        }

        @Override
        public void cancel() {
            Subscription source = upstream;
            if (source != null) {
                source.cancel();
            }
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr attribute) {
            if (attribute == Attr.ACTUAL) {
                return actual;
            }
            if (attribute == Attr.PARENT) {
                return upstream;
            }
            if (attribute == Attr.TERMINATED) {
                return done;
            }
            return attribute == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
        }
    }
}
