package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.budget.Budget;
import io.sluice.budget.BudgetLimits;
import io.sluice.budget.Charge;
import io.sluice.budget.Reservation;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.store.file.BudgetFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice budget show}, on files that a budget wrote. */
class BudgetShowTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path project;

    private Budget open(String name) {
        return Budget.root(name)
                .usd("20.00")
                .tokens(10_000)
                .open(BudgetFile.in(project, name))
                .block(SOON);
    }

    private static void spend(Budget budget, long tokens, String usd) {
        Reservation reservation = budget.reserve(
                        Charge.tokens(TokenEstimate.of(0, tokens)).usd(usd))
                .block(SOON);
        reservation.commit(TokenUsage.of(0, tokens)).block(SOON);
    }

    @Test
    void aProjectWithoutBudgetsHasNoneAndStaysWithoutOne() {
        Ran.in(project, "budget", "show").printed("No budgets are kept in files.\n");
        Ran.in(project, "budget", "show", "--json").printed("""
                {
                  "budgets": []
                }
                """);
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void aBudgetIsShownWhileItIsSpentAndAfterwards() {
        Budget team = open("team");
        spend(team.child("researcher", BudgetLimits.none().usd("1.00")), 2_500, "0.50");
        Reservation held = team.reserve(Charge.tokens(TokenEstimate.of(0, 100)).usd("2.00"))
                .block(SOON);
        Ran during = Ran.in(project, "budget", "show");
        assertThat(during.code()).isEqualTo(ExitCode.OK);
        assertThat(during.err()).isEmpty();
        assertThat(during.out())
                .startsWith("team")
                .contains("$0.50 spent, $2.00 reserved of $20.00")
                .contains("2,500 spent, 100 reserved of 10,000")
                .contains("└─ researcher\n")
                .contains("$0.50 spent of $1.00");

        held.release().block(SOON);
        team.disposeLater().block(SOON);
        Ran after = Ran.in(project, "budget", "show", "team");
        assertThat(after.out()).contains("$0.50 spent of $20.00").doesNotContain("reserved");
        assertThat(Ran.in(
                                project,
                                "budget",
                                "show",
                                BudgetFile.in(project, "team").path().toString())
                        .out())
                .isEqualTo(after.out());
    }

    @Test
    void allBudgetsOfAProjectAreShownByTheirNames() {
        for (String name : new String[] {"b", "a"}) {
            Budget budget = open(name);
            spend(budget, 1, "0.10");
            budget.disposeLater().block(SOON);
        }
        assertThat(Ran.in(project, "budget", "show").out().lines().filter(line -> !line.startsWith(" ")))
                .containsExactly("a", "b");
    }

    @Test
    void jsonHasTheWholeTree() {
        Budget team = open("team");
        spend(team.child("researcher", BudgetLimits.none().usd("1.00")), 2_500, "0.50");
        assertThat(Ran.in(project, "budget", "show", "--json").out())
                .containsSubsequence(
                        "\"path\": \"team\"",
                        "\"limits\": {",
                        "\"tokens\": 10000,",
                        "\"usd\": 20,",
                        "\"calls\": null,",
                        "\"spent\": {",
                        "\"tokens\": 2500,",
                        "\"usd\": 0.5,",
                        "\"calls\": 1",
                        "\"children\": [",
                        "\"path\": \"team/researcher\"");
        team.disposeLater().block(SOON);
    }

    @Test
    void aFileThatIsNotThereOrDamagedIsOneError() throws IOException {
        Ran.in(project, "budget", "show", "nope")
                .failed(ExitCode.FAILED, "there is neither a file nor a budget of the project that is called 'nope'");
        Budget team = open("team");
        spend(team, 1, "0.10");
        team.disposeLater().block(SOON);
        Path file = BudgetFile.in(project, "team").path();
        Files.writeString(file, Files.readString(file).replaceFirst("\"crc32c\":\"....", "\"crc32c\":\"0000"));
        Ran ran = Ran.in(project, "budget", "show");
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("sluice: ")
                .contains("team.jsonl is damaged at line 1, column 1: its checksum is not that of the record")
                .hasLineCount(1);
    }
}
