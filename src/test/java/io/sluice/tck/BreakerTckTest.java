package io.sluice.tck;

import io.sluice.breaker.CircuitBreaker;
import io.sluice.breaker.CircuitBreakerConfig;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A stream behind a circuit breaker. */
public class BreakerTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return CircuitBreaker.of("tck", CircuitBreakerConfig.DEFAULT).protect(source);
    }

    /** An open breaker refuses at once. */
    @Override
    public Publisher<Long> createFailedPublisher() {
        CircuitBreaker open = CircuitBreaker.of("tck", CircuitBreakerConfig.DEFAULT);
        open.forceOpen();
        return open.protect(Flux.just(1L));
    }
}
