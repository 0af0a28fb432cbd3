package io.sluice.tck;

import io.sluice.debounce.DebounceMode;
import reactor.core.publisher.Flux;

/** A stream that several may share. */
public class SharedStreamTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return TckParts.debouncer(DebounceMode.SHARE).protect("tck", source);
    }
}
