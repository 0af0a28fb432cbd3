package io.sluice.simulator;

/**
 * What a model allows within any one window.
 *
 * @param requests the most requests, 1 to {@link #UNLIMITED}
 * @param tokens the most tokens, input and output together, 1 to {@link #UNLIMITED}
 */
public record ModelLimits(long requests, long tokens) {

    /** So much that it is never reached: 2^60, which leaves sums within the range of a long. */
    public static final long UNLIMITED = 1L << 60;

    /**
     * @throws IllegalArgumentException if a limit is out of its range
     */
    public ModelLimits {
        check("requests", requests);
        check("tokens", tokens);
    }

    /**
     * Both limits.
     *
     * @throws IllegalArgumentException if a limit is out of its range
     */
    public static ModelLimits of(long requests, long tokens) {
        return new ModelLimits(requests, tokens);
    }

    /** No limits, for tests of other failures. */
    public static ModelLimits unlimited() {
        return new ModelLimits(UNLIMITED, UNLIMITED);
    }

    private static void check(String name, long limit) {
        if (limit < 1 || limit > UNLIMITED) {
            throw new IllegalArgumentException(name + " must be between 1 and 2^60, was " + limit);
        }
    }
}
