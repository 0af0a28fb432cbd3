package io.sluice.bench.costs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What JMH wrote down, by class and method, with the parameter after a colon where there is one.
 *
 * @param figures in the order of their names
 * @param jdk the version of Java that was measured
 */
record Measured(Map<String, Figure> figures, String jdk) {

    /**
     * One benchmark.
     *
     * @param perMicrosecond calls of all threads together
     * @param lowest of the iterations
     * @param highest of the iterations
     * @param threads how many threads called
     * @param bytes that one call allocates
     */
    record Figure(double perMicrosecond, double lowest, double highest, int threads, double bytes) {

        /** How long one call takes one thread. */
        double nanos() {
            return threads * 1_000 / perMicrosecond;
        }
    }

    static Measured in(Path json) throws IOException {
        Map<String, Figure> figures = new TreeMap<>();
        String jdk = "";
        for (JsonNode run : new JsonMapper().readTree(Files.readString(json))) {
            String benchmark = run.get("benchmark").asString();
            String name = benchmark.substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1);
            JsonNode parameters = run.get("params");
            if (parameters != null) {
                for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
                    name += ":" + parameter.getValue().asString();
                }
            }
            JsonNode primary = run.get("primaryMetric");
            double[] iterations = primary.get("rawData").valueStream()
                    .flatMap(JsonNode::valueStream)
                    .mapToDouble(JsonNode::asDouble)
                    .sorted()
                    .toArray();
            JsonNode bytes = run.get("secondaryMetrics").get("gc.alloc.rate.norm");
            figures.put(
                    name,
                    new Figure(
                            median(iterations),
                            iterations[0],
                            iterations[iterations.length - 1],
                            run.get("threads").asInt(),
                            bytes.get("score").asDouble()));
            jdk = run.get("vmName").asString() + " " + run.get("vmVersion").asString();
        }
        return new Measured(figures, jdk);
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    @Nullable
    Figure of(String name) {
        return figures.get(name);
    }
}
