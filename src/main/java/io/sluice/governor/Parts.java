package io.sluice.governor;

import io.sluice.breaker.CircuitBreakerRegistry;
import io.sluice.breaker.CircuitOpenException;
import io.sluice.budget.Budget;
import io.sluice.budget.Charge;
import io.sluice.budget.Reservation;
import io.sluice.call.Call;
import io.sluice.deadline.Deadline;
import io.sluice.debounce.Debouncer;
import io.sluice.failure.FailureClassifier;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.retry.ProviderRetry;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** What a governor is put together of; each part that is null lets calls pass. */
record Parts(
        @Nullable Debouncer debouncer,
        @Nullable Function<? super Call<?>, ? extends Mono<Decision>> approval,
        @Nullable Budget budget,
        Function<? super Call<?>, Charge> charges,
        Deadline deadline,
        Deadline narrowing,
        @Nullable ProviderRetry retry,
        @Nullable CircuitBreakerRegistry breakers,
        @Nullable ModelRateLimiter limiter,
        Function<? super Call<?>, ? extends @Nullable PermitRequest> permits,
        FailureClassifier classifier,
        CallRecorder recorder) {

    /** Whose money a call is: the innermost word of its context, else the governor's own. */
    @Nullable
    Budget budgetOf(ContextView context) {
        Budget said = Budget.of(context);
        return said == null ? budget : said;
    }

    /** The account of a call that goes on from here, with its reservation. */
    GovernedCall open(Call<?> call, @Nullable Budget of, Progress progress, ContextView context) {
        Reservation reservation = of == null ? null : of.tryReserve(charges.apply(call));
        return new GovernedCall(progress, reservation, context);
    }

    /** The same of a budget for which a call may have to wait: it goes on when its reservation is there, and kept. */
    Mono<GovernedCall> openLater(Call<?> call, Budget of, Progress progress, ContextView context) {
        return of.reserve(charges.apply(call)).map(reservation -> new GovernedCall(progress, reservation, context));
    }

    /** Why an attempt need not queue for a permit; null where it may. */
    @Nullable
    CircuitOpenException refusal(String name) {
        return breakers == null ? null : breakers.get(name).peek();
    }

    /** What an attempt asks the limiter for; null where it needs no permit. */
    @Nullable
    PermitRequest request(Call<?> call) {
        return limiter == null ? null : permits.apply(call);
    }
}
