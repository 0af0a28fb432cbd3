package io.sluice.bench.soak;

import io.sluice.bench.BenchmarksPage;
import io.sluice.soak.SoakRun;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Runs for half an hour, prints what came of it, and saves that into {@code docs/benchmarks.md}. Fails if anything is left
 * over, or the heap has grown by more than a tenth and two megabytes.
 *
 * <p>Arguments: {@code minutes=N}, and {@code rate=N} for about so many calls a second.
 */
final class Soak {

    private static final int USUAL_MINUTES = 30;
    private static final int USUAL_RATE = 200;

    private Soak() {}

    public static void main(String[] arguments) throws IOException {
        long minutes = option(arguments, "minutes=", USUAL_MINUTES);
        int rate = (int) option(arguments, "rate=", USUAL_RATE);
        Duration time = Duration.ofMinutes(minutes);
        SoakRun.Report report =
                Objects.requireNonNull(SoakRun.of(time, 42, rate).block(time.plusMinutes(2)));
        String line = String.format(
                Locale.ROOT,
                "%d minutes on %s, Java %s: %s",
                minutes,
                BenchmarksPage.machine(),
                Runtime.version(),
                report.line());
        System.out.println(line);
        System.out.println("heap over time, MB: " + report.heap().stream().map(Soak::megabytes).toList());
        boolean flat = report.heapAtLast() <= report.heapAtFirst() * 1.1 + 2e6;
        if (report.open() != 0 || report.toldTwice() != 0 || !report.leftOver().isEmpty() || !flat) {
            System.exit(1);
        }
        if (minutes >= USUAL_MINUTES) {
            BenchmarksPage.replace("soak", line);
        }
        System.exit(0);
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / 1e6);
    }

    private static long option(String[] arguments, String name, long usual) {
        return List.of(arguments).stream()
                .filter(argument -> argument.startsWith(name))
                .mapToLong(argument -> Long.parseLong(argument.substring(name.length())))
                .findFirst()
                .orElse(usual);
    }
}
