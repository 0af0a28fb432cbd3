package io.sluice.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The windows of all models. Plain arithmetic, not thread-safe; {@code now} is in nanoseconds. */
final class SimulatedLimits {

    /** How many models the wildcard makes windows for, so that made-up names cannot fill the memory. */
    private static final int MAX_MODELS = 10_000;

    private final Map<String, RollingWindow> windows = new LinkedHashMap<>();
    private final @Nullable ModelLimits any;
    private final long length;

    SimulatedLimits(Map<String, ModelLimits> models, @Nullable ModelLimits any, long lengthNanos) {
        this.any = any;
        this.length = lengthNanos;
        models.forEach((model, limits) -> windows.put(model, new RollingWindow(limits, length)));
    }

    /** The model's word about a request of so many tokens; null where there is no such model. */
    @Nullable
    Verdict offer(String model, long tokens, long now) {
        RollingWindow window = windows.get(model);
        if (window == null && any != null && windows.size() < MAX_MODELS) {
            window = new RollingWindow(any, length);
            windows.put(model, window);
        }
        return window == null ? null : window.offer(now, tokens);
    }

    /** Lowers a charge to what was really used. */
    void settle(String model, long number, long tokens) {
        RollingWindow window = windows.get(model);
        if (window != null) {
            window.settle(number, tokens);
        }
    }

    Map<String, HighestUse> highest() {
        Map<String, HighestUse> highest = new LinkedHashMap<>();
        windows.forEach((model, window) ->
                highest.put(model, new HighestUse(window.highestRequests(), window.highestTokens())));
        return highest;
    }
}
