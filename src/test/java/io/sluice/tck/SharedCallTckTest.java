package io.sluice.tck;

import io.sluice.debounce.DebounceMode;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A call that several may share. */
public class SharedCallTckTest extends CallVerification {

    @Override
    Publisher<Object> behind(Mono<Object> call) {
        return TckParts.debouncer(DebounceMode.SHARE).protect("tck", call);
    }
}
