package io.sluice.governor;

import io.sluice.breaker.CircuitBreakerRegistry;
import io.sluice.breaker.CircuitOpenException;
import io.sluice.budget.Budget;
import io.sluice.call.Call;
import io.sluice.deadline.Deadline;
import io.sluice.debounce.Debouncer;
import io.sluice.debounce.TriggerDecision;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import io.sluice.ratelimit.PermitRequest;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** The way of one call with many answers through the parts of a governor; one for each subscription. */
final class FluxRoute<A, T> {

    private final Parts parts;
    private final Call<A> call;
    private final Function<? super Attempt<A>, ? extends Publisher<? extends T>> made;
    private final List<Fallback<T>> fallbacks;
    private final Progress progress;

    private volatile boolean begun;

    FluxRoute(
            Parts parts,
            Call<A> call,
            Function<? super Attempt<A>, ? extends Publisher<? extends T>> made,
            List<Fallback<T>> fallbacks,
            Progress progress) {
        this.parts = parts;
        this.call = call;
        this.made = made;
        this.fallbacks = fallbacks;
        this.progress = progress;
    }

    Flux<T> whole() {
        Flux<T> approved = approved();
        Debouncer debouncer = parts.debouncer();
        Flux<T> debounced = debouncer == null ? approved : Flux.defer(() -> admitted(debouncer, approved));
        return fallbacks.isEmpty() ? debounced : orElse(debounced, 0);
    }

    private Flux<T> admitted(Debouncer debouncer, Flux<T> approved) {
        TriggerDecision decision = debouncer.admit(call.name());
        return decision instanceof TriggerDecision.Denied denied ? Flux.error(denied.toException()) : approved;
    }

    /** Only before the first element: what comes later cannot be taken back. */
    private Flux<T> orElse(Flux<T> main, int from) {
        return main.doOnNext(element -> begun = true).onErrorResume(failure -> {
            for (int i = begun ? fallbacks.size() : from; i < fallbacks.size(); i++) {
                Fallback<T> fallback = fallbacks.get(i);
                if (fallback.isFor(failure, parts.classifier())) {
                    progress.fallsBack(fallback.name(), failure);
                    int next = i + 1;
                    return orElse(Flux.defer(() -> Flux.from(fallback.instead(failure))), next);
                }
            }
            return Flux.error(failure);
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
            GovernedCall account = parts.open(call, budget, progress, context);
            return attempts(account, arguments, budget)
                    .doOnComplete(account::succeeded)
                    .doOnError(failure -> account.over())
                    .doOnCancel(account::over);
        });
    }

    private Flux<T> attempts(GovernedCall account, A arguments, @Nullable Budget budget) {
        Flux<T> attempt = Flux.defer(() -> attempt(account, arguments, budget));
        Flux<T> attempts = parts.retry() == null ? attempt : parts.retry().protect(attempt);
        Flux<T> bounded = parts.deadline().named(call.name()).protectTotal(attempts);
        return parts.narrowing().named(call.name()).protectTotal(bounded);
    }

    private Flux<T> attempt(GovernedCall account, A arguments, @Nullable Budget budget) {
        account.begin();
        CircuitOpenException refusal = parts.refusal(call.name());
        if (refusal != null) {
            return Flux.error(refusal);
        }
        ModelRateLimiter limiter = parts.limiter();
        PermitRequest request = parts.request(call);
        return limiter == null || request == null
                ? admitted(account, arguments, budget, null)
                : limiter.withPermitMany(request, permit -> admitted(account, arguments, budget, permit));
    }

    private Flux<T> admitted(GovernedCall account, A arguments, @Nullable Budget budget, @Nullable Permit permit) {
        Deadline deadline = parts.deadline().named(call.name());
        Flux<T> bounded = deadline.protectAttempt(Flux.defer(() -> sent(account, arguments, budget, permit)));
        CircuitBreakerRegistry breakers = parts.breakers();
        Flux<T> guarded = breakers == null ? bounded : breakers.protect(call.name(), bounded);
        return guarded.contextWrite(account::in)
                .doOnComplete(() -> account.answered(permit))
                .doOnError(failure -> account.failed(failure, permit));
    }

    private Flux<T> sent(GovernedCall account, A arguments, @Nullable Budget budget, @Nullable Permit permit) {
        account.count();
        Publisher<? extends T> source = Objects.requireNonNull(
                made.apply(new Attempt<>(call, arguments, permit, budget, parts.deadline(), account)),
                "the call must not be null");
        if (account.send()) {
            return Flux.from(source);
        }
        // Over already, though the cancellation has not come this far yet.
        if (permit != null) {
            permit.abandon();
        }
        return Flux.never();
    }
}
