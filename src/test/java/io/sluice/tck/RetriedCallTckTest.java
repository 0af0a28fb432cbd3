package io.sluice.tck;

import io.sluice.retry.ProviderRetry;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A call that may be repeated. */
public class RetriedCallTckTest extends CallVerification {

    @Override
    Publisher<Object> behind(Mono<Object> call) {
        return ProviderRetry.attempts(1).protect(call);
    }
}
