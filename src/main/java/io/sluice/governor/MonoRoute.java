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
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The way of one call with one answer through the parts of a governor; one for each subscription. */
final class MonoRoute<A, T> {

    private final Parts parts;
    private final Call<A> call;
    private final Function<? super Attempt<A>, ? extends Mono<? extends T>> made;
    private final List<Fallback<T>> fallbacks;
    private final Progress progress;

    MonoRoute(
            Parts parts,
            Call<A> call,
            Function<? super Attempt<A>, ? extends Mono<? extends T>> made,
            List<Fallback<T>> fallbacks,
            Progress progress) {
        this.parts = parts;
        this.call = call;
        this.made = made;
        this.fallbacks = fallbacks;
        this.progress = progress;
    }

    Mono<T> whole() {
        Mono<T> approved = approved();
        Mono<T> debounced =
                parts.debouncer() == null ? approved : parts.debouncer().protect(call.name(), approved);
        return fallbacks.isEmpty() ? debounced : orElse(debounced, 0);
    }

    private Mono<T> orElse(Mono<T> main, int from) {
        return main.onErrorResume(failure -> {
            for (int i = from; i < fallbacks.size(); i++) {
                Fallback<T> fallback = fallbacks.get(i);
                if (fallback.isFor(failure, parts.classifier())) {
                    progress.fallsBack(fallback.name(), failure);
                    int next = i + 1;
                    return orElse(Mono.defer(() -> Mono.from(fallback.instead(failure))), next);
                }
            }
            return Mono.error(failure);
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
            GovernedCall account = parts.open(call, budget, progress, context);
            return attempts(account, arguments, budget)
                    .doOnSuccess(answer -> account.succeeded())
                    .doOnError(failure -> account.over())
                    .doOnCancel(account::over);
        });
    }

    private Mono<T> attempts(GovernedCall account, A arguments, @Nullable Budget budget) {
        Mono<T> attempt = Mono.defer(() -> attempt(account, arguments, budget));
        Mono<T> attempts = parts.retry() == null ? attempt : parts.retry().protect(attempt);
        Mono<T> bounded = parts.deadline().named(call.name()).protectTotal(attempts);
        return parts.narrowing().named(call.name()).protectTotal(bounded);
    }

    private Mono<T> attempt(GovernedCall account, A arguments, @Nullable Budget budget) {
        account.begin();
        CircuitOpenException refusal = parts.refusal(call.name());
        if (refusal != null) {
            return Mono.error(refusal);
        }
        ModelRateLimiter limiter = parts.limiter();
        PermitRequest request = parts.request(call);
        return limiter == null || request == null
                ? admitted(account, arguments, budget, null)
                : limiter.withPermit(request, permit -> admitted(account, arguments, budget, permit));
    }

    private Mono<T> admitted(GovernedCall account, A arguments, @Nullable Budget budget, @Nullable Permit permit) {
        Deadline deadline = parts.deadline().named(call.name());
        Mono<T> bounded = deadline.protectAttempt(Mono.defer(() -> sent(account, arguments, budget, permit)));
        CircuitBreakerRegistry breakers = parts.breakers();
        Mono<T> guarded = breakers == null ? bounded : breakers.protect(call.name(), bounded);
        return guarded.contextWrite(account::in)
                .doOnSuccess(answer -> account.answered(permit))
                .doOnError(failure -> account.failed(failure, permit));
    }

    private Mono<? extends T> sent(
            GovernedCall account, A arguments, @Nullable Budget budget, @Nullable Permit permit) {
        account.count();
        Mono<? extends T> source = Objects.requireNonNull(
                made.apply(new Attempt<>(call, arguments, permit, budget, parts.deadline(), account)),
                "the call must not be null");
        if (account.send()) {
            return source;
        }
        // Over already, though the cancellation has not come this far yet.
        if (permit != null) {
            permit.abandon();
        }
        return Mono.never();
    }
}
