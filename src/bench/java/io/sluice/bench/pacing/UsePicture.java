package io.sluice.bench.pacing;

import io.sluice.bench.pacing.SimulatorProcess.Served;
import java.util.List;
import java.util.Locale;

/** What the provider's window held over time, one strategy below the other, as SVG. */
final class UsePicture {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 110;
    private static final int LEFT = 46;
    private static final int TOP = 26;
    private static final int GAP = 34;

    private UsePicture() {}

    static String of(List<Row> rows) {
        double seconds = rows.stream().mapToDouble(Row::seconds).max().orElse(1);
        int height = rows.size() * (HEIGHT + GAP) + 20;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
                WIDTH + LEFT + 12,
                height));
        for (int i = 0; i < rows.size(); i++) {
            panel(svg, rows.get(i), TOP + i * (HEIGHT + GAP), seconds);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void panel(StringBuilder svg, Row row, int top, double seconds) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" fill=\"#222\">%s: %.3f of the minimum, %,d refused</text>%n",
                LEFT,
                top - 6,
                row.name().replace("*", "").replace("`", ""),
                row.overMinimum(),
                row.seen().refused()));
        svg.append(String.format(
                Locale.ROOT,
                "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#888\"/><text x=\"2\" y=\"%d\" fill=\"#666\">100 %%</text>%n",
                LEFT,
                top,
                top + HEIGHT,
                LEFT + WIDTH,
                top + 10));
        svg.append(String.format(
                Locale.ROOT, "<path d=\"M%d %d H%d\" stroke=\"#c33\" stroke-dasharray=\"4 3\"/>%n", LEFT, top, LEFT + WIDTH));
        StringBuilder line = new StringBuilder();
        List<Served> served = row.seen().served();
        if (served.isEmpty()) {
            return;
        }
        long start = served.get(0).millis();
        int from = 0;
        int to = 0;
        long used = 0;
        for (long at = 0; at <= (long) (seconds * 1_000); at += 20) {
            while (to < served.size() && served.get(to).millis() - start <= at) {
                used += cost(row, served.get(to++));
            }
            while (from < to && served.get(from).millis() - start <= at - Work.WINDOW.toMillis()) {
                used -= cost(row, served.get(from++));
            }
            line.append(String.format(
                    Locale.ROOT,
                    "%s%.1f %.1f",
                    at == 0 ? "M" : "L",
                    LEFT + at / 1_000.0 / seconds * WIDTH,
                    top + HEIGHT - Math.min(1.1, (double) used / Work.TOKENS) * HEIGHT));
        }
        svg.append("<path d=\"").append(line).append("\" fill=\"none\" stroke=\"#1668b8\"/>\n");
        for (int second = 0; second <= seconds; second += 10) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.0f\" y=\"%d\" fill=\"#666\">%d s</text>%n",
                    LEFT + second / seconds * WIDTH,
                    top + HEIGHT + 14,
                    second));
        }
    }

    private static long cost(Row row, Served served) {
        return row.work().costs().get(Integer.parseInt(served.name()));
    }
}
