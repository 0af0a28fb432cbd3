package io.sluice.tck;

import io.sluice.debounce.DebounceMode;
import reactor.core.publisher.Flux;

/** A stream of calls of which the first runs. */
public class LeadingStreamTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return TckParts.debouncer(DebounceMode.LEADING).protect("tck", source);
    }
}
