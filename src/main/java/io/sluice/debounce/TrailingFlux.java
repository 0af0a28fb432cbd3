package io.sluice.debounce;

import java.util.function.Function;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/** A stream of triggers of which the last of a key passes once its key has been quiet. */
final class TrailingFlux<T> extends FluxOperator<T, T> {

    private final Function<? super T, String> key;
    private final FiringDesk desk;

    private TrailingFlux(Flux<T> source, Function<? super T, String> key, FiringDesk desk) {
        super(source);
        this.key = key;
        this.desk = desk;
    }

    static <T> Flux<T> of(Flux<T> source, Function<? super T, String> key, FiringDesk desk) {
        return onAssembly(new TrailingFlux<>(source, key, desk));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new TrailingThrottle<>(actual, key, desk));
    }
}
