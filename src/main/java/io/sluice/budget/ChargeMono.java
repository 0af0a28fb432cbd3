package io.sluice.budget;

import io.sluice.model.TokenUsage;
import io.sluice.support.ThreadLocals;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;

/** A call with one answer, charged to a budget before the answer is told. */
final class ChargeMono<T> extends MonoOperator<T, T> {

    private final Budget budget;
    private final Charge charge;
    private final Function<? super T, TokenUsage> usage;

    private ChargeMono(Mono<T> source, Budget budget, Charge charge, Function<? super T, TokenUsage> usage) {
        super(source);
        this.budget = budget;
        this.charge = charge;
        this.usage = usage;
    }

    static <T> Mono<T> of(Mono<T> source, Budget budget, Charge charge, Function<? super T, TokenUsage> usage) {
        return onAssembly(new ChargeMono<>(source, budget, charge, usage));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        LiveReservation reservation = budget.open(charge, actual);
        if (reservation != null) {
            actual.onSubscribe(new Call<T>(actual, reservation, ThreadLocals.restoring(Mono.from(source)), usage));
        }
    }

    private static final class Call<T> extends ChargedCall<T> {

        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<Call, Subscription> UPSTREAM =
                AtomicReferenceFieldUpdater.newUpdater(Call.class, Subscription.class, "upstream");

        private final Function<? super T, TokenUsage> usage;

        private volatile @Nullable Subscription upstream;

        Call(
                CoreSubscriber<? super T> actual,
                LiveReservation reservation,
                Mono<? extends T> source,
                Function<? super T, TokenUsage> usage) {
            super(actual, reservation, source);
            this.usage = usage;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                start();
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.setOnce(UPSTREAM, this, subscription)) {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(T value) {
            if (!endRunning()) {
                dropped(value);
                return;
            }
            settle(value);
            tellAnswer(value);
        }

        /** The answer was paid for; that its usage cannot be read does not take it away. */
        private void settle(T value) {
            TokenUsage used;
            try {
                used = usage.apply(value);
            } catch (Throwable thrown) {
                reservation.failedToCommit(thrown);
                return;
            }
            reservation.succeeded(used == null ? TokenUsage.UNKNOWN : used);
        }

        @Override
        void settleFailed(Throwable error, boolean within) {
            if (within) {
                reservation.unknown();
            } else {
                reservation.failed(error);
            }
        }

        @Override
        void settleComplete() {
            reservation.unknown();
        }

        @Override
        void settleCancelled() {
            reservation.unknown();
        }

        @Override
        void cancelUpstream() {
            Operators.terminate(UPSTREAM, this);
        }

        @Override
        @Nullable
        Subscription upstream() {
            return upstream;
        }
    }
}
