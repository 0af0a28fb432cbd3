package io.sluice.tck;

import reactor.core.publisher.Flux;

/** A stream with everything around it. */
public class GovernedStreamTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return TckParts.governor().governMany(TckParts.CALL, attempt -> source);
    }
}
