package io.sluice.soak;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Answers most calls after a while. Others it refuses, fails, breaks off, or never answers. */
final class TroubledProvider {

    private final Random random;

    /** @param random used by one thread, that which decides what the next call will meet */
    TroubledProvider(Random random) {
        this.random = random;
    }

    /** What the next call will meet. */
    Mono<String> answer() {
        Mono<String> answer = switch (random.nextInt(20)) {
            case 0 -> Mono.error(refusal());
            case 1 -> Mono.error(failure(FailureClass.OVERLOADED));
            case 2 -> Mono.error(new IOException("connection reset"));
            case 3 -> Mono.never();
            case 4 -> Mono.empty();
            case 5 -> Mono.error(new IllegalArgumentException("a defect of the caller"));
            default -> Mono.just("answer");
        };
        return random.nextInt(4) == 0 ? answer : Mono.delay(latency()).then(answer);
    }

    /** What the next stream will meet. */
    Flux<String> stream() {
        Flux<String> elements = Flux.range(0, 1 + random.nextInt(12)).map(String::valueOf);
        Flux<String> paced = random.nextBoolean() ? elements : elements.delayElements(Duration.ofMillis(2));
        return switch (random.nextInt(12)) {
            case 0 -> Flux.error(refusal());
            case 1 -> paced.concatWith(Flux.error(new IOException("broken off")));
            case 2 -> paced.concatWith(Flux.never());
            case 3 -> Flux.never();
            case 4 -> Flux.generate(sink -> sink.next("for ever"));
            default -> paced;
        };
    }

    private Duration latency() {
        return Duration.ofMillis(1 + random.nextInt(20));
    }

    private ProviderFailure refusal() {
        return new ProviderFailure(
                429, null, "slow down", FailureClass.RATE_LIMIT, Duration.ofMillis(5 + random.nextInt(30)));
    }

    private static ProviderFailure failure(FailureClass meaning) {
        return new ProviderFailure(503, null, "overloaded", meaning, null);
    }
}
