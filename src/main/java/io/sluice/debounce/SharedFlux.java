package io.sluice.debounce;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/** A stream that runs at once, is joined by those that come while it runs, or is denied. */
final class SharedFlux<T> extends FluxOperator<T, T> {

    private final String key;
    private final FiringDesk desk;

    private SharedFlux(Flux<T> source, String key, FiringDesk desk) {
        super(source);
        this.key = key;
        this.desk = desk;
    }

    static <T> Flux<T> of(Flux<T> source, String key, FiringDesk desk) {
        return onAssembly(new SharedFlux<>(source, key, desk));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        SharedCall.subscribe(source, key, desk, actual, true);
    }
}
