package io.sluice.retry;

import io.sluice.support.ThreadLocals;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;

/** A call with one answer and several attempts. */
final class RetryMono<T> extends MonoOperator<T, T> {

    private final ProviderRetry retry;
    private final RetryRules rules;

    private RetryMono(Mono<T> source, ProviderRetry retry) {
        super(source);
        this.retry = retry;
        // One that has answered is over, whatever is set for streams.
        this.rules = retry.rules.afterFirstElement(false);
    }

    static <T> Mono<T> of(Mono<T> source, ProviderRetry retry) {
        return onAssembly(new RetryMono<>(source, retry));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        RetrySubscriber<T> attempts = new RetrySubscriber<T>(ThreadLocals.restoring(source), retry, rules, actual);
        actual.onSubscribe(attempts);
        attempts.attempt();
    }
}
