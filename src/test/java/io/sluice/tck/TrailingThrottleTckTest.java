package io.sluice.tck;

import io.sluice.debounce.DebounceMode;
import reactor.core.publisher.Flux;

/** A stream of which the last element of each key passes, once that has been quiet. */
public class TrailingThrottleTckTest extends OperatorVerification {

    @Override
    Flux<Long> behind(Flux<Long> source) {
        return TckParts.debouncer(DebounceMode.TRAILING)
                .<Long>throttle(String::valueOf)
                .apply(source);
    }

    /** It takes from its source all there is, to know what is the last of each key; and here each element is its own key. */
    @Override
    public long maxElementsFromPublisher() {
        return 1_000;
    }
}
