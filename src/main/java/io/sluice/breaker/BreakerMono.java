package io.sluice.breaker;

import java.util.function.Supplier;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;

/** A call with one answer that is made only if a breaker admits it. */
final class BreakerMono<T> extends MonoOperator<T, T> {

    private final Supplier<CircuitBreaker> breaker;

    private BreakerMono(Mono<T> source, Supplier<CircuitBreaker> breaker) {
        super(source);
        this.breaker = breaker;
    }

    static <T> Mono<T> of(Mono<T> source, Supplier<CircuitBreaker> breaker) {
        return onAssembly(new BreakerMono<>(source, breaker));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        CircuitBreaker asked = breaker.get();
        BreakerSubscriber<T> call = new BreakerSubscriber<>(asked, actual, true);
        CircuitOpenException refusal = asked.enter(call);
        if (refusal != null) {
            Operators.error(actual, refusal);
            return;
        }
        try {
            source.subscribe(call);
        } catch (Throwable thrown) {
            // Against the rules of Reactive Streams; but a probe must not be lost by it.
            call.threw(thrown);
            throw thrown;
        }
    }
}
