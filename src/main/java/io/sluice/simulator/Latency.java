package io.sluice.simulator;

import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * How long something takes: a distribution, from which each request draws with the simulator's seed. Immutable.
 *
 * <pre>{@code
 * Latency.logNormal(Duration.ofMillis(400), Duration.ofSeconds(3)).spikes(0.01, Duration.ofSeconds(10), Duration.ofSeconds(30))
 * }</pre>
 */
public final class Latency {

    private static final long LONGEST = ModelLimits.LONGEST.toNanos();

    /** The 99th percentile of the standard normal distribution. */
    private static final double Z99 = 2.326_347_874;

    private interface Shape {
        long sample(SplittableRandom random);
    }

    private final Shape shape;
    private final String name;

    private Latency(Shape shape, String name) {
        this.shape = shape;
        this.name = name;
    }

    /** No time at all. */
    public static Latency none() {
        return fixed(Duration.ZERO);
    }

    /**
     * Always the same time.
     *
     * @throws IllegalArgumentException if it is negative, or longer than a day
     */
    public static Latency fixed(Duration time) {
        return between(time, time);
    }

    /**
     * Evenly distributed between the two, both included.
     *
     * @throws IllegalArgumentException if {@code min} is negative, {@code max} below it, or longer than a day
     */
    public static Latency between(Duration min, Duration max) {
        check(min, max);
        long least = min.toNanos();
        long most = max.toNanos();
        return new Latency(random -> uniform(random, least, most), min + " to " + max);
    }

    /**
     * Log-normally distributed, which is how the answering times of models look: half of them at most {@code median}, one
     * of a hundred longer than {@code p99}, and none longer than a day.
     *
     * @throws IllegalArgumentException if {@code median} is not above zero, {@code p99} below it, or longer than a day
     */
    public static Latency logNormal(Duration median, Duration p99) {
        check(median, p99);
        if (median.isZero()) {
            throw new IllegalArgumentException("the median of a latency must be above zero");
        }
        double mu = Math.log((double) median.toNanos());
        double sigma = (Math.log((double) p99.toNanos()) - mu) / Z99;
        return new Latency(
                random -> Math.min(LONGEST, (long) Math.exp(mu + sigma * random.nextGaussian())),
                "median " + median + ", 99% within " + p99);
    }

    /**
     * This latency, and for some requests more: with the given probability between {@code min} and {@code max} is added.
     *
     * @param probability 0 to 1
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Latency spikes(double probability, Duration min, Duration max) {
        checkProbability(probability);
        check(min, max);
        long least = min.toNanos();
        long most = max.toNanos();
        return new Latency(
                random -> {
                    long usual = shape.sample(random);
                    return random.nextDouble() < probability ? usual + uniform(random, least, most) : usual;
                },
                name + ", with a probability of " + probability + " " + min + " to " + max + " more");
    }

    /** One draw, in nanoseconds. */
    long sample(SplittableRandom random) {
        return shape.sample(random);
    }

    @Override
    public String toString() {
        return name;
    }

    static void checkProbability(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("a probability is between 0 and 1, was " + probability);
        }
    }

    private static long uniform(SplittableRandom random, long least, long most) {
        return least == most ? least : random.nextLong(least, most + 1);
    }

    private static void check(Duration min, Duration max) {
        Objects.requireNonNull(min, "min");
        Objects.requireNonNull(max, "max");
        if (min.isNegative() || max.compareTo(min) < 0 || max.compareTo(ModelLimits.LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "latency must be between 0 and a day, the shorter first, was " + min + " to " + max);
        }
    }
}
