package io.sluice.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.budget.BudgetSnapshot;
import io.sluice.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at random moments: what a call was said to have cost is spent, and nothing that was not reserved. */
class KilledBudgetTest {

    /** How often it is killed; 200 times where somebody asks for it. */
    private static final int KILLS = Boolean.getBoolean("sluice.long") ? 200 : 15;

    private static final int CALLS = 5_000;

    /** For a program that lives for a second: no second compiler, a small collector, and classes are not verified. */
    private static final Map<String, String> SHORT_LIVED = Map.of(
            "JDK_JAVA_OPTIONS",
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+IgnoreUnrecognizedVMOptions"
                    + " -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote");

    @TempDir
    Path directory;

    /** What was said on the standard output: in all, and by each agent. */
    private record Said(long tokens, long calls, long ofA, boolean done) {

        static Said in(String out) {
            long tokens = 0;
            long calls = 0;
            long ofA = 0;
            // Of the last line perhaps only a part was written.
            String whole = out.substring(0, out.lastIndexOf('\n') + 1);
            for (String line : whole.split("\n")) {
                if (!line.isEmpty() && Character.isDigit(line.charAt(0))) {
                    long spent = Long.parseLong(line.substring(2));
                    tokens += spent;
                    calls++;
                    ofA += line.charAt(0) == '0' ? spent : 0;
                }
            }
            return new Said(tokens, calls, ofA, whole.endsWith("done\n"));
        }
    }

    private static BudgetSnapshot standing(Path file) {
        return Objects.requireNonNull(BudgetFile.at(file).read().snapshot(Instant.EPOCH));
    }

    @Test
    void whatWasCommittedSurvivesAKillAndWhatWasInFlightIsTakenForSpent() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("KilledBudgetTest: seed " + seed);
        Random random = new Random(seed);
        Path file = directory.resolve("run.jsonl");
        long tokens = 0;
        long calls = 0;
        long ofA = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            String where = "seed " + seed + " kill " + kill;
            JavaProcess process = JavaProcess.start(
                    java.util.List.of(),
                    SHORT_LIVED,
                    SpendingProcess.class,
                    file.toString(),
                    Integer.toString(CALLS),
                    Long.toString(random.nextLong()));
            // Some while it begins; most somewhere in the 5,000, which take about a second and a half.
            long size = Files.exists(file) ? Files.size(file) : 0;
            if (random.nextInt(8) != 0) {
                while (size(file) <= size + 200 && !process.endsWithin(Duration.ofMillis(1))) {
                    // It begins.
                }
                process.endsWithin(Duration.ofMillis(random.nextInt(700)));
            } else {
                process.endsWithin(Duration.ofMillis(random.nextInt(500)));
            }
            process.kill();
            Said said = Said.in(process.end().out());
            if (size(file) == 0) {
                continue;
            }
            BudgetSnapshot after = standing(file);
            long spent = after.spent().tokens();
            long reserved = after.reserved().tokens();
            // Restarted, what nobody knows anything of any more is spent: read it as the next owner does.
            tokens += said.tokens();
            calls += said.calls();
            ofA += said.ofA();
            assertThat(spent).as(where + ": not less than was told").isGreaterThanOrEqualTo(tokens);
            assertThat(after.spent().calls()).as(where).isGreaterThanOrEqualTo(calls);
            assertThat(reserved).as(where).isLessThanOrEqualTo((long) SpendingProcess.AT_A_TIME * SpendingProcess.RESERVED);
            assertThat(spent + reserved)
                    .as(where + ": not more than was told and reserved")
                    .isLessThanOrEqualTo(tokens + (long) SpendingProcess.AT_A_TIME * SpendingProcess.RESERVED);
            BudgetSnapshot restarted = restart(file);
            assertThat(restarted.spent().tokens()).as(where).isEqualTo(spent + reserved);
            assertThat(restarted.reserved().tokens()).as(where).isZero();
            long spentByA = restarted.children().isEmpty() ? 0 : restarted.children().get(0).spent().tokens();
            assertThat(spentByA).as(where).isGreaterThanOrEqualTo(ofA);
            assertThat(standing(file).spent()).as(where).isEqualTo(restarted.spent());
            tokens = restarted.spent().tokens();
            calls = restarted.spent().calls();
            ofA = spentByA;
        }
        assertThat(tokens).isPositive();
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static BudgetSnapshot restart(Path file) {
        var root = io.sluice.budget.Budget.root("run").open(BudgetFile.at(file)).block();
        root.child("a", io.sluice.budget.BudgetLimits.none());
        BudgetSnapshot snapshot = root.snapshot();
        root.disposeLater().block();
        return snapshot;
    }
}
