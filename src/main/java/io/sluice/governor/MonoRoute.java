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
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.ContextView;

/** The way of one call with one answer through the parts of a governor; one for each subscription. */
final class MonoRoute<A, T> extends Route<A, T> {

    MonoRoute(
            Parts parts,
            Call<A> call,
            Function<? super Attempt<A>, ? extends Mono<? extends T>> made,
            List<Fallback<T>> fallbacks,
            Progress progress) {
        super(parts, call, made, fallbacks, progress);
    }

    Mono<T> whole() {
        Mono<T> approved = approved();
        Mono<T> debounced =
                parts.debouncer() == null ? approved : parts.debouncer().protect(call.name(), approved);
        Mono<T> whole = hasFallbacks() ? orElse(debounced, 0) : debounced;
        return recorded == null ? whole : EndingMono.of(whole, recorded);
    }

    private Mono<T> orElse(Mono<T> main, int from) {
        return main.onErrorResume(failure -> {
            int taken = fallback(failure, from);
            return taken < 0
                    ? Mono.error(failure)
                    : orElse(Mono.defer(() -> Mono.from(instead(taken, failure))), taken + 1);
        });
    }

    private Mono<T> approved() {
        return parts.approval() == null
                ? charged(call.arguments())
                : Approvals.of(call, parts.approval()).flatMap(granted -> granted.once(charged(granted.arguments())));
    }

    private Mono<T> charged(A arguments) {
        return Mono.deferContextual(context -> {
            Budget budget = parts.budgetOf(context);
            return budget != null && budget.mayWait()
                    ? parts.openLater(call, budget, progress, context)
                            .flatMap(account -> onAccount(account, arguments, budget, context))
                    : onAccount(parts.open(call, budget, progress, context), arguments, budget, context);
        });
    }

    private Mono<T> onAccount(GovernedCall account, A arguments, @Nullable Budget budget, ContextView context) {
        Mono<T> attempts = attempts(account, arguments, budget);
        Deadline narrowing = narrowing(context);
        return EndingMono.of(narrowing == null ? attempts : narrowing.protectTotal(attempts), account);
    }

    private Mono<T> attempts(GovernedCall account, A arguments, @Nullable Budget budget) {
        Mono<T> attempt = Mono.defer(() -> attempt(account, arguments, budget));
        return deadline.protectTotal(
                parts.retry() == null ? attempt : parts.retry().protect(attempt));
    }

    private Mono<T> attempt(GovernedCall account, A arguments, @Nullable Budget budget) {
        CircuitOpenException refusal = refusal();
        if (refusal != null) {
            return Mono.error(refusal);
        }
        ModelRateLimiter limiter = parts.limiter();
        PermitRequest request = request();
        return limiter == null || request == null
                ? admitted(account, arguments, budget, null)
                : limiter.withPermit(request, permit -> admitted(account, arguments, budget, permit));
    }

    private Mono<T> admitted(GovernedCall account, A arguments, @Nullable Budget budget, @Nullable Permit permit) {
        Try attempt = new Try(account, arguments, budget, permit);
        Mono<T> bounded = deadline.protectAttempt(new Sending<>(attempt));
        CircuitBreakerRegistry breakers = parts.breakers();
        return EndingMono.of(breakers == null ? bounded : breakers.protect(call.name(), bounded), attempt);
    }

    /** Makes the call when it is subscribed to. */
    private static final class Sending<T> extends Mono<T> {

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
            if (source instanceof Mono<? extends T> answer) {
                answer.subscribe(actual);
            } else {
                Mono.<T>never().subscribe(actual);
            }
        }
    }
}
