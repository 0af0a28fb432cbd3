package io.sluice.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;

/** {@code docs/benchmarks.md}. Each measurement has a part of it between two marks, and leaves the rest as it is. */
public final class BenchmarksPage {

    private static final Path PAGE = Path.of("docs", "benchmarks.md");

    private BenchmarksPage() {}

    /**
     * Puts text in the place of an earlier measurement.
     *
     * @throws IllegalStateException if the page has no such part
     */
    public static void replace(String part, String text) throws IOException {
        String page = Files.readString(PAGE);
        String begin = "<!-- " + part + " -->\n";
        String end = "<!-- end of " + part + " -->\n";
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException(PAGE + " must have the marks " + begin + "and " + end);
        }
        Files.writeString(PAGE, page.substring(0, from + begin.length()) + text.strip() + "\n" + page.substring(to));
    }

    /** The machine, and the day. */
    public static String machine() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return String.format(
                Locale.ROOT,
                "%s, %d processors, %d GiB, %s %s, %s",
                LocalDate.now(),
                system.getAvailableProcessors(),
                Math.round(system.getTotalMemorySize() / (double) (1L << 30)),
                system.getName(),
                system.getArch(),
                processor());
    }

    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown processor");
        } catch (IOException elsewhere) {
            return "unknown processor";
        }
    }
}
