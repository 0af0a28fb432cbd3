package io.sluice.breaker;

import java.util.function.Supplier;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;

/** A call with many answers that is made only if a breaker admits it. */
final class BreakerFlux<T> extends FluxOperator<T, T> {

    private final Supplier<CircuitBreaker> breaker;

    private BreakerFlux(Flux<T> source, Supplier<CircuitBreaker> breaker) {
        super(source);
        this.breaker = breaker;
    }

    static <T> Flux<T> of(Flux<T> source, Supplier<CircuitBreaker> breaker) {
        return onAssembly(new BreakerFlux<>(source, breaker));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        CircuitBreaker asked = breaker.get();
        BreakerSubscriber<T> call = new BreakerSubscriber<>(asked, actual, false);
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
