package io.sluice.tck;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A call with everything around it. */
public class GovernedCallTckTest extends CallVerification {

    @Override
    Publisher<Object> behind(Mono<Object> call) {
        return TckParts.governor().govern(TckParts.CALL, attempt -> call);
    }
}
