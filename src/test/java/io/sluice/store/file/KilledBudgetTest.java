package io.sluice.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.budget.Budget;
import io.sluice.budget.BudgetLimits;
import io.sluice.budget.BudgetSnapshot;
import io.sluice.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at random moments: what a call was said to have cost is spent, and nothing that was not reserved. */
class KilledBudgetTest {

    /** So many budgets live in one process, and each of them is killed at a point of its own. */
    private static final int BUDGETS = 3;

    /** How often it is killed; 67 times, which is 201 points, where somebody asks for it. */
    private static final int KILLS = Boolean.getBoolean("sluice.long") ? 67 : 5;

    private static final int CALLS = 5_000;

    private static final long MOST_IN_FLIGHT = (long) SpendingProcess.AT_A_TIME * SpendingProcess.RESERVED;

    /** For a program that lives for a second: no second compiler, a small collector, and classes are not verified. */
    private static final Map<String, String> SHORT_LIVED = Map.of(
            "JDK_JAVA_OPTIONS",
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+IgnoreUnrecognizedVMOptions"
                    + " -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote");

    @TempDir
    Path directory;

    /** What is known of a budget: what it has cost at least, in all and for the first agent. */
    private record Known(long tokens, long calls, long ofA) {

        static final Known NOTHING = new Known(0, 0, 0);

        /** With what was said on the standard output of a process. */
        Known plus(String out, int budget) {
            Known known = this;
            // Of the last line perhaps only a part was written.
            for (String line : out.substring(0, out.lastIndexOf('\n') + 1).split("\n")) {
                if (line.startsWith(budget + " ")) {
                    long spent = Long.parseLong(line.substring(4));
                    long first = line.charAt(2) == '0' ? spent : 0;
                    known = new Known(known.tokens + spent, known.calls + 1, known.ofA + first);
                }
            }
            return known;
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
        List<Path> files = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < BUDGETS; i++) {
            files.add(directory.resolve("run-" + i + ".jsonl"));
            arguments.add(files.get(i).toString());
        }
        Known[] known = new Known[BUDGETS];
        Arrays.fill(known, Known.NOTHING);
        for (int kill = 0; kill < KILLS; kill++) {
            List<String> all = new ArrayList<>(List.of(Integer.toString(CALLS), Long.toString(random.nextLong())));
            all.addAll(arguments);
            JavaProcess process =
                    JavaProcess.start(List.of(), SHORT_LIVED, SpendingProcess.class, all.toArray(String[]::new));
            // Some while it begins; most somewhere in the calls.
            long size = size(files.get(0));
            while (kill % 8 != 7 && size(files.get(0)) <= size + 1_000 && !process.endsWithin(Duration.ofMillis(1))) {
                // It begins.
            }
            process.endsWithin(Duration.ofMillis(random.nextInt(800)));
            process.kill();
            String out = process.end().out();
            for (int i = 0; i < BUDGETS; i++) {
                Path file = files.get(i);
                if (size(file) > 0) {
                    known[i] = check("seed " + seed + " kill " + kill, file, known[i].plus(out, i));
                }
            }
        }
        assertThat(known).allMatch(one -> one.calls() > 0);
    }

    /** What is known of it after a restart. */
    private static Known check(String where, Path file, Known told) {
        BudgetSnapshot after = standing(file);
        long spent = after.spent().tokens();
        long reserved = after.reserved().tokens();
        assertThat(spent).as("%s: not less than was told", where).isGreaterThanOrEqualTo(told.tokens());
        assertThat(after.spent().calls()).as(where).isGreaterThanOrEqualTo(told.calls());
        assertThat(reserved).as(where).isLessThanOrEqualTo(MOST_IN_FLIGHT);
        assertThat(spent + reserved)
                .as("%s: not more than was told and reserved", where)
                .isLessThanOrEqualTo(told.tokens() + MOST_IN_FLIGHT);
        BudgetSnapshot restarted = restart(file);
        assertThat(restarted.spent().tokens()).as(where).isEqualTo(spent + reserved);
        assertThat(restarted.reserved().tokens()).as(where).isZero();
        long ofA = restarted.children().get(0).spent().tokens();
        assertThat(ofA).as(where).isGreaterThanOrEqualTo(told.ofA());
        assertThat(standing(file).spent()).as(where).isEqualTo(restarted.spent());
        return new Known(spent + reserved, restarted.spent().calls(), ofA);
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static BudgetSnapshot restart(Path file) {
        Budget root = Budget.root("run").open(BudgetFile.at(file)).block();
        root.child("a", BudgetLimits.none());
        BudgetSnapshot snapshot = root.snapshot();
        root.disposeLater().block();
        return snapshot;
    }
}
