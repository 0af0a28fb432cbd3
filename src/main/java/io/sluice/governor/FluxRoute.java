package io.sluice.governor;

import io.sluice.breaker.CircuitBreakerRegistry;
import io.sluice.breaker.CircuitOpenException;
import io.sluice.budget.Budget;
import io.sluice.call.Call;
import io.sluice.deadline.Deadline;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import io.sluice.ratelimit.PermitRequest;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.ContextView;

/** The way of one call with many answers through the parts of a governor; one for each subscription. */
final class FluxRoute<A, T> extends Route<A, T> {

    private volatile boolean begun;

    FluxRoute(
            Parts parts,
            Call<A> call,
            Function<? super Attempt<A>, ? extends Publisher<? extends T>> made,
            List<Fallback<T>> fallbacks,
            Progress progress) {
        super(parts, call, made, fallbacks, progress);
    }

    Flux<T> whole() {
        Flux<T> approved = approved();
        Flux<T> debounced =
                parts.debouncer() == null ? approved : parts.debouncer().protect(call.name(), approved);
        Flux<T> whole = hasFallbacks() ? orElse(debounced, 0) : debounced;
        return recorded == null ? whole : EndingFlux.of(whole, recorded);
    }

    /** Only before the first element: what comes later cannot be taken back. */
    private Flux<T> orElse(Flux<T> main, int from) {
        return main.doOnNext(element -> begun = true).onErrorResume(failure -> {
            int taken = begun ? -1 : fallback(failure, from);
            return taken < 0
                    ? Flux.error(failure)
                    : orElse(Flux.defer(() -> Flux.from(instead(taken, failure))), taken + 1);
        });
    }

    private Flux<T> approved() {
        return parts.approval() == null
                ? charged(call.arguments())
                : Approvals.of(call, parts.approval())
                        .flatMapMany(granted -> granted.once(charged(granted.arguments())));
    }

    private Flux<T> charged(A arguments) {
        return Flux.deferContextual(context -> {
            Budget budget = parts.budgetOf(context);
            return budget != null && budget.mayWait()
                    ? parts.openLater(call, budget, progress, context)
                            .flatMapMany(account -> onAccount(account, arguments, budget, context))
                    : onAccount(parts.open(call, budget, progress, context), arguments, budget, context);
        });
    }

    private Flux<T> onAccount(GovernedCall account, A arguments, @Nullable Budget budget, ContextView context) {
        Flux<T> attempts = attempts(account, arguments, budget);
        Deadline narrowing = narrowing(context);
        return EndingFlux.of(narrowing == null ? attempts : narrowing.protectTotal(attempts), account);
    }

    private Flux<T> attempts(GovernedCall account, A arguments, @Nullable Budget budget) {
        Flux<T> attempt = Flux.defer(() -> attempt(account, arguments, budget));
        return deadline.protectTotal(
                parts.retry() == null ? attempt : parts.retry().protect(attempt));
    }

    private Flux<T> attempt(GovernedCall account, A arguments, @Nullable Budget budget) {
        CircuitOpenException refusal = refusal();
        if (refusal != null) {
            return Flux.error(refusal);
        }
        ModelRateLimiter limiter = parts.limiter();
        PermitRequest request = request();
        return limiter == null || request == null
                ? admitted(account, arguments, budget, null)
                : limiter.withPermitMany(request, permit -> admitted(account, arguments, budget, permit));
    }

    private Flux<T> admitted(GovernedCall account, A arguments, @Nullable Budget budget, @Nullable Permit permit) {
        Try attempt = new Try(account, arguments, budget, permit);
        Flux<T> bounded = deadline.protectAttempt(new Sending<>(attempt));
        CircuitBreakerRegistry breakers = parts.breakers();
        return EndingFlux.of(breakers == null ? bounded : breakers.protect(call.name(), bounded), attempt);
    }

    /** Makes the call when it is subscribed to. */
    private static final class Sending<T> extends Flux<T> {

        private final Route<?, T>.Try attempt;

        Sending(Route<?, T>.Try attempt) {
            this.attempt = attempt;
        }

        @Override
        public void subscribe(CoreSubscriber<? super T> actual) {
            Publisher<? extends T> source;
            try {
                source = attempt.send(actual);
            } catch (Throwable thrown) {
                Operators.error(actual, Operators.onOperatorError(thrown, actual.currentContext()));
                return;
            }
            if (source == null) {
                Flux.<T>never().subscribe(actual);
            } else {
                Flux.from(source).subscribe(actual);
            }
        }
    }
}
