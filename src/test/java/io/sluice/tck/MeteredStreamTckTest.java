package io.sluice.tck;

import reactor.core.publisher.Flux;

/** A stream that is charged to a budget. */
public class MeteredStreamTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return source.transform(TckParts.budget().meter(TckParts.CHARGE, element -> 1, element -> null));
    }
}
