package io.sluice.tck;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A call behind a circuit breaker. */
public class BreakerCallTckTest extends CallVerification {

    @Override
    Publisher<Object> behind(Mono<Object> call) {
        return TckParts.breaker().protect(call);
    }
}
