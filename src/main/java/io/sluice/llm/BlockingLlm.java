package io.sluice.llm;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes clients that block into a reactive program. */
public final class BlockingLlm {

    /**
     * A call that may block and may throw.
     *
     * @param <A> what is asked
     * @param <T> what is answered
     */
    @FunctionalInterface
    public interface BlockingCall<A, T> {

        /** Answers; an interrupt means that nobody waits any longer. */
        @Nullable
        T call(A asked) throws Exception;
    }

    private BlockingLlm() {}

    /**
     * The same call without the blocking. Each subscription calls once, on a thread that may block: a virtual one where the
     * JDK has them (21 or later), else one of {@code Schedulers.boundedElastic()}. Signals arrive on that thread.
     *
     * <pre>
     * subscribe --- thread: call ---------- answer, complete
     * cancel: the thread is interrupted; what the call does after that goes nowhere
     * </pre>
     *
     * <p>What the call throws is the error, unchanged; a null answer completes without one. The number of calls at once is
     * not limited here on virtual threads: that is for the limiter in front of it.
     *
     * @param call the client's method, such as {@code client::chat}
     * @param <A> what is asked
     * @param <T> what is answered
     * @see #adapter
     */
    public static <A, T> Function<A, Mono<T>> lift(BlockingCall<? super A, ? extends T> call) {
        Objects.requireNonNull(call, "call");
        return asked -> Mono.create(sink -> {
            BlockingRun<T> run = new BlockingRun<>(() -> call.call(asked), sink);
            sink.onDispose(run);
            run.start();
        });
    }

    /**
     * A client that blocks as an adapter: each call is {@link #lift lifted}, and a stream is the whole answer as one piece.
     *
     * @param provider as whom the calls count
     * @param call asks and gives the whole answer
     * @throws IllegalArgumentException if the provider is blank
     */
    public static LlmAdapter adapter(String provider, BlockingCall<? super LlmRequest, ? extends LlmResponse> call) {
        if (provider.isBlank()) {
            throw new IllegalArgumentException("provider must not be blank");
        }
        Function<LlmRequest, Mono<LlmResponse>> lifted = lift(call);
        return new LlmAdapter() {
            @Override
            public String provider() {
                return provider;
            }

            @Override
            public Mono<LlmResponse> execute(LlmRequest request) {
                return lifted.apply(request);
            }

            @Override
            public Flux<LlmChunk> stream(LlmRequest request) {
                return lifted.apply(request).map(ProviderStream::onlyPiece).flux();
            }

            @Override
            public String toString() {
                return "BlockingLlm[provider=" + provider + "]";
            }
        };
    }
}
