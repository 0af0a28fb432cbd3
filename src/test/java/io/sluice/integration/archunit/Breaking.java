package io.sluice.integration.archunit;

import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Breaks each rule in each way. */
final class Breaking {

    private boolean ready;

    @org.jspecify.annotations.Nullable
    Object block() {
        Mono.just(1).blockOptional();
        Flux.just(1).blockFirst();
        Flux.just(1).blockLast();
        return Mono.just(1).block();
    }

    void sleepInAWhile() throws InterruptedException {
        while (!ready) {
            Thread.sleep(10);
        }
    }

    void sleepInADo(int number) throws InterruptedException {
        do {
            switch (number) {
                case 1 -> ready = true;
                case 2 -> TimeUnit.MILLISECONDS.sleep(10);
                default -> ready = false;
            }
        } while (!ready);
    }

    Runnable sleepInALambda() {
        return () -> {
            for (int i = 0; i < 3; i++) {
                try {
                    Thread.sleep(i);
                } catch (InterruptedException ended) {
                    return;
                }
            }
        };
    }

    Mono<String> subscribeInside() {
        Flux.just(1).subscribe();
        return Mono.just("a");
    }

    Flux<String> subscribeInALambda() {
        return Flux.create(sink -> Mono.just("a").subscribe(sink::next, sink::error));
    }
}
