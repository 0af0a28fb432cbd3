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
 * reserved for them; one that does not fit although the batch has nothing in flight is the end, whatever others have reserved
 * in the same budget. Thread-safe.
 */
final class BatchBudget {

    private final Budget budget;
    private final Runnable usedUp;

    // All guarded by this; nobody is told anything meanwhile.
    private final Deque<MonoSink<Boolean>> waiting = new ArrayDeque<>();
    /** Requests that have a reservation, or are about to be given or refused one. */
    private int asking;
    /** How often something was given back. */
    private long changes;

    private @Nullable BudgetExceededException refusal;

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
                    before.set(begin());
                    Reservation reservation = reserve(charge);
                    callNext();
                    return charged(reservation, request, usage, wasSent);
                })
                .retryWhen(Retry.from(failures -> failures.concatMap(failed -> failed.failure() instanceof NoRoom noRoom
                        ? later(noRoom.refusal, before.get())
                        : Mono.error(failed.failure()))));
    }

    private synchronized long begin() {
        asking++;
        return changes;
    }

    private Reservation reserve(Charge charge) {
        boolean refused = true;
        try {
            Reservation reservation = budget.tryReserve(charge);
            refused = false;
            return reservation;
        } catch (BudgetExceededException doesNotFit) {
            // Whether it is to wait is decided in one step with its going.
            refused = false;
            throw new NoRoom(doesNotFit);
        } finally {
            if (refused) {
                over();
            }
        }
    }

    private void over() {
        synchronized (this) {
            asking--;
            changes++;
        }
        callNext();
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
                    over();
                });
    }

    private Mono<Boolean> later(BudgetExceededException refused, long before) {
        return Mono.create(sink -> {
            boolean again;
            boolean end;
            synchronized (this) {
                asking--;
                again = changes != before;
                end = !again && asking == 0;
                if (end) {
                    refusal = refused;
                } else if (!again) {
                    waiting.addFirst(sink);
                }
            }
            if (again) {
                sink.success(true);
            } else if (end) {
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

    /** Tells a refusal of this budget from one of another budget within the request. */
    private static final class NoRoom extends RuntimeException {

        private final transient BudgetExceededException refusal;

        NoRoom(BudgetExceededException refusal) {
            super(null, refusal, false, false);
            this.refusal = refusal;
        }
    }
}
