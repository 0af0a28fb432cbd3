package io.sluice.tck;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A call with everything around it. */
public class GovernedCallTckTest extends CallVerification {

    @Override
    Publisher<Object> behind(Mono<Object> call) {
        return TckParts.governor(TckParts.limiter()).govern(TckParts.CALL, attempt -> call);
    }

    /** A limiter that was disposed of refuses at once. */
    @Override
    public Publisher<Object> createFailedPublisher() {
        return TckParts.governor(TckParts.disposedLimiter()).govern(TckParts.CALL, attempt -> Mono.just("answer"));
    }
}
