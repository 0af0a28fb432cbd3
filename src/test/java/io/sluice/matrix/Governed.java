package io.sluice.matrix;

import io.sluice.breaker.CircuitBreakerConfig;
import io.sluice.breaker.CircuitBreakerRegistry;
import io.sluice.budget.Budget;
import io.sluice.call.Call;
import io.sluice.governor.Governor;
import io.sluice.governor.Outcome;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.retry.ProviderRetry;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** Calls with everything around them, one at a time. */
final class Governed implements Subject {

    private static final Call<String> CALL = Call.of(Limited.REQUEST.key(), "prompt", Limited.REQUEST.estimate());

    private final ModelRateLimiter limiter;
    private final Budget budget;
    private final CircuitBreakerRegistry breakers;
    private final Governor governor;
    private final BiFunction<Governor, Flux<String>, Flux<String>> operator;

    private Governed(@Nullable Scheduler scheduler, BiFunction<Governor, Flux<String>, Flux<String>> operator) {
        this.operator = operator;
        this.limiter = Limited.limiter(scheduler);
        Budget.Builder budget = Budget.root("run").tokens(10_000);
        CircuitBreakerRegistry.Builder breakers =
                CircuitBreakerRegistry.builder().config(CircuitBreakerConfig.DEFAULT);
        ProviderRetry retry = ProviderRetry.attempts(3);
        Governor.Builder governor = Governor.builder().limiter(limiter);
        if (scheduler != null) {
            budget.scheduler(scheduler);
            breakers.scheduler(scheduler);
            governor.scheduler(scheduler);
            retry = retry.scheduler(scheduler);
        }
        this.budget = budget.build();
        this.breakers = breakers.build();
        this.governor = governor.budget(this.budget)
                .breakers(this.breakers)
                .retry(retry)
                .build();
    }

    static Subject mono(@Nullable Scheduler scheduler) {
        return new Governed(
                scheduler,
                (governor, source) -> governor.<String, String>govern(CALL, attempt -> source.next())
                        .flux());
    }

    static Subject flux(@Nullable Scheduler scheduler) {
        return new Governed(scheduler, (governor, source) -> governor.governMany(CALL, attempt -> source));
    }

    /** A failure is a value here; it is told as the error that it holds, so that the cells can look at it. */
    static Subject outcome(@Nullable Scheduler scheduler) {
        return new Governed(
                scheduler,
                (governor, source) -> governor.<String, String>outcome(CALL, attempt -> source.next())
                        .flux()
                        .concatMap(outcome -> outcome instanceof Outcome.Failed<String> failed
                                ? Flux.error(failed.failure())
                                : Flux.just(String.valueOf(outcome.answer()))));
    }

    @Override
    public Flux<String> around(Flux<String> source) {
        return operator.apply(governor, source);
    }

    @Override
    public boolean canWait() {
        return true;
    }

    @Override
    public Runnable occupy() {
        return Limited.occupy(limiter);
    }

    @Override
    public String held() {
        int probes = breakers.get(CALL.name()).snapshot().probesOut();
        return Limited.heldOf(limiter) + Operators.heldOf(budget) + (probes == 0 ? "" : probes + " probes");
    }
}
