package io.sluice.budget;

import io.sluice.SluiceException;
import io.sluice.model.TokenUsage;
import io.sluice.support.Demand;
import io.sluice.support.ThreadLocals;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;

/** A stream that is charged to a budget, and goes on only as long as that has something left. */
final class MeterFlux<T> extends FluxOperator<T, T> {

    private final Budget budget;
    private final Charge charge;
    private final ToLongFunction<? super T> counted;
    private final Function<? super T, @Nullable TokenUsage> stated;

    private MeterFlux(
            Flux<T> source,
            Budget budget,
            Charge charge,
            ToLongFunction<? super T> counted,
            Function<? super T, @Nullable TokenUsage> stated) {
        super(source);
        this.budget = budget;
        this.charge = charge;
        this.counted = counted;
        this.stated = stated;
    }

    static <T> Flux<T> of(
            Flux<T> source,
            Budget budget,
            Charge charge,
            ToLongFunction<? super T> counted,
            Function<? super T, @Nullable TokenUsage> stated) {
        return onAssembly(new MeterFlux<>(source, budget, charge, counted, stated));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        LiveReservation reservation = budget.open(charge, actual);
        if (reservation != null) {
            Flux<T> call = ThreadLocals.restoring(Flux.from(source));
            actual.onSubscribe(new Call<T>(actual, reservation, call, new StreamMeter<>(reservation, counted, stated)));
        }
    }

    private static final class Call<T> extends ChargedCall<T> {

        /** Keeps the demand until there is somebody to ask. */
        private final Demand demand = new Demand();

        private final StreamMeter<T> meter;

        private @Nullable Subscription upstream;

        Call(CoreSubscriber<? super T> actual, LiveReservation reservation, Flux<T> source, StreamMeter<T> meter) {
            super(actual, reservation, source);
            this.meter = meter;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                demand.request(n);
                start();
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            demand.set(subscription);
        }

        @Override
        public void onNext(T value) {
            if (state != RUNNING) {
                dropped(value);
                return;
            }
            SluiceException refusal;
            try {
                refusal = meter.add(value);
            } catch (Throwable thrown) {
                cut(value, Operators.onOperatorError(upstream, thrown, value, actual.currentContext()));
                return;
            }
            if (refusal == null) {
                actual.onNext(value);
            } else {
                cut(value, refusal);
            }
        }

        private void cut(T value, Throwable reason) {
            if (!endRunning()) {
                dropped(value);
                return;
            }
            try {
                cancelUpstream();
            } finally {
                meter.settleBroken(TokenUsage.UNKNOWN);
            }
            Operators.onDiscard(value, actual.currentContext());
            tellError(reason);
        }

        @Override
        void settleFailed(Throwable error, boolean within) {
            TokenUsage told = within ? null : Costs.told(error);
            if (meter.hasBegun()) {
                meter.settleBroken(told == null ? TokenUsage.UNKNOWN : told);
            } else if (within) {
                reservation.unknown();
            } else {
                reservation.failed(error);
            }
        }

        @Override
        void settleComplete() {
            meter.settleComplete();
        }

        @Override
        void settleCancelled() {
            if (meter.hasBegun()) {
                meter.settleBroken(TokenUsage.UNKNOWN);
            } else {
                reservation.unknown();
            }
        }

        @Override
        void cancelUpstream() {
            demand.cancel();
        }

        @Override
        @Nullable
        Subscription upstream() {
            return upstream;
        }
    }
}
