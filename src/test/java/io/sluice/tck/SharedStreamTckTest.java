package io.sluice.tck;

import io.sluice.debounce.DebounceMode;
import reactor.core.publisher.Flux;

/** A stream that several may share. */
public class SharedStreamTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return TckParts.debouncer(DebounceMode.SHARE).protect("tck", source);
    }

    /** It keeps what it has told for whoever comes later, so that an endless source would fill the memory. */
    @Override
    public long maxElementsFromPublisher() {
        return 1_000;
    }
}
