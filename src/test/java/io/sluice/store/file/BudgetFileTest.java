package io.sluice.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.budget.Budget;
import io.sluice.budget.BudgetAmount;
import io.sluice.budget.BudgetLimits;
import io.sluice.budget.BudgetSnapshot;
import io.sluice.budget.BudgetWindow;
import io.sluice.budget.Charge;
import io.sluice.budget.Reservation;
import io.sluice.budget.WhenExhausted;
import io.sluice.model.Money;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Budgets that are there again after a restart. */
class BudgetFileTest {

    private static final BudgetWindow BERLIN = BudgetWindow.daily(ZoneId.of("Europe/Berlin"));

    @TempDir
    Path project;

    private Instant now = Instant.parse("2026-11-24T12:00:00Z");

    private BudgetFile file() {
        return BudgetFile.in(project, "team");
    }

    private Budget open(BudgetLimits limits) {
        return Budget.root("team")
                .limits(limits)
                .instantSource(() -> now)
                .open(file())
                .block();
    }

    private static void close(Budget budget) {
        budget.disposeLater().block(Duration.ofSeconds(10));
    }

    private static void spend(Budget budget, long tokens) {
        Mono.just("x")
                .transform(budget.charge(
                        Charge.tokens(TokenEstimate.of(0, tokens)).money(new Money(tokens)),
                        x -> TokenUsage.output(tokens)))
                .block(Duration.ofSeconds(10));
    }

    @Test
    void whatWasSpentAndTheTimeThatPassedAreThereAfterARestart() {
        BudgetLimits limits = BudgetLimits.none().tokens(100).wallTime(Duration.ofHours(1));
        Budget first = open(limits);
        Budget child = first.child("a", BudgetLimits.none().tokens(50));
        spend(child, 30);
        spend(first, 10);
        close(first);
        now = now.plus(Duration.ofMinutes(10));
        Budget second = open(limits);
        assertThat(second.snapshot().spent()).isEqualTo(BudgetAmount.of(40, 40, 2));
        assertThat(second.snapshot().elapsed()).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
        assertThat(second.child("a", BudgetLimits.none().tokens(40)).snapshot().freeTokens())
                .isEqualTo(10);
        assertThat(second.child("b", BudgetLimits.none()).snapshot().spent()).isEqualTo(BudgetAmount.NONE);
        close(second);
        assertThat(second.isDisposed()).isTrue();
    }

    @Test
    void aWindowThatEndsWhileNobodyRunsIsOver() {
        Budget first = open(BudgetLimits.none().tokens(100).per(BERLIN));
        spend(first, 60);
        close(first);
        now = Instant.parse("2026-11-24T22:59:59Z");
        Budget second = open(BudgetLimits.none().tokens(100).per(BERLIN));
        assertThat(second.snapshot().freeTokens()).isEqualTo(40);
        close(second);
        now = Instant.parse("2026-11-24T23:00:00Z");
        Budget third = open(BudgetLimits.none().tokens(100).per(BERLIN));
        assertThat(third.snapshot().freeTokens()).isEqualTo(100);
        close(third);
    }

    @Test
    void aRollingWindowRemembersWhenEachCallWas() {
        BudgetLimits limits = BudgetLimits.none().tokens(100).per(BudgetWindow.rolling(BudgetWindow.Period.HOUR));
        Budget first = open(limits);
        spend(first, 60);
        now = now.plus(Duration.ofMinutes(30));
        spend(first, 40);
        close(first);
        now = now.plus(Duration.ofMinutes(30));
        Budget second = open(limits);
        assertThat(second.snapshot().freeTokens()).isEqualTo(60);
        close(second);
    }

    @Test
    void aTopUpIsThereAfterARestart() {
        Budget first = Budget.root("team")
                .tokens(10)
                .instantSource(() -> now)
                .whenExhausted(
                        WhenExhausted.topUp(request -> Mono.just(BudgetAmount.of(90, 0, 0)), Duration.ofSeconds(10)))
                .open(file())
                .block();
        spend(first, 60);
        close(first);
        Budget second = open(BudgetLimits.none().tokens(10));
        assertThat(second.snapshot().freeTokens()).isEqualTo(40);
        close(second);
    }

    @Test
    void whatWasReservedWhenTheProcessDiedIsSpentUnlessItWasGivenBack() throws IOException {
        Budget first = open(BudgetLimits.none().tokens(100));
        Reservation lost = first.reserve(Charge.tokens(TokenEstimate.of(0, 30))).block();
        Reservation back = first.reserve(Charge.tokens(TokenEstimate.of(0, 20))).block();
        back.release().block();
        // As it is when the process is killed now.
        Path left = Files.copy(file().path(), project.resolve("left.jsonl"));
        assertThat(BudgetFile.at(left).read().snapshot(now).reserved().tokens()).isEqualTo(30);
        Budget second =
                Budget.root("team").tokens(100).open(BudgetFile.at(left)).block();
        assertThat(second.snapshot().spent()).isEqualTo(BudgetAmount.of(30, 0, 1));
        assertThat(second.snapshot().openReservations()).isZero();
        close(second);
        lost.abandon();
        close(first);
    }

    @Test
    void aBudgetThatWasDisposedOfBeginsAnewAndItsSpendingStaysAbove() {
        Budget first = open(BudgetLimits.none().tokens(100));
        Budget child = first.child("a", BudgetLimits.none().tokens(50));
        spend(child, 30);
        child.dispose();
        close(first);
        Budget second = open(BudgetLimits.none().tokens(100));
        assertThat(second.child("a", BudgetLimits.none().tokens(50)).snapshot().freeTokens())
                .isEqualTo(50);
        assertThat(second.snapshot().freeTokens()).isEqualTo(70);
        close(second);
    }

    @Test
    void oneAtATimeOwnsAFileAndReadingCreatesNothing() {
        assertThat(file().read().snapshot(now)).isNull();
        assertThat(project).isEmptyDirectory();
        Budget first = open(BudgetLimits.none());
        assertThatExceptionOfType(JournalInUseException.class).isThrownBy(() -> open(BudgetLimits.none()));
        spend(first, 5);
        assertThat(file().read().snapshot(now).spent().tokens()).isEqualTo(5);
        close(first);
        close(open(BudgetLimits.none()));
    }

    /** More than a megabyte of changes: they are replaced by what they amount to, while calls go on. */
    @Test
    void aFileThatHasGrownIsWrittenAnew() throws IOException {
        Budget budget = open(BudgetLimits.none().tokens(1_000_000));
        Charge charge = Charge.tokens(TokenEstimate.of(0, 10));
        Flux.range(0, 9_000)
                .flatMap(i -> Mono.just(i).transform(budget.charge(charge, x -> TokenUsage.output(7))), 64)
                .blockLast(Duration.ofSeconds(60));
        assertThat(Files.size(file().path())).isLessThan(1_200_000);
        BudgetSnapshot live = budget.snapshot();
        assertThat(live.spent()).isEqualTo(BudgetAmount.of(63_000, 0, 9_000));
        close(budget);
        assertThat(file().read().snapshot(now).spent()).isEqualTo(live.spent());
    }
}
