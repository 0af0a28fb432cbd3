package io.sluice.simulator;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A provider whose clock the test sets with each request. */
final class ProviderAtTime {

    private final SimulatedProvider provider;
    private final String path;
    private long now;

    ProviderAtTime(SimulatorBuilder builder, String path) {
        this.provider = new SimulatedProvider(builder.settings(), () -> now);
        this.path = path;
    }

    SimulatedAnswer arrive(@Nullable String authorization, byte[] body, long at) {
        Map<String, @Nullable String> headers = new HashMap<>();
        headers.put("authorization", authorization);
        return arriveWith(headers, body, at);
    }

    SimulatedAnswer arriveWith(Map<String, @Nullable String> headers, byte[] body, long at) {
        now = at;
        return provider.arrive(new SimulatedRequest("POST", path, headers::get, body));
    }

    SimulatorReport report() {
        return provider.report();
    }
}
