package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.model.ModelKey;
import io.sluice.model.Money;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.testing.SettableScheduler;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A reservation while its call runs: its lease, what it has cost, and what is added to it. */
class RunningReservationTest {

    private static final Charge CHARGE = Charge.tokens(TokenEstimate.of(20, 40));

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final Budget budget =
            Budget.root("run").tokens(100).scheduler(clock).build();

    private BudgetSnapshot snapshot() {
        return budget.snapshot();
    }

    @Test
    void aTimerThatFiresTooEarlyIsSetAnew() {
        SettableScheduler hasty = new SettableScheduler();
        Budget hurried = Budget.root("hasty").scheduler(hasty).build();
        hurried.reserve(CHARGE.lease(Duration.ofSeconds(5))).subscribe();
        hasty.set(Duration.ofSeconds(5).minusNanos(1));
        hasty.fire();
        assertThat(hurried.snapshot().reserved().tokens()).isEqualTo(60);
        hasty.set(Duration.ofSeconds(5));
        hasty.fire();
        assertThat(hurried.snapshot().reserved().tokens()).isZero();
        assertThat(hurried.snapshot().spent().tokens()).isEqualTo(60);
    }

    @Test
    void aLeaseThatLooksAtTheTimeBeforeItIsOverGoesOn() {
        LiveReservation reservation = (LiveReservation)
                budget.reserve(CHARGE.lease(Duration.ofSeconds(5))).toFuture().join();
        clock.advanceTimeBy(Duration.ofSeconds(3));
        reservation.due();
        assertThat(snapshot().reserved().tokens()).isEqualTo(60);
        clock.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(snapshot().spent().tokens()).isEqualTo(60);
        reservation.due();
        assertThat(snapshot().spent().tokens()).isEqualTo(60);
    }

    // ---- what it has cost ----

    @Test
    void itKnowsWhatItHasCostOverAllAttempts() {
        Budget priced = Budget.root("priced")
                .prices((model, usage) -> BigDecimal.valueOf(usage.inputOr(0) + usage.outputOr(0)))
                .scheduler(clock)
                .build();
        Reservation reservation = priced.tryReserve(Charge.of(ModelKey.of("p", "m"), TokenEstimate.of(20, 40)));
        assertThat(reservation.cost()).isEqualTo(Money.ZERO);
        reservation.topUp(new IOException("reset"));
        assertThat(reservation.cost()).isEqualTo(Money.usd("60"));
        reservation.succeeded(TokenUsage.of(1, 2));
        reservation.succeeded(TokenUsage.of(10, 20));
        assertThat(reservation.cost()).isEqualTo(Money.usd("63"));
        assertThat(priced.snapshot().spent().money()).isEqualTo(Money.usd("63"));
    }

    @Test
    void whatIsUsedBeyondItIsReservedAlongTheWay() {
        Reservation reservation = budget.tryReserve(Charge.of(ModelKey.of("p", "m"), TokenEstimate.of(20, 40)));
        reservation.cover(TokenUsage.of(20, 40));
        assertThat(snapshot().reserved().tokens()).isEqualTo(60);
        reservation.cover(TokenUsage.output(45));
        reservation.cover(TokenUsage.output(41));
        assertThat(snapshot().reserved().tokens()).isEqualTo(65);
        assertThatExceptionOfType(BudgetExceededException.class)
                .isThrownBy(() -> reservation.cover(TokenUsage.of(20, 1_000_000)))
                .withMessageStartingWith("The stream was cut");
        assertThat(snapshot().reserved().tokens()).isEqualTo(65);
        reservation.succeeded(TokenUsage.of(20, 45));
        assertThat(snapshot().spent().tokens()).isEqualTo(65);
    }
}
