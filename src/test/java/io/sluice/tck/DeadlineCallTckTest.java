package io.sluice.tck;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A call with all deadlines. */
public class DeadlineCallTckTest extends CallVerification {

    @Override
    Publisher<Object> behind(Mono<Object> call) {
        return TckParts.deadline().protect(call);
    }
}
