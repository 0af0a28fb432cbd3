package io.sluice.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.model.TokenUsage;
import io.sluice.support.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** A client that blocks, in a program that must not. */
class BlockingLlmTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    /** Loads what Reactor loads at its first subscription. */
    @BeforeAll
    static void warmUp() {
        Mono.just("warm").hide().subscribeOn(Schedulers.boundedElastic()).block(LONG);
    }

    @Test
    void eachSubscriptionCallsOnceOnAThreadThatMayBlock() {
        AtomicInteger calls = new AtomicInteger();
        Mono<String> lifted = BlockingLlm.<String, String>lift(asked -> {
                    calls.incrementAndGet();
                    assertThat(Schedulers.isInNonBlockingThread()).isFalse();
                    new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS);
                    return asked + "!";
                })
                .apply("hi");
        assertThat(calls).hasValue(0);
        for (int i = 1; i <= 2; i++) {
            StepVerifier.create(lifted.subscribeOn(Schedulers.parallel()))
                    .expectNext("hi!")
                    .expectComplete()
                    .verify(LONG);
            assertThat(calls).hasValue(i);
        }
    }

    @Test
    void whatTheCallThrowsIsTheErrorUnchanged() {
        IOException thrown = new IOException("no route");
        StepVerifier.create(BlockingLlm.<String, String>lift(asked -> {
                            throw thrown;
                        })
                        .apply("hi"))
                .expectErrorSatisfies(error -> assertThat(error).isSameAs(thrown))
                .verify(LONG);
        StepVerifier.create(BlockingLlm.<String, String>lift(asked -> null).apply("hi"))
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void cancellingInterruptsTheCallAndDropsWhatItSaysThen() {
        Sinks.One<String> began = Sinks.one();
        Sinks.One<String> ended = Sinks.one();
        AtomicBoolean dropped = new AtomicBoolean();
        Hooks.onErrorDropped(error -> dropped.set(true));
        try {
            Mono<String> lifted = BlockingLlm.<String, String>lift(asked -> {
                        began.tryEmitValue("began");
                        try {
                            new CountDownLatch(1).await();
                            return "never";
                        } catch (InterruptedException interrupted) {
                            ended.tryEmitValue("interrupted");
                            throw interrupted;
                        }
                    })
                    .apply("hi");
            StepVerifier.create(lifted.takeUntilOther(began.asMono()))
                    .expectComplete()
                    .verify(LONG);
            StepVerifier.create(ended.asMono())
                    .expectNext("interrupted")
                    .expectComplete()
                    .verify(LONG);
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(dropped).isFalse();
    }

    /** A pooled thread whose interrupt came late would fail the next call at its first wait. */
    @Test
    void anInterruptMeetsNobodyElse() {
        Map<Integer, String> broken = new ConcurrentHashMap<>();
        Flux<Integer> calls = Flux.range(0, 2_000)
                .flatMap(
                        i -> {
                            Mono<Integer> call = BlockingLlm.<Integer, Integer>lift(asked -> {
                                        // The others are given up, and may be told so here.
                                        if (asked % 2 == 0 && Thread.interrupted()) {
                                            broken.put(asked, "interrupted for another");
                                        }
                                        return asked;
                                    })
                                    .apply(i);
                            return i % 2 == 0 ? call : call.timeout(Duration.ofNanos(1), Mono.just(i));
                        },
                        16);
        StepVerifier.create(calls.count()).expectNext(2_000L).expectComplete().verify(LONG);
        assertThat(broken).isEmpty();
    }

    @Test
    void aClientThatBlocksIsAnAdapter() {
        LlmAdapter adapter = BlockingLlm.adapter(
                "legacy",
                request -> new LlmResponse("hi " + request.model(), "stop", TokenUsage.of(1, 2), "r", Json.read("{}")));
        LlmRequest request = LlmRequest.builder("m").user("hello").build();
        StepVerifier.create(adapter.execute(request).map(LlmResponse::text))
                .expectNext("hi m")
                .expectComplete()
                .verify(LONG);
        StepVerifier.create(adapter.stream(request))
                .assertNext(piece -> {
                    assertThat(piece.text()).isEqualTo("hi m");
                    assertThat(piece.usage()).isEqualTo(TokenUsage.of(1, 2));
                    assertThat(piece.finishReason()).isEqualTo("stop");
                })
                .expectComplete()
                .verify(LONG);
        assertThat(adapter.key(request).toString()).contains("legacy");
        assertThatIllegalArgumentException().isThrownBy(() -> BlockingLlm.adapter(" ", asked -> null));
    }
}
