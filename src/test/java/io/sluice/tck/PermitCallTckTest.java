package io.sluice.tck;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A call under a permit. */
public class PermitCallTckTest extends CallVerification {

    @Override
    Publisher<Object> behind(Mono<Object> call) {
        return TckParts.limiter().withPermit(TckParts.REQUEST, permit -> call);
    }

    /** A limiter that was disposed of refuses at once. */
    @Override
    public Publisher<Object> createFailedPublisher() {
        return TckParts.disposedLimiter().withPermit(TckParts.REQUEST, permit -> Mono.just("answer"));
    }
}
