package io.sluice.batch;

import io.sluice.budget.Budget;
import io.sluice.budget.BudgetExceededException;
import io.sluice.budget.Charge;
import io.sluice.budget.Reservation;
import io.sluice.model.TokenUsage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.retry.Retry;

/**
 * What a batch may spend. A request that does not fit beside those in flight waits for them, because most cost less than was
 * reserved for them; one that does not fit although nothing is reserved is the end. Thread-safe.
 */
final class BatchBudget {

    private final Budget budget;
    private final Runnable usedUp;

    // Both guarded by this; nobody is told anything meanwhile.
    private final Deque<MonoSink<Boolean>> waiting = new ArrayDeque<>();
    private @Nullable BudgetExceededException refusal;

    /** How often something was given back. */
    private final AtomicLong changes = new AtomicLong();

    /** Who may go on; whoever raises it from zero tells them, so that they do not do it within one another. */
    private final AtomicInteger calls = new AtomicInteger();

    /**
     * @param usedUp called when a request does not fit any more
     */
    BatchBudget(Budget budget, Runnable usedUp) {
        this.budget = budget;
        this.usedUp = usedUp;
    }

    /** What did not fit when the budget was used up; null while it is not. */
    synchronized @Nullable BudgetExceededException refusal() {
        return refusal;
    }

    /**
     * The request, once it fits; never ends where it never does.
     *
     * @param wasSent whether it is on its way, so that it may cost something although it is cancelled
     */
    <T> Mono<T> charge(Charge charge, Mono<T> request, Function<? super T, TokenUsage> usage, BooleanSupplier wasSent) {
        AtomicLong before = new AtomicLong();
        return Mono.defer(() -> {
                    before.set(changes.get());
                    Reservation reservation = budget.tryReserve(charge);
                    callNext();
                    return charged(reservation, request, usage, wasSent);
                })
                .retryWhen(Retry.from(failures ->
                        failures.concatMap(failed -> failed.failure() instanceof BudgetExceededException refused
                                ? later(refused, before.get())
                                : Mono.error(failed.failure()))));
    }

    private <T> Mono<T> charged(
            Reservation reservation, Mono<T> request, Function<? super T, TokenUsage> usage, BooleanSupplier wasSent) {
        return request.doOnNext(answer -> reservation.succeeded(usage.apply(answer)))
                .doOnError(reservation::failed)
                .doOnCancel(() -> {
                    if (wasSent.getAsBoolean()) {
                        reservation.unknown();
                    }
                })
                .doFinally(end -> {
                    // Of no effect where it has ended; else nothing was sent.
                    reservation.abandon();
                    changes.incrementAndGet();
                    callNext();
                });
    }

    private Mono<Boolean> later(BudgetExceededException refused, long before) {
        return Mono.create(sink -> {
            boolean again;
            synchronized (this) {
                again = changes.get() != before;
                if (!again && refused.reserved() == 0) {
                    refusal = refused;
                } else if (!again) {
                    waiting.addFirst(sink);
                }
            }
            if (again) {
                sink.success(true);
            } else if (refused.reserved() == 0) {
                usedUp.run();
            }
        });
    }

    private void callNext() {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        do {
            MonoSink<Boolean> next;
            synchronized (this) {
                next = waiting.poll();
            }
            if (next != null) {
                next.success(true);
            }
        } while (calls.decrementAndGet() != 0);
    }
}
