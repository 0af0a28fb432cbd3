package io.sluice.budget;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/** Events, and something that is done whenever somebody has begun to listen: when the subscription is there, not before. */
final class HeardFlux<E> extends FluxOperator<E, E> {

    private final Runnable heard;

    private HeardFlux(Flux<E> source, Runnable heard) {
        super(source);
        this.heard = heard;
    }

    static <E> Flux<E> of(Flux<E> source, Runnable heard) {
        return onAssembly(new HeardFlux<>(source, heard));
    }

    @Override
    public void subscribe(CoreSubscriber<? super E> actual) {
        source.subscribe(actual);
        heard.run();
    }
}
