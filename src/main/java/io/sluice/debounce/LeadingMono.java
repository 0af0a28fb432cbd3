package io.sluice.debounce;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;

/** A call that runs at once or not at all. */
final class LeadingMono<T> extends MonoOperator<T, T> {

    private final String key;
    private final FiringDesk desk;

    private LeadingMono(Mono<T> source, String key, FiringDesk desk) {
        super(source);
        this.key = key;
        this.desk = desk;
    }

    static <T> Mono<T> of(Mono<T> source, String key, FiringDesk desk) {
        return onAssembly(new LeadingMono<>(source, key, desk));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Firing firing = desk.tryFire(key);
        if (firing == null) {
            Operators.error(actual, desk.denial(key).toException());
        } else {
            source.subscribe(desk.countsFailures() ? actual : new FailureWatch<T>(actual, desk, firing));
        }
    }
}
