package io.sluice.matrix;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.retry.ProviderRetry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** Calls that are repeated; one waits after its first attempt, as long as the provider says. */
final class Retried implements Subject {

    private final ProviderRetry retry;
    private final boolean many;

    Retried(@Nullable Scheduler scheduler, boolean many) {
        ProviderRetry retry = ProviderRetry.attempts(3).random(() -> 0);
        this.retry = scheduler == null ? retry : retry.scheduler(scheduler);
        this.many = many;
    }

    @Override
    public Flux<String> around(Flux<String> source) {
        return many ? retry.protect(source) : retry.protect(source.next()).flux();
    }

    @Override
    public boolean canWait() {
        return true;
    }

    @Override
    public Flux<String> afterWaiting(Flux<String> source) {
        AtomicBoolean refused = new AtomicBoolean();
        ProviderFailure refusal =
                new ProviderFailure(429, null, "slow down", FailureClass.RATE_LIMIT, Duration.ofSeconds(10));
        return around(Flux.defer(() -> refused.compareAndSet(false, true) ? Flux.error(refusal) : source));
    }
}
