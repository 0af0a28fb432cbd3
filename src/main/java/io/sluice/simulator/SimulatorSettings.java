package io.sluice.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a {@link SimulatorBuilder} gathered, for the core. */
record SimulatorSettings(
        Map<String, ModelLimits> models,
        @Nullable ModelLimits anyModel,
        Duration window,
        long minLatencyNanos,
        long maxLatencyNanos,
        long seed,
        int minReply,
        int maxReply,
        boolean settleActual,
        @Nullable String apiKey,
        List<Failing> failing) {

    /** Requests that are made to fail. */
    record Failing(Predicate<? super JsonNode> which, int status) {}

    /** The status that the request is made to fail with; 0 for none. */
    int failure(JsonNode body) {
        for (Failing one : failing) {
            if (one.which().test(body)) {
                return one.status();
            }
        }
        return 0;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "SimulatorSettings[models=" + models + ", anyModel=" + anyModel + ", window=" + window + ", seed=" + seed
                + "]";
    }
}
