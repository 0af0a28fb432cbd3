package io.sluice.tck;

import io.sluice.budget.Budget;
import io.sluice.budget.Reservation;
import org.reactivestreams.Publisher;

/** A reservation as a value. */
public class ReserveTckTest extends ValueVerification<Reservation> {

    @Override
    Publisher<Reservation> value(boolean granted) {
        Budget budget = granted ? TckParts.budget() : TckParts.budgetInMoney();
        return budget.reserve(TckParts.CHARGE);
    }
}
