package io.sluice.simulator;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The limits of all models. Plain arithmetic, not thread-safe; {@code now} is in nanoseconds. */
final class SimulatedLimits {

    /** How many models the wildcard makes windows for, so that made-up names cannot fill the memory. */
    private static final int MAX_MODELS = 10_000;

    private final Map<String, ModelMeter> meters = new LinkedHashMap<>();
    private final @Nullable ModelLimits any;
    private final Duration window;

    SimulatedLimits(Map<String, ModelLimits> models, @Nullable ModelLimits any, Duration window) {
        this.any = any;
        this.window = window;
        models.forEach((model, limits) -> meters.put(model, new ModelMeter(limits, window)));
    }

    /** The limits of a model; null where there is no such model. */
    @Nullable
    ModelMeter find(String model) {
        ModelMeter meter = meters.get(model);
        if (meter == null && any != null && meters.size() < MAX_MODELS) {
            meter = new ModelMeter(any, window);
            meters.put(model, meter);
        }
        return meter;
    }

    Map<String, HighestUse> highest() {
        Map<String, HighestUse> highest = new LinkedHashMap<>();
        meters.forEach((model, meter) -> highest.put(model, meter.highest()));
        return highest;
    }
}
