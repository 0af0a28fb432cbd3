package io.sluice.debounce;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;

/** A stream that runs at once or not at all. */
final class LeadingCalls<T> extends FluxOperator<T, T> {

    private final String key;
    private final FiringDesk desk;

    private LeadingCalls(Flux<T> source, String key, FiringDesk desk) {
        super(source);
        this.key = key;
        this.desk = desk;
    }

    static <T> Flux<T> of(Flux<T> source, String key, FiringDesk desk) {
        return onAssembly(new LeadingCalls<>(source, key, desk));
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
