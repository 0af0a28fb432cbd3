package io.sluice.budget;

import io.sluice.model.ModelKey;
import io.sluice.model.Money;
import io.sluice.model.TokenEstimate;
import io.sluice.tokens.TokenEstimator;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a call may cost, to be reserved before it is sent. Immutable; each wither returns a new one. May be used for any number
 * of calls.
 *
 * <p>The promise of a budget is as good as this estimate: what a call really costs beyond it is an overdraft. An input that is
 * counted by its UTF-8 bytes, and the output cap that the request names, are upper bounds: {@link #strict}.
 */
public final class Charge {

    /** How long a bare reservation may be held unless the charge says otherwise. */
    public static final Duration DEFAULT_LEASE = Duration.ofMinutes(10);

    private static final long MOST_CALLS = 1L << 40;

    private final @Nullable ModelKey model;
    private final TokenEstimate estimate;
    private final @Nullable Money money;
    private final long calls;
    private final Duration lease;

    private Charge(
            @Nullable ModelKey model, TokenEstimate estimate, @Nullable Money money, long calls, Duration lease) {
        this.model = model;
        this.estimate = estimate;
        this.money = money;
        this.calls = calls;
        this.lease = lease;
    }

    /**
     * One call of a model. Its money is what the budget's {@linkplain Budget.Builder#prices prices} make of the estimate.
     *
     * @throws IllegalArgumentException if the key is a wildcard
     */
    public static Charge of(ModelKey model, TokenEstimate estimate) {
        Objects.requireNonNull(estimate, "estimate");
        if (model.isWildcard()) {
            throw new IllegalArgumentException("a charge is for one model, " + model + " is a wildcard");
        }
        return new Charge(model, estimate, null, 1, DEFAULT_LEASE);
    }

    /** One call with so many tokens of whatever model. Where money is limited, say how much with {@link #usd}. */
    public static Charge tokens(TokenEstimate estimate) {
        return new Charge(null, Objects.requireNonNull(estimate, "estimate"), null, 1, DEFAULT_LEASE);
    }

    /**
     * One call of a model, with upper bounds in place of estimates, so that there can be no overdraft: the output is the cap
     * that the request names, and the input has at most as many tokens as its texts have bytes in UTF-8, because no tokenizer
     * makes less than a byte into a token. Roles and delimiters are counted with {@link TokenEstimator#MESSAGE_OVERHEAD} for
     * each text and once for the answer. It reserves some three to four times what is used; the rest is free again when the
     * answer is there.
     *
     * @param texts all that is sent as text: messages, and also the definitions of tools. What is no text (an image, a file) is
     *     not bounded by this: add its tokens with {@link #of}
     * @param outputCap the largest number of output tokens that the request allows, those of reasoning included
     * @throws IllegalArgumentException if the key is a wildcard, or a number is out of range
     */
    public static Charge strict(ModelKey model, Iterable<? extends CharSequence> texts, long outputCap) {
        return of(model, TokenEstimate.of(UpperBound.ofInput(texts), outputCap));
    }

    /** One call that costs no tokens and no money, such as that of a free tool. */
    public static Charge call() {
        return new Charge(null, TokenEstimate.NONE, Money.ZERO, 1, DEFAULT_LEASE);
    }

    /** The most that the call may cost, in dollars written like {@code 0.02}; goes before any price. */
    public Charge usd(String dollars) {
        return money(Money.usd(dollars));
    }

    /** The most that the call may cost; goes before any price. */
    public Charge money(Money money) {
        return new Charge(model, estimate, Objects.requireNonNull(money, "money"), calls, lease);
    }

    /**
     * As how many calls it counts; default 1.
     *
     * @throws IllegalArgumentException if it is not between 0 and 2^40
     */
    public Charge calls(long calls) {
        if (calls < 0 || calls > MOST_CALLS) {
            throw new IllegalArgumentException("calls must be between 0 and " + MOST_CALLS + ", was " + calls);
        }
        return new Charge(model, estimate, money, calls, lease);
    }

    /**
     * How long a reservation of {@link Budget#reserve} may be held; default 10 minutes. One that is held longer is taken
     * for spent. {@link Budget#charge} and {@link Budget#meter} need none.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Charge lease(Duration lease) {
        if (lease.isNegative() || lease.isZero()) {
            throw new IllegalArgumentException("lease must be greater than zero, was " + lease);
        }
        return new Charge(model, estimate, money, calls, lease);
    }

    /** The model; null where none was named. */
    public @Nullable ModelKey model() {
        return model;
    }

    /** The tokens that are reserved. */
    public TokenEstimate estimate() {
        return estimate;
    }

    /** The money that is reserved; null where it follows from the price of the model. */
    public @Nullable Money money() {
        return money;
    }

    /** As how many calls it counts. */
    public long calls() {
        return calls;
    }

    /** How long a bare reservation may be held. */
    public Duration lease() {
        return lease;
    }

    @Override
    public String toString() {
        return "Charge[" + (model == null ? "any model" : model) + ", " + estimate + ", "
                + (money == null ? "money by price" : money) + ", calls=" + calls + "]";
    }
}
