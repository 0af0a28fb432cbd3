package io.sluice.budget;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A reservation as a value: asked for on the first request, of each subscriber anew. */
final class ReserveMono extends Mono<Reservation> {

    private final Budget budget;
    private final Charge charge;

    private ReserveMono(Budget budget, Charge charge) {
        this.budget = budget;
        this.charge = charge;
    }

    static Mono<Reservation> of(Budget budget, Charge charge) {
        return onAssembly(new ReserveMono(budget, charge));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Reservation> actual) {
        LiveReservation reservation = budget.open(charge, actual);
        if (reservation != null) {
            actual.onSubscribe(new Reserve(actual, reservation));
        }
    }

    private static final class Reserve extends BudgetCall<Reservation> {

        Reserve(CoreSubscriber<? super Reservation> actual, LiveReservation reservation) {
            super(actual, reservation);
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                start();
            }
        }

        /** From here on it is the subscriber's: operators such as next() cancel what they have taken. */
        @Override
        void reserved() {
            if (STATE.compareAndSet(this, RUNNING, ENDED)) {
                reservation.startLease();
                actual.onNext(reservation);
                actual.onComplete();
            }
        }

        @Override
        void cancelRunning() {
            reservation.abandon();
        }
    }
}
