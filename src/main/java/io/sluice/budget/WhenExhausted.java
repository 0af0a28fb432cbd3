package io.sluice.budget;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a call that does not fit its budget. Calls that wait stand in line, for each budget in the order in which
 * they came; whatever becomes free goes to the first, and nothing overtakes it. One that is cancelled gives its place back.
 * Streams that are used up in the middle and further attempts do not wait.
 */
public final class WhenExhausted {

    private static final WhenExhausted FAIL = new WhenExhausted(Duration.ZERO, null);

    private final Duration atMost;
    private final @Nullable TopUp topUp;

    private WhenExhausted(Duration atMost, @Nullable TopUp topUp) {
        this.atMost = atMost;
        this.topUp = topUp;
    }

    /** It fails at once with {@link BudgetExceededException}. The default. */
    public static WhenExhausted fail() {
        return FAIL;
    }

    /**
     * It waits for the window of the budget that it does not fit. One that would not fit an empty window, or cannot be admitted
     * in time whatever happens, fails at once.
     *
     * @param atMost how long; then it fails with what it waited for
     * @throws IllegalArgumentException if it is not positive
     */
    public static WhenExhausted waitForWindow(Duration atMost) {
        return new WhenExhausted(positive(atMost), null);
    }

    /**
     * It waits for somebody to give more.
     *
     * @param topUp who is asked
     * @param atMost how long; then it fails with what it waited for
     * @throws IllegalArgumentException if {@code atMost} is not positive
     */
    public static WhenExhausted topUp(TopUp topUp, Duration atMost) {
        return new WhenExhausted(positive(atMost), Objects.requireNonNull(topUp, "topUp"));
    }

    private static Duration positive(Duration atMost) {
        if (atMost.isNegative() || atMost.isZero()) {
            throw new IllegalArgumentException("atMost must be greater than zero, was " + atMost);
        }
        return atMost;
    }

    boolean waits() {
        return !atMost.isZero();
    }

    Duration atMost() {
        return atMost;
    }

    @Nullable
    TopUp topUp() {
        return topUp;
    }
}
