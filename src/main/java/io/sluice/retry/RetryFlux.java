package io.sluice.retry;

import io.sluice.support.ThreadLocals;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/** A call with many answers and several attempts. */
final class RetryFlux<T> extends FluxOperator<T, T> {

    private final ProviderRetry retry;
    private final RetryRules rules;

    private RetryFlux(Flux<T> source, ProviderRetry retry) {
        super(source);
        this.retry = retry;
        this.rules = retry.rules;
    }

    static <T> Flux<T> of(Flux<T> source, ProviderRetry retry) {
        return onAssembly(new RetryFlux<>(source, retry));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        RetrySubscriber<T> attempts = new RetrySubscriber<T>(ThreadLocals.restoring(source), retry, rules, actual);
        actual.onSubscribe(attempts);
        attempts.attempt();
    }
}
