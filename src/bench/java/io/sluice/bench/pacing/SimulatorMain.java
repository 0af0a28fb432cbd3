package io.sluice.bench.pacing;

import io.sluice.simulator.Fault;
import io.sluice.simulator.Latency;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.Occasion;
import io.sluice.simulator.RunningSimulator;
import io.sluice.simulator.Simulator;
import io.sluice.simulator.SimulatorBuilder;
import io.sluice.simulator.SimulatorReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The provider, in a process of its own. Prints its address; for each line that it reads, it prints what it has seen: the
 * numbers of admitted, refused and failed requests, then a line for each served request with its time in milliseconds;
 * then an empty line. Ends when its input does.
 */
final class SimulatorMain {

    private static final long EVERY_MILLIS = 2;

    private SimulatorMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean rough = List.of(arguments).contains("rough");
        RunningSimulator simulator =
                Objects.requireNonNull(provider(rough).build().start().block());
        List<String> served = new ArrayList<>();
        long start = System.nanoTime();
        Thread watch = new Thread(() -> watch(simulator, served, start), "watch");
        watch.setDaemon(true);
        watch.start();
        System.out.println(simulator.baseUrl());
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (in.readLine() != null) {
                // What was served just now is to be seen too.
                Thread.sleep(4 * EVERY_MILLIS);
                SimulatorReport report = simulator.report();
                System.out.println(report.admitted() + " " + report.refused() + " " + report.failed());
                synchronized (served) {
                    served.forEach(System.out::println);
                }
                System.out.println();
            }
        }
        simulator.dispose();
    }

    /** Replies after 20 to 80 ms; rough: one in a hundred after 500 more, and one connection in two hundred breaks. */
    private static SimulatorBuilder provider(boolean rough) {
        Latency latency = Latency.between(Duration.ofMillis(20), Duration.ofMillis(80));
        SimulatorBuilder provider = Simulator.builder()
                .model(Work.MODEL, ModelLimits.of(Work.REQUESTS, Work.TOKENS))
                .anyModel(ModelLimits.unlimited())
                .window(Work.WINDOW)
                .latency(rough ? latency.spikes(0.01, Duration.ofMillis(500), Duration.ofMillis(500)) : latency)
                .replyTokens(1, 20)
                .seed(42);
        return rough ? provider.fault(Fault.resetBeforeHeaders(), Occasion.withProbability(0.005)) : provider;
    }

    private static void watch(RunningSimulator simulator, List<String> served, long start) {
        try {
            while (true) {
                long millis = (System.nanoTime() - start) / 1_000_000;
                List<String> now = simulator.report().served();
                synchronized (served) {
                    for (int i = served.size(); i < now.size(); i++) {
                        served.add(millis + " " + now.get(i));
                    }
                }
                Thread.sleep(EVERY_MILLIS);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
