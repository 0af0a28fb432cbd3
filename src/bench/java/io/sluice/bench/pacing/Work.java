package io.sluice.bench.pacing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What is to be done, and under which limits: 2,000 calls at once of 100 to 2,000 tokens each, where a window of two
 * seconds may hold 200 requests and 100,000 tokens.
 *
 * @param costs the tokens of each call, in the order in which they are submitted
 */
record Work(List<Long> costs) {

    static final String MODEL = "gpt-sim";
    static final Duration WINDOW = Duration.ofSeconds(2);
    static final long REQUESTS = 200;
    static final long TOKENS = 100_000;
    static final int CALLS = 2_000;

    static Work seeded(long seed) {
        Random random = new Random(seed);
        List<Long> costs = new ArrayList<>(CALLS);
        for (int i = 0; i < CALLS; i++) {
            costs.add(100L + random.nextInt(1_901));
        }
        return new Work(List.copyOf(costs));
    }

    long tokens() {
        return costs.stream().mapToLong(Long::longValue).sum();
    }

    /** The least time in which a provider with rolling windows can let all of it in: its first window is free. */
    double minimumSeconds() {
        double windows = Math.max((double) CALLS / REQUESTS, (double) tokens() / TOKENS);
        return (windows - 1) * WINDOW.toMillis() / 1_000;
    }
}
