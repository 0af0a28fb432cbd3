package io.sluice.tck;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A stream that is charged to a budget. */
public class MeteredStreamTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return source.transform(TckParts.budget().meter(TckParts.CHARGE, element -> 1, element -> null));
    }

    /** A budget in money refuses at once what it has no price for. */
    @Override
    public Publisher<Long> createFailedPublisher() {
        return Flux.just(1L).transform(TckParts.budgetInMoney().meter(TckParts.CHARGE, element -> 1, element -> null));
    }
}
