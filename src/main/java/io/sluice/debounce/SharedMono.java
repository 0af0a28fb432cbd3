package io.sluice.debounce;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;

/** A call that runs at once, is joined by those that come while it runs, or is denied. */
final class SharedMono<T> extends MonoOperator<T, T> {

    private final String key;
    private final FiringDesk desk;

    private SharedMono(Mono<T> source, String key, FiringDesk desk) {
        super(source);
        this.key = key;
        this.desk = desk;
    }

    static <T> Mono<T> of(Mono<T> source, String key, FiringDesk desk) {
        return onAssembly(new SharedMono<>(source, key, desk));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        SharedCall.subscribe(source, key, desk, actual, false);
    }
}
