package io.sluice.bench.pacing;

import com.sun.management.OperatingSystemMXBean;
import io.sluice.bench.pacing.SimulatorProcess.Seen;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import reactor.core.publisher.Flux;

/**
 * Runs all strategies one after the other, each against a provider in a process of its own that has seen nobody before,
 * prints a table, and saves it with a picture into {@code docs/pacing}.
 *
 * <p>Arguments: {@code rough} for a provider with slow answers and broken connections; {@code only=NAME} for the strategies
 * whose names contain it, printed and not saved.
 */
final class PacingBenchmark {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private PacingBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        List<String> options = List.of(arguments);
        boolean rough = options.contains("rough");
        String only = options.stream()
                .filter(option -> option.startsWith("only="))
                .map(option -> option.substring("only=".length()))
                .findFirst()
                .orElse("");
        Work work = Work.seeded(42);
        warmUp();
        List<Row> rows = new ArrayList<>();
        System.out.printf(
                Locale.ROOT,
                "%,d calls of %,d tokens in all, at least %.2f s%n%n%s",
                Work.CALLS,
                work.tokens(),
                work.minimumSeconds(),
                Row.HEAD);
        for (Strategy strategy : strategies()) {
            if (strategy.name().contains(only)) {
                Row row = run(strategy, work, rough);
                rows.add(row);
                System.out.println(row.line());
            }
        }
        if (only.isEmpty()) {
            save(work, rows, rough);
        }
    }

    private static List<Strategy> strategies() {
        return List.of(
                new Paced(false),
                new Paced(true),
                new Bucket4j(),
                new Resilience4j(true),
                new Resilience4j(false),
                new Cookbook(),
                new PlainRetry());
    }

    /** The first calls of a JVM are slow; that is nobody's strategy. */
    private static void warmUp() {
        try (SimulatorProcess provider = new SimulatorProcess();
                Caller caller = new Caller(provider.baseUrl())) {
            Flux.range(0, 3_000)
                    .flatMap(number -> caller.call("warm-up", Integer.toString(number), 100), 64)
                    .blockLast(PATIENCE);
        }
    }

    private static Row run(Strategy strategy, Work work, boolean rough) {
        try (SimulatorProcess provider = rough ? new SimulatorProcess("rough") : new SimulatorProcess();
                Caller caller = new Caller(provider.baseUrl())) {
            // The provider's JVM must be as warm for the first as for the last; its window of this model is empty.
            Flux.range(0, 1_000)
                    .flatMap(
                            number -> caller.call("warm-up", Integer.toString(number), 100)
                                    .onErrorComplete(),
                            64)
                    .blockLast(PATIENCE);
            Seen before = provider.seen();
            OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            long cpu = system.getProcessCpuTime();
            long start = System.nanoTime();
            strategy.run(work, caller).block(PATIENCE);
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpuSeconds = (system.getProcessCpuTime() - cpu) / 1e9;
            Seen seen = provider.seen();
            int warm = before.served().size();
            return new Row(
                    strategy.name(),
                    work,
                    seconds,
                    cpuSeconds,
                    new Seen(
                            seen.admitted() - before.admitted(),
                            seen.refused() - before.refused(),
                            seen.failed() - before.failed(),
                            seen.served().subList(warm, seen.served().size())));
        }
    }

    private static void save(Work work, List<Row> rows, boolean rough) throws IOException {
        Path directory = Files.createDirectories(Path.of("docs", "pacing"));
        String name = rough ? "rough" : "smooth";
        StringBuilder table = new StringBuilder(Row.HEAD);
        rows.forEach(row -> table.append(row.line()).append('\n'));
        Files.writeString(directory.resolve(name + ".md"), String.format(
                Locale.ROOT,
                "%,d calls of 100 to 2,000 tokens (%,d in all) at once, against a provider with rolling windows of two seconds"
                        + " that hold %,d requests and %,d tokens%s. The minimum is %.2f s; places lost are the average distance"
                        + " of a call from its place in the order of submission.%n%n%s%n"
                        + "![what the provider's window held over time](%s.svg)%n",
                Work.CALLS,
                work.tokens(),
                Work.REQUESTS,
                Work.TOKENS,
                rough
                        ? ", of whose answers one in a hundred takes half a second longer and of whose connections one in two"
                                + " hundred breaks"
                        : " and answers after 20 to 80 ms",
                work.minimumSeconds(),
                table,
                name));
        Files.writeString(directory.resolve(name + ".svg"), UsePicture.of(rows));
    }
}
