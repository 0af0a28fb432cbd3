package io.sluice.governor;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;

/** A call with one answer whose end is told to somebody else first. Subscribed to once. */
final class EndingMono<T> extends MonoOperator<T, T> {

    private final Ending ending;

    private EndingMono(Mono<T> source, Ending ending) {
        super(source);
        this.ending = ending;
    }

    static <T> Mono<T> of(Mono<T> source, Ending ending) {
        return onAssembly(new EndingMono<>(source, ending));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new EndingSubscriber<T>(actual, ending, true));
    }
}
