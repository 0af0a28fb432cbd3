package io.sluice.tck;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A stream with everything around it. */
public class GovernedStreamTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return TckParts.governor(TckParts.limiter()).governMany(TckParts.CALL, attempt -> source);
    }

    /** A limiter that was disposed of refuses at once. */
    @Override
    public Publisher<Long> createFailedPublisher() {
        return TckParts.governor(TckParts.disposedLimiter()).governMany(TckParts.CALL, attempt -> Flux.just(1L));
    }
}
