package io.sluice.bench.pacing;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** No pacing at all: sends everything, and what is refused again. */
final class PlainRetry implements Strategy {

    @Override
    public String name() {
        return "plain retry (`Retry.backoff`)";
    }

    @Override
    public Mono<Void> run(Work work, Caller caller) {
        return Flux.range(0, Work.CALLS)
                .flatMap(
                        number -> caller.call(number, work.costs().get(number)).retryWhen(Strategy.usualRetry()),
                        Work.CALLS)
                .then();
    }
}
