package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.Money;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class BudgetPictureTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:15:00Z");

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);

    private Budget.Builder team() {
        return Budget.root("team").scheduler(clock).instantSource(() -> NOW);
    }

    private static void spend(Budget budget, long tokens, String usd) {
        budget.tryReserve(Charge.tokens(TokenEstimate.of(0, 10)).usd("0.10"))
                .succeeded(TokenUsage.output(tokens), Money.usd(usd));
    }

    @Test
    void aTreeIsDrawnWithAllThatIsLimitedAndWhatIsLeftOfTheWindow() {
        Budget team = team().usd("20.00")
                .calls(200)
                .per(BudgetWindow.daily(ZoneId.of("Europe/Berlin")))
                .build();
        Budget researcher =
                team.child("researcher", BudgetLimits.none().tokens(50_000).wallTime(Duration.ofHours(2)));
        team.child("writer", BudgetLimits.none());
        spend(team, 0, "4.00");
        team.tryReserve(Charge.call().usd("2.00"));
        clock.advanceTimeBy(Duration.ofMinutes(30));
        spend(researcher, 52_000, "0.10");
        assertThat(BudgetPicture.of(team.snapshot(), NOW, false))
                .containsExactly(
                        "team  day in Europe/Berlin, anew in 10h 45m, 1 in flight",
                        "  money   [#####+++....................]  $4.10 spent, $2.00 reserved of $20.00",
                        "  calls   [#+..........................]  2 spent, 1 reserved of 200",
                        "├─ researcher",
                        "│    tokens  [############################]  52,000 spent of 50,000, overdrawn by 2,000",
                        "│    time    [#######.....................]  30m 0s of 2h 0m",
                        "└─ writer",
                        "     0 tokens, $0.00 and 0 calls spent; no limit of its own");
        assertThat(BudgetPicture.of(team.snapshot(), NOW, true))
                .allSatisfy(line -> assertThat(line).isASCII());
    }

    @Test
    void aRollingWindowSaysWhenItFreesSomething() {
        Budget team = team().tokens(1_000_000)
                .per(BudgetWindow.rolling(BudgetWindow.Period.HOUR))
                .build();
        assertThat(BudgetPicture.of(team.snapshot(), NOW, false))
                .containsExactly(
                        "team  rolling hour", "  tokens  [............................]  0 spent of 1,000,000");
        spend(team, 1, "0");
        assertThat(BudgetPicture.of(team.snapshot(), NOW, false))
                .containsExactly(
                        "team  rolling hour, frees something in 1h 0m",
                        "  tokens  [#...........................]  1 spent of 1,000,000");
        spend(team, 999_998, "0");
        assertThat(BudgetPicture.of(team.snapshot(), NOW, false).get(1))
                .as("full only when it is")
                .contains("[###########################.]");
    }

    @Test
    void aLimitOfNothingIsDrawn() {
        assertThat(BudgetPicture.of(team().calls(0).build().snapshot(), NOW, false)
                        .get(1))
                .isEqualTo("  calls   [............................]  0 spent of 0");
    }
}
