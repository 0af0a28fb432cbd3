package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.PublisherProbe;

/** Calls that ask while somebody else decides about their tree. */
class HandedOverTest {

    private static final Charge CHARGE = Charge.tokens(TokenEstimate.of(20, 40));

    /** A clock that lets a test in while the tree is being decided about: the writer reads it there. */
    private static final class Interrupted implements Scheduler {

        private final List<Runnable> tasks = new ArrayList<>();
        private Runnable meanwhile;
        private boolean over;

        @Override
        public long now(TimeUnit unit) {
            Runnable inside = meanwhile;
            meanwhile = null;
            if (inside != null) {
                inside.run();
            }
            return 0;
        }

        @Override
        public Disposable schedule(Runnable task) {
            if (over) {
                throw new RejectedExecutionException("over");
            }
            tasks.add(task);
            return () -> {};
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return () -> {};
        }

        @Override
        public Worker createWorker() {
            return new Worker() {
                @Override
                public Disposable schedule(Runnable task) {
                    return Interrupted.this.schedule(task);
                }

                @Override
                public void dispose() {}
            };
        }

        void runAll() {
            while (!tasks.isEmpty()) {
                tasks.remove(0).run();
            }
        }
    }

    private final Interrupted clock = new Interrupted();
    private final Budget budget =
            Budget.root("run").tokens(130).scheduler(clock).build();

    /** Has something done while the tree is being decided about. */
    private void meanwhile(Runnable inside) {
        clock.meanwhile = inside;
        budget.tryReserve(CHARGE).abandon();
    }

    @Test
    void aCallThatFindsSomebodyAtItGoesOnOnTheScheduler() {
        List<String> told = new ArrayList<>();
        meanwhile(() -> Mono.just("answer")
                .transform(budget.charge(CHARGE, x -> TokenUsage.of(1, 1)))
                .subscribe(told::add));
        assertThat(told).isEmpty();
        assertThat(budget.snapshot().reserved().tokens()).isEqualTo(60);
        clock.runAll();
        assertThat(told).containsExactly("answer");
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(2);
    }

    @Test
    void aCallThatIsRefusedMeanwhileIsToldOnTheScheduler() {
        Reservation all = budget.tryReserve(Charge.tokens(TokenEstimate.of(60, 0)));
        List<Throwable> errors = new ArrayList<>();
        meanwhile(() -> budget.reserve(CHARGE).subscribe(x -> {}, errors::add));
        assertThat(errors).isEmpty();
        clock.runAll();
        // The one that was at it had its 60 when this one was decided.
        assertThat(errors).hasSize(1).first().isInstanceOf(BudgetExceededException.class);
        all.abandon();
        assertThat(budget.snapshot().openReservations()).isZero();
    }

    @Test
    void aCallThatIsCancelledBeforeItIsDecidedHoldsNothing() {
        PublisherProbe<String> probe = PublisherProbe.empty();
        meanwhile(() -> probe.mono()
                .transform(budget.charge(CHARGE, x -> TokenUsage.UNKNOWN))
                .subscribe(x -> {})
                .dispose());
        assertThat(budget.snapshot().openReservations()).isZero();
        clock.runAll();
        probe.assertWasNotSubscribed();
        assertThat(budget.snapshot().spent()).isEqualTo(BudgetAmount.NONE);
    }

    @Test
    void aCallThatIsCancelledBeforeItIsHandedOverHoldsNothing() {
        List<Disposable> subscribers = new ArrayList<>();
        meanwhile(() -> subscribers.add(budget.reserve(CHARGE).subscribe(x -> {})));
        assertThat(budget.snapshot().openReservations()).isEqualTo(1);
        subscribers.get(0).dispose();
        assertThat(budget.snapshot().openReservations()).isZero();
        clock.runAll();
        assertThat(budget.snapshot().spent()).isEqualTo(BudgetAmount.NONE);
    }

    @Test
    void aCallThatCannotBeHandedOverHoldsNothingAndIsToldSo() {
        List<Throwable> errors = new ArrayList<>();
        meanwhile(() -> {
            clock.over = true;
            budget.reserve(CHARGE).subscribe(x -> {}, errors::add);
        });
        assertThat(errors).hasSize(1).first().isInstanceOf(RejectedExecutionException.class);
        assertThat(budget.snapshot().openReservations()).isZero();
    }

    @Test
    void aCallOnTheSubscribersThreadStaysThere() {
        List<String> told = new ArrayList<>();
        Thread here = Thread.currentThread();
        budget.reserve(CHARGE)
                .map(reservation -> Thread.currentThread() == here ? "here" : "elsewhere")
                .subscribe(new BaseSubscriber<String>() {
                    @Override
                    protected void hookOnNext(String value) {
                        told.add(value);
                    }
                });
        assertThat(told).containsExactly("here");
        assertThat(Schedulers.isInNonBlockingThread()).isFalse();
    }
}
