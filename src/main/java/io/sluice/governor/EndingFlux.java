package io.sluice.governor;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/** A call with many answers whose end is told to somebody else first, who may also cut it. Subscribed to once. */
final class EndingFlux<T> extends FluxOperator<T, T> {

    private final Ending ending;

    private EndingFlux(Flux<T> source, Ending ending) {
        super(source);
        this.ending = ending;
    }

    static <T> Flux<T> of(Flux<T> source, Ending ending) {
        return onAssembly(new EndingFlux<>(source, ending));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new EndingSubscriber<T>(actual, ending, false));
    }
}
