package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.deadline.Deadline;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The table of what a call costs that does not end well. Each reserves 30 tokens: 10 of input, a cap of 20. */
class WhatCallsCostTest {

    private static final Charge CHARGE = Charge.tokens(TokenEstimate.of(10, 20));

    private static ProviderFailure failure(int status, FailureClass meaning) {
        return new ProviderFailure(status, null, "no", meaning, null);
    }

    private static Arguments mono(String what, Mono<String> call, long costs) {
        return Arguments.of(what, call.flux(), false, costs);
    }

    /** A stream of chunks of 5 tokens each, which then goes on as it is said. */
    private static Arguments stream(String what, int chunks, Flux<String> then, long costs) {
        return Arguments.of(what, Flux.range(0, chunks).map(i -> "x").concatWith(then), true, costs);
    }

    static Stream<Arguments> calls() {
        Mono<String> never = Mono.never();
        return Stream.of(
                mono("succeeded, usage stated", Mono.just("answer"), 17),
                mono("succeeded without an answer", Mono.empty(), 30),
                mono("timed out", never.transform(Deadline.attempt(Duration.ofSeconds(5))::protect), 30),
                mono("cancelled after it was sent", never, 30),
                mono("never sent: connection refused", Mono.error(new ConnectException("refused")), 0),
                mono("429", Mono.error(failure(429, FailureClass.RATE_LIMIT)), 0),
                mono("used-up account", Mono.error(failure(402, FailureClass.QUOTA)), 0),
                mono("too large", Mono.error(failure(413, FailureClass.TOO_LARGE)), 0),
                mono("400", Mono.error(failure(400, FailureClass.CALLER)), 0),
                mono("500", Mono.error(failure(500, FailureClass.TRANSIENT)), 30),
                mono("529", Mono.error(failure(529, FailureClass.OVERLOADED)), 30),
                mono("broken off, usage unknown", Mono.error(new java.io.IOException("reset")), 30),
                mono(
                        "failed, and the error says what was used",
                        Mono.error(failure(500, FailureClass.TRANSIENT).withUsage(TokenUsage.of(10, 2))),
                        12),
                stream("whole stream without usage", 3, Flux.empty(), 25),
                stream("stream cancelled in the middle", 3, Flux.never(), 25),
                stream("stream cancelled before its first element", 0, Flux.never(), 30),
                stream("stream broken off in the middle", 2, Flux.error(failure(500, FailureClass.TRANSIENT)), 20),
                stream(
                        "stream refused before its first element",
                        0,
                        Flux.error(failure(429, FailureClass.RATE_LIMIT)),
                        0),
                stream("stream refused in the middle", 1, Flux.error(failure(529, FailureClass.OVERLOADED)), 15),
                stream(
                        "stream timed out in the middle",
                        2,
                        Flux.<String>never().transform(Deadline.none().gap(Duration.ofSeconds(5))::protect),
                        20),
                stream("stream cut because the budget of 40 is used up", 9, Flux.empty(), 45));
    }

    @ParameterizedTest(name = "{0}: {3} of 30")
    @MethodSource("calls")
    void aCallCostsWhatIsKnownOfItElseWhatItReserved(String what, Flux<String> call, boolean stream, long costs) {
        VirtualTimeScheduler clock = VirtualTimeScheduler.getOrSet();
        try {
            Budget budget = Budget.root("run").tokens(40).build();
            Flux<String> charged = stream
                    ? call.transform(budget.meter(CHARGE, x -> 5, x -> null))
                    : call.next()
                            .transform(budget.charge(CHARGE, x -> TokenUsage.of(10, 7)))
                            .flux();
            var subscriber = charged.subscribe(x -> {}, error -> {});
            assertThat(clock.now(TimeUnit.SECONDS)).isZero();
            clock.advanceTimeBy(Duration.ofSeconds(5));
            subscriber.dispose();
            assertThat(budget.snapshot().spent().tokens()).as(what).isEqualTo(costs);
            assertThat(budget.snapshot().spent().calls()).isEqualTo(costs == 0 ? 0 : 1);
            assertThat(budget.snapshot().openReservations()).isZero();
        } finally {
            VirtualTimeScheduler.reset();
        }
    }
}
