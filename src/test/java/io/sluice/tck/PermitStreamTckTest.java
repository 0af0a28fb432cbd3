package io.sluice.tck;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A stream under a permit. */
public class PermitStreamTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return TckParts.limiter().withPermitMany(TckParts.REQUEST, permit -> source);
    }

    /** A limiter that was disposed of refuses at once. */
    @Override
    public Publisher<Long> createFailedPublisher() {
        return TckParts.disposedLimiter().withPermitMany(TckParts.REQUEST, permit -> Flux.just(1L));
    }
}
