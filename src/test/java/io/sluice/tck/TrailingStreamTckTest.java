package io.sluice.tck;

import io.sluice.debounce.DebounceMode;
import reactor.core.publisher.Flux;

/** A stream of a call of which the last runs. */
public class TrailingStreamTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return TckParts.debouncer(DebounceMode.TRAILING).protect("tck", source);
    }

    /** It runs on the thread of the timer, which an endless source that answers at once would never give back. */
    @Override
    public long maxElementsFromPublisher() {
        return 1_000;
    }
}
