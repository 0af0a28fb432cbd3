package io.sluice.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@link SimulatorBuilder} gathered, for the core. */
record SimulatorSettings(
        Map<String, ModelLimits> models,
        @Nullable ModelLimits anyModel,
        Duration window,
        Latency latency,
        Latency travel,
        Duration streamGap,
        long seed,
        int minReply,
        int maxReply,
        @Nullable String apiKey,
        List<FaultRules.Rule> faults) {

    /** Without the key. */
    @Override
    public String toString() {
        return "SimulatorSettings[models=" + models + ", anyModel=" + anyModel + ", window=" + window + ", seed=" + seed
                + "]";
    }
}
