package io.sluice.bench.costs;

import io.sluice.bench.BenchmarksPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks, prints what was promised beside what was measured, and, after a run of all of them, saves that into
 * {@code docs/benchmarks.md}. Fails if a promise is broken.
 *
 * <p>Arguments are those of JMH; without any, two forks with three iterations of a second to warm up and five to measure.
 * {@code read=FILE} runs nothing and reads the results of an earlier run.
 */
final class CostBenchmarks {

    private static final Map<String, String> USUAL =
            new TreeMap<>(Map.of("-f", "2", "-wi", "3", "-w", "1", "-i", "5", "-r", "1", "-bm", "thrpt", "-tu", "us"));

    private CostBenchmarks() {}

    public static void main(String[] arguments) throws IOException, RunnerException, CommandLineOptionException {
        Path json = arguments.length == 1 && arguments[0].startsWith("read=")
                ? Path.of(arguments[0].substring("read=".length()))
                : run(arguments);
        Measured measured = Measured.in(json);
        List<Promise> promises = Promise.all();
        String report = CostReport.of(measured, promises);
        System.out.println(report);
        if (promises.stream().allMatch(promise -> promise.isMeasured(measured))) {
            BenchmarksPage.replace("costs", report);
        }
        if (promises.stream().anyMatch(promise -> promise.isBroken(measured))) {
            System.exit(1);
        }
    }

    private static Path run(String[] arguments) throws IOException, RunnerException, CommandLineOptionException {
        List<String> given = new ArrayList<>(List.of(arguments));
        USUAL.forEach((option, value) -> {
            if (!given.contains(option)) {
                given.add(option);
                given.add(value);
            }
        });
        Path json = Files.createDirectories(Path.of("target")).resolve("jmh.json");
        new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(given.toArray(String[]::new)))
                        .addProfiler(GCProfiler.class)
                        .resultFormat(ResultFormatType.JSON)
                        .result(json.toString())
                        .build())
                .run();
        return json;
    }
}
