package io.sluice.governor;

import io.sluice.call.Call;
import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Asks for the approval of a call. While it waits, nothing is held. */
final class Approvals {

    private Approvals() {}

    /** The arguments that the call may be made with. */
    static <A> Mono<A> of(Call<A> call, Function<? super Call<?>, ? extends Mono<Decision>> approval) {
        return Mono.defer(() -> Objects.requireNonNull(approval.apply(call), "the approval must not be null"))
                .switchIfEmpty(Mono.error(() -> new CallDeclinedException(call.name(), "nobody decided about it")))
                .map(decision -> arguments(call, decision));
    }

    @SuppressWarnings("unchecked") // whoever edits arguments keeps their type, as Decision says
    private static <A> A arguments(Call<A> call, Decision decision) {
        if (decision instanceof Decision.Declined declined) {
            throw new CallDeclinedException(call.name(), declined.reason());
        }
        Object edited = ((Decision.Approved) decision).edited();
        return edited == null ? call.arguments() : (A) edited;
    }
}
