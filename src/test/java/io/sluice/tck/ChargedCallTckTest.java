package io.sluice.tck;

import io.sluice.model.TokenUsage;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A call that is charged to a budget. */
public class ChargedCallTckTest extends CallVerification {

    @Override
    Publisher<Object> behind(Mono<Object> call) {
        return call.transform(TckParts.budget().charge(TckParts.CHARGE, answer -> TokenUsage.output(1)));
    }

    /** A budget in money refuses at once what it has no price for. */
    @Override
    public Publisher<Object> createFailedPublisher() {
        return Mono.<Object>just("answer")
                .transform(TckParts.budgetInMoney().charge(TckParts.CHARGE, answer -> TokenUsage.UNKNOWN));
    }
}
