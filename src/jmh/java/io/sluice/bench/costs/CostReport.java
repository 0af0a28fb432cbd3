package io.sluice.bench.costs;

import io.sluice.bench.BenchmarksPage;
import io.sluice.bench.costs.Measured.Figure;
import java.util.List;
import java.util.Locale;

/** The measurements as a page: promises first, then all figures. */
final class CostReport {

    private CostReport() {}

    static String of(Measured measured, List<Promise> promises) {
        StringBuilder page = new StringBuilder();
        page.append("Measured on ")
                .append(BenchmarksPage.machine())
                .append(", ")
                .append(measured.jdk())
                .append("\nwith `mvn -P jmh -DskipTests verify`.\n\n")
                .append("| promise | | measured | kept |\n|---|---|---|---|\n");
        promises.forEach(promise -> page.append(promise.line(measured)));
        page.append("\n| benchmark | threads | ns a call | millions a second, median (lowest to highest) | bytes a call |\n")
                .append("|---|---|---|---|---|\n");
        measured.figures().forEach((name, figure) -> page.append(line(name, figure)));
        return page.toString();
    }

    private static String line(String name, Figure figure) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.0f | %.2f (%.2f to %.2f) | %.0f |%n",
                name,
                figure.threads(),
                figure.nanos(),
                figure.perMicrosecond(),
                figure.lowest(),
                figure.highest(),
                figure.bytes());
    }
}
