package io.sluice.tck;

import io.sluice.debounce.DebounceMode;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A call of which the first runs. */
public class LeadingCallTckTest extends CallVerification {

    @Override
    Publisher<Object> behind(Mono<Object> call) {
        return TckParts.debouncer(DebounceMode.LEADING).protect("tck", call);
    }
}
