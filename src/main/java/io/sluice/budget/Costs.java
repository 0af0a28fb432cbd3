package io.sluice.budget;

import io.sluice.FailureClass;
import io.sluice.call.SentCall;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.FailureReading;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.ModelKey;
import io.sluice.model.Money;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What calls cost: before they are sent, when they succeeded, and when they failed. */
final class Costs {

    private static final int MAX_CAUSES = 32;

    private final CallPrice prices;
    private final FailureClassifier classifier;

    Costs(CallPrice prices, FailureClassifier classifier) {
        this.prices = prices;
        this.classifier = classifier;
    }

    /**
     * The nano-dollars to reserve for a charge; 0 where nobody knows and no budget asks.
     *
     * @throws UnknownPriceException if nobody knows and a budget is limited in money
     */
    long toReserve(Charge charge, Account account) {
        Money stated = charge.money();
        if (stated != null) {
            return stated.nanos();
        }
        TokenEstimate estimate = charge.estimate();
        long priced = upTo(charge, estimate.input(), estimate.maxOutput());
        if (priced >= 0) {
            return priced;
        }
        if (account.limitsMoney()) {
            throw new UnknownPriceException(account.path, charge.model());
        }
        return 0;
    }

    /** The nano-dollars that so many tokens cost at most; negative where nobody knows. */
    long upTo(Charge charge, long input, long output) {
        BigDecimal price = price(charge, TokenUsage.of(input, output));
        return price == null ? -1 : Money.roundedUp(price).nanos();
    }

    /** The nano-dollars that the tokens have cost; negative where nobody knows. */
    long spent(Charge charge, TokenUsage used) {
        BigDecimal price = price(charge, used);
        return price == null ? -1 : Money.roundedHalfEven(price).nanos();
    }

    private @Nullable BigDecimal price(Charge charge, TokenUsage usage) {
        ModelKey model = charge.model();
        return model == null || prices == CallPrice.UNKNOWN ? null : prices.usd(model, usage);
    }

    /**
     * What a call has used that failed; unknown where that may be anything, null where it is nothing, because the call was
     * never sent or was refused before it ran.
     */
    @Nullable
    TokenUsage ofFailed(Throwable error, Instant now) {
        TokenUsage told = told(error);
        if (told != null) {
            return told;
        }
        if (wasSent(error)) {
            return TokenUsage.UNKNOWN;
        }
        FailureReading reading = classifier.read(error, now);
        return reading.nothingSent() || isRefusal(reading.failureClass()) ? null : TokenUsage.UNKNOWN;
    }

    /** What the error itself says that the call used; null where it says nothing. */
    static @Nullable TokenUsage told(Throwable error) {
        Throwable at = error;
        for (int depth = 0; at != null && depth < MAX_CAUSES; depth++) {
            if (at instanceof ProviderFailure failure
                    && (failure.usage().hasInput() || failure.usage().hasOutput())) {
                return failure.usage();
            }
            at = at.getCause();
        }
        return null;
    }

    private static boolean wasSent(Throwable error) {
        Throwable at = error;
        for (int depth = 0; at != null && depth < MAX_CAUSES; depth++) {
            if (at instanceof SentCall call && call.wasSent()) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    private static boolean isRefusal(FailureClass meaning) {
        return switch (meaning) {
            case RATE_LIMIT, QUOTA, TOO_LARGE, CALLER, REJECTED -> true;
            case OVERLOADED, TRANSIENT, UNKNOWN, PROGRAMMING -> false;
        };
    }
}
