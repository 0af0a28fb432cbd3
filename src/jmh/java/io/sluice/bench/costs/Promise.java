package io.sluice.bench.costs;

import io.sluice.bench.costs.Measured.Figure;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is promised about the costs.
 *
 * @param what in words
 * @param bound the figure that is promised
 * @param atLeast whether that is the least, or else the most
 * @param measure reads what it is out of the measurements; null where not all of them were made
 */
record Promise(String what, double bound, boolean atLeast, Function<Measured, @Nullable Double> measure) {

    private static final String GOVERNED = "GovernedCosts.sluiceGoverned";

    static List<Promise> all() {
        return List.of(
                faster("acquire, settle and release", "OneThread.sluiceAcquire", "OneThread.bucket4jTwoBuckets", 2),
                faster("acquire, settle and release", "OneThread.sluiceAcquire", "OneThread.reactorPool", 3.5),
                bytes("acquire, settle and release", "OneThread.sluiceAcquire", 160),
                bytes("withPermit around a value", "OneThread.sluiceWithPermit", 220),
                faster("two threads on one key", "TwoThreads.sluiceAcquire", "TwoThreads.bucket4jTwoBuckets", 1.4),
                new Promise(
                        "cost at 10,000 live entries : that at 100",
                        1.2,
                        false,
                        measured -> ratio(
                                measured.of("LiveEntries.acquire:100"), measured.of("LiveEntries.acquire:10000"))),
                bytes("the governed call", GOVERNED, 1_000),
                faster("the governed call", GOVERNED, "GovernedCosts.resilience4jStack", 5),
                faster("the governed call", GOVERNED, "GovernedCosts.resilience4jStackWithoutTimeLimiter", 1.2),
                new Promise(
                        "budget at depth 4: reserve and commit, millions a second", 3, true, measured -> {
                            Figure figure = measured.of("BudgetCosts.reserveAndCommit");
                            return figure == null ? null : figure.perMicrosecond();
                        }),
                bytes("budget at depth 4: reserve and commit", "BudgetCosts.reserveAndCommit", 300));
    }

    private static Promise faster(String what, String ours, String theirs, double least) {
        return new Promise(
                what + ", throughput : " + theirs.substring(theirs.indexOf('.') + 1),
                least,
                true,
                measured -> ratio(measured.of(ours), measured.of(theirs)));
    }

    private static Promise bytes(String what, String ours, double most) {
        return new Promise(what + ", bytes", most, false, measured -> {
            Figure figure = measured.of(ours);
            return figure == null ? null : figure.bytes();
        });
    }

    private static @Nullable Double ratio(@Nullable Figure ours, @Nullable Figure theirs) {
        return ours == null || theirs == null ? null : ours.perMicrosecond() / theirs.perMicrosecond();
    }

    boolean isMeasured(Measured measured) {
        return measure.apply(measured) != null;
    }

    boolean isBroken(Measured measured) {
        Double value = measure.apply(measured);
        return value != null && (atLeast ? value < bound : value > bound);
    }

    /** One line of a table; empty where it was not measured. */
    String line(Measured measured) {
        Double value = measure.apply(measured);
        if (value == null) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "| %s | %s %s | %s | %s |%n",
                what,
                atLeast ? "≥" : "≤",
                number(bound),
                number(value),
                isBroken(measured) ? "**no**" : "yes");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.2f", value);
    }
}
