package io.sluice.tck;

import io.sluice.retry.ProviderRetry;
import reactor.core.publisher.Flux;

/** A stream that may be repeated. */
public class RetriedStreamTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return ProviderRetry.attempts(1).protect(source);
    }
}
