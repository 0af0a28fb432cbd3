package io.sluice.simulator;

/**
 * How a model's limits stand after a decision.
 *
 * @param limits what it allows
 */
record Standing(ModelLimits limits, Level requests, Level tokens, Level input, Level output) {

    /**
     * How one limit stands.
     *
     * @param used how much counts now
     * @param resetNanos how long until nothing of this counts any more
     */
    record Level(long used, long resetNanos) {}

    Level level(Dimension dimension) {
        return switch (dimension) {
            case REQUESTS -> requests;
            case TOKENS -> tokens;
            case INPUT -> input;
            case OUTPUT -> output;
        };
    }

    /** What is left of a limit. */
    long remaining(Dimension dimension) {
        return Math.max(0, limits.limit(dimension) - level(dimension).used());
    }
}
