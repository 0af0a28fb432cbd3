package io.sluice.governor;

import io.sluice.approval.Execution;
import io.sluice.call.Call;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Asks for the approval of a call. While it waits, nothing is held. */
final class Approvals {

    private Approvals() {}

    /** What the call may be made with. */
    static <A> Mono<Granted<A>> of(Call<A> call, Function<? super Call<?>, ? extends Mono<Decision>> approval) {
        return Mono.defer(() -> Objects.requireNonNull(approval.apply(call), "the approval must not be null"))
                .switchIfEmpty(Mono.error(() -> new CallDeclinedException(call.name(), "nobody decided about it")))
                .map(decision -> granted(call, decision));
    }

    @SuppressWarnings("unchecked") // whoever edits arguments keeps their type, as Decision says
    private static <A> Granted<A> granted(Call<A> call, Decision decision) {
        if (decision instanceof Decision.Declined declined) {
            throw new CallDeclinedException(call.name(), declined.reason());
        }
        Decision.Approved approved = (Decision.Approved) decision;
        Object edited = approved.edited();
        return new Granted<>(edited == null ? call.arguments() : (A) edited, approved.execution());
    }

    /**
     * An approved call.
     *
     * @param arguments what it may be made with
     * @param execution the right to make it once, which is told how it ended; null where nobody asks
     */
    record Granted<A>(A arguments, @Nullable Execution execution) {

        /** The call, whose end is told. That it cannot be told is no reason to lose an answer. */
        <T> Mono<T> once(Mono<T> call) {
            return execution == null
                    ? call
                    : Mono.usingWhen(
                            Mono.just(execution),
                            right -> call,
                            right -> right.succeeded().onErrorComplete(),
                            (right, failure) -> right.failed(failure).onErrorComplete(),
                            right -> right.unknown().onErrorComplete());
        }

        /** The call, whose end is told. That it cannot be told is no reason to lose an answer. */
        <T> Flux<T> once(Flux<T> call) {
            return execution == null
                    ? call
                    : Flux.usingWhen(
                            Mono.just(execution),
                            right -> call,
                            right -> right.succeeded().onErrorComplete(),
                            (right, failure) -> right.failed(failure).onErrorComplete(),
                            right -> right.unknown().onErrorComplete());
        }
    }
}
