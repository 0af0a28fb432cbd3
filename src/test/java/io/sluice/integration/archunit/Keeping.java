package io.sluice.integration.archunit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Keeps all rules, though it comes near. */
final class Keeping {

    @org.jspecify.annotations.Nullable
    String blockWithATimeout() {
        return Mono.just("a").block(Duration.ofSeconds(1));
    }

    @org.jspecify.annotations.Nullable
    String otherBlock() {
        return new Brick().block();
    }

    void sleepOnce(List<String> names) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            names.add("a");
        }
        Thread.sleep(1);
        while (names.isEmpty()) {
            names.add("a");
        }
    }

    void sleepBeforeASwitch(int number) throws InterruptedException {
        switch (number) {
            case 1 -> TimeUnit.SECONDS.sleep(1);
            case 1_000 -> Thread.sleep(2);
            default -> Thread.sleep(3);
        }
    }

    Mono<String> compose() {
        return Mono.just("a").flatMap(Mono::just).subscribeOn(Schedulers.parallel());
    }

    Disposable subscribeWhereNothingReactiveIsReturned() {
        return Flux.just(1).subscribe(one -> {}, error -> {});
    }

    /** Has a method of the same name. */
    static final class Brick {
        @org.jspecify.annotations.Nullable
        String block() {
            return null;
        }
    }
}
