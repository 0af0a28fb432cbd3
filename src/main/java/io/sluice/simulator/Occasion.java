package io.sluice.simulator;

import java.util.Objects;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Which requests something happens to: all of its conditions must hold. Only requests that the limits let in are looked
 * at. Immutable; each change gives a new one.
 *
 * <pre>{@code
 * Occasion.first(3)                                          // the first three
 * Occasion.every(10)                                         // the tenth, the twentieth ...
 * Occasion.withProbability(0.05)                             // by the simulator's seed
 * Occasion.of(body -> body.path("user").asString("").equals("ann")).onlyFirst(2)
 * }</pre>
 */
public final class Occasion {

    private final Predicate<? super JsonNode> which;
    private final long from;
    private final long to;
    private final long every;
    private final double probability;

    private Occasion(Predicate<? super JsonNode> which, long from, long to, long every, double probability) {
        this.which = which;
        this.from = from;
        this.to = to;
        this.every = every;
        this.probability = probability;
    }

    /** Every request. */
    public static Occasion always() {
        return new Occasion(body -> true, 1, Long.MAX_VALUE, 1, 1);
    }

    /**
     * Requests with such a body.
     *
     * @param which is called on event loops, from several at once, and must not block
     */
    public static Occasion of(Predicate<? super JsonNode> which) {
        return new Occasion(Objects.requireNonNull(which, "which"), 1, Long.MAX_VALUE, 1, 1);
    }

    /**
     * The first so many requests.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public static Occasion first(long count) {
        return always().onlyFirst(count);
    }

    /**
     * One request alone, counted from 1.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public static Occasion nth(long number) {
        atLeastOne(number);
        return new Occasion(body -> true, number, number, 1, 1);
    }

    /**
     * One of so many requests: the n-th, the 2n-th and so on.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public static Occasion every(long n) {
        atLeastOne(n);
        return new Occasion(body -> true, 1, Long.MAX_VALUE, n, 1);
    }

    /**
     * Each request with this probability. Which it is follows from the simulator's seed and the request's number.
     *
     * @param probability 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    public static Occasion withProbability(double probability) {
        return always().andProbability(probability);
    }

    /**
     * Of these requests the first so many.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Occasion onlyFirst(long count) {
        atLeastOne(count);
        return new Occasion(which, from, Math.min(to, count), every, probability);
    }

    /**
     * Of these requests each with this probability.
     *
     * @param probability 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    public Occasion andProbability(double probability) {
        Latency.checkProbability(probability);
        return new Occasion(which, from, to, every, this.probability * probability);
    }

    boolean concerns(JsonNode body) {
        return which.test(body);
    }

    /**
     * Whether it is this one of the requests that it concerns.
     *
     * @param number how many of them there were, with this one
     * @param chance drawn for it, 0 to 1
     */
    boolean isAt(long number, double chance) {
        return number >= from && number <= to && number % every == 0 && chance < probability;
    }

    private static void atLeastOne(long count) {
        if (count < 1) {
            throw new IllegalArgumentException("a count of requests must be at least 1, was " + count);
        }
    }
}
