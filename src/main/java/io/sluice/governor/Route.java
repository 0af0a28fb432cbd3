package io.sluice.governor;

import io.sluice.breaker.CircuitOpenException;
import io.sluice.budget.Budget;
import io.sluice.call.Call;
import io.sluice.call.Sluice;
import io.sluice.deadline.Deadline;
import io.sluice.ratelimit.Permit;
import io.sluice.ratelimit.PermitRequest;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.util.context.ContextView;

/**
 * What the ways of a call through the parts of a governor have in common, however many answers it has; one for each
 * subscription.
 */
abstract class Route<A, T> {

    final Parts parts;
    final Call<A> call;
    final Progress progress;
    final Deadline deadline;
    /** Null where nothing is written down. */
    final @Nullable RecordedCall recorded;

    private final Function<? super Attempt<A>, ? extends Publisher<? extends T>> made;
    private final List<Fallback<T>> fallbacks;

    Route(
            Parts parts,
            Call<A> call,
            Function<? super Attempt<A>, ? extends Publisher<? extends T>> made,
            List<Fallback<T>> fallbacks,
            Progress progress) {
        this.parts = parts;
        this.call = call;
        this.made = made;
        this.fallbacks = fallbacks;
        this.progress = progress;
        this.deadline = parts.deadline().named(call.name());
        CallRecorder recorder = parts.recorder();
        this.recorded = recorder.isOn() ? new RecordedCall(recorder, call, progress, parts.classifier()) : null;
    }

    boolean hasFallbacks() {
        return !fallbacks.isEmpty();
    }

    /** Which fallback takes the place of what failed, of those from there on; -1 for none. */
    int fallback(Throwable failure, int from) {
        for (int i = from; i < fallbacks.size(); i++) {
            Fallback<T> fallback = fallbacks.get(i);
            if (fallback.isFor(failure, parts.classifier())) {
                progress.fallsBack(fallback.name(), failure);
                return i;
            }
        }
        return -1;
    }

    Publisher<? extends T> instead(int fallback, Throwable failure) {
        return fallbacks.get(fallback).instead(failure);
    }

    /** What the context narrows the total to; null where it says nothing. */
    @Nullable
    Deadline narrowing(ContextView context) {
        return Sluice.deadline(context) == null ? null : parts.narrowing().named(call.name());
    }

    /** Why an attempt need not queue for a permit; null where it may. */
    @Nullable
    CircuitOpenException refusal() {
        return parts.refusal(call.name());
    }

    /** What an attempt asks the limiter for; null where it needs no permit. */
    @Nullable
    PermitRequest request() {
        return parts.request(call);
    }

    /** One attempt: what it is made with, and what becomes of its permit and its account when it ends. */
    final class Try implements Ending {

        private final GovernedCall account;
        private final A arguments;
        private final @Nullable Budget budget;
        private final @Nullable Permit permit;

        Try(GovernedCall account, A arguments, @Nullable Budget budget, @Nullable Permit permit) {
            this.account = account;
            this.arguments = arguments;
            this.budget = budget;
            this.permit = permit;
        }

        /** The call itself; null if it is over already, though the cancellation has not come this far yet. */
        @Nullable
        Publisher<? extends T> send(CoreSubscriber<?> around) {
            account.count();
            Publisher<? extends T> source = Objects.requireNonNull(
                    made.apply(new Attempt<>(call, arguments, permit, budget, account, around)),
                    "the call must not be null");
            if (account.send()) {
                return source;
            }
            if (permit != null) {
                permit.abandon();
            }
            return null;
        }

        @Override
        public @Nullable Throwable element() {
            return account.overrun();
        }

        @Override
        public void answered() {
            account.answered(permit);
        }

        @Override
        public void failed(Throwable error) {
            if (account.failed(error, permit) && recorded != null) {
                recorded.attemptFailed(error);
            }
        }
    }
}
