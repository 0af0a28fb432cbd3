package io.sluice.governor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.budget.Budget;
import io.sluice.budget.BudgetSnapshot;
import io.sluice.budget.BudgetWindow;
import io.sluice.budget.Charge;
import io.sluice.budget.WhenExhausted;
import io.sluice.call.Call;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.store.file.BudgetFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Budgets for which a governed call waits: for the next window, and until it is written down what it may cost. */
class PatientBudgetTest {

    private static final Instant START = Instant.parse("2026-03-01T10:30:00Z");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Call<String> CALL = Call.tool("model", "question");

    @TempDir
    Path directory;

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final List<String> told = new ArrayList<>();

    private Budget hourly() {
        return Budget.root("run")
                .tokens(100)
                .per(BudgetWindow.hourly(ZoneOffset.UTC))
                .whenExhausted(WhenExhausted.waitForWindow(Duration.ofHours(2)))
                .scheduler(clock)
                .instantSource(() -> START.plusNanos(clock.now(TimeUnit.NANOSECONDS)))
                .build();
    }

    private Governor governor(Budget budget) {
        return Governor.builder()
                .budget(budget)
                .charges(call -> Charge.tokens(TokenEstimate.of(0, 100)))
                .scheduler(clock)
                .build();
    }

    private static Mono<String> answer(Attempt<String> attempt) {
        return Mono.fromSupplier(() -> {
            attempt.used(TokenUsage.output(100));
            return "answer";
        });
    }

    @Test
    void aCallThatDoesNotFitWaitsForTheWindow() {
        Governor governor = governor(hourly());
        Mono<String> call = governor.govern(CALL, PatientBudgetTest::answer);
        Disposable unusedFirst = call.subscribe(told::add);
        Disposable unusedSecond = call.subscribe(told::add);
        clock.advanceTimeBy(Duration.ofMinutes(30).minusMillis(1));
        assertThat(told).containsExactly("answer");
        clock.advanceTimeBy(Duration.ofMillis(1));
        assertThat(told).containsExactly("answer", "answer");
    }

    @Test
    void aStreamThatDoesNotFitWaitsForTheWindow() {
        Governor governor = governor(hourly());
        Flux<String> call = governor.governMany(CALL, PatientBudgetTest::answer);
        Disposable unusedFirst = call.subscribe(told::add);
        Disposable unusedSecond = call.subscribe(told::add);
        clock.advanceTimeBy(Duration.ofMinutes(29));
        assertThat(told).containsExactly("answer");
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(told).containsExactly("answer", "answer");
    }

    @Test
    void aCallThatIsCancelledWhileItWaitsIsNeverSentAndCostsNothing() {
        Budget budget = hourly();
        Mono<String> call = governor(budget).govern(CALL, PatientBudgetTest::answer);
        Disposable unusedFirst = call.subscribe(told::add);
        call.subscribe(told::add).dispose();
        clock.advanceTimeBy(Duration.ofHours(1));
        assertThat(told).containsExactly("answer");
        assertThat(budget.snapshot().spent().tokens()).isZero();
        assertThat(budget.snapshot().openReservations()).isZero();
    }

    @Test
    void aCallIsSentWhenItIsWrittenDownWhatItMayCost() {
        BudgetFile file = BudgetFile.in(directory, "run");
        Budget budget = Objects.requireNonNull(
                Budget.root("run").tokens(1_000).open(file).block(SOON));
        Governor governor = Governor.builder()
                .budget(budget)
                .charges(call -> Charge.tokens(TokenEstimate.of(0, 100)))
                .build();
        Mono<Long> written = governor.govern(
                CALL,
                attempt -> Mono.fromSupplier(() -> {
                            BudgetSnapshot now =
                                    BudgetFile.in(directory, "run").read().snapshot(Instant.now());
                            return now.spent().tokens() + now.reserved().tokens();
                        })
                        .subscribeOn(reactor.core.scheduler.Schedulers.boundedElastic()));
        assertThat(written.block(SOON)).isEqualTo(100);
        budget.disposeLater().block(SOON);
    }
}
