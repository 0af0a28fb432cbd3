package io.sluice.deadline;

import io.sluice.time.Timeout;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;

/** A call with one answer that must end in time. */
final class DeadlineMono<T> extends MonoOperator<T, T> {

    private final Deadline deadline;
    private final Deadline.Part part;

    private DeadlineMono(Mono<T> source, Deadline deadline, Deadline.Part part) {
        super(source);
        this.deadline = deadline;
        this.part = part;
    }

    static <T> Mono<T> of(Mono<T> source, Deadline deadline, Deadline.Part part) {
        return onAssembly(new DeadlineMono<>(source, deadline, part));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Bounds bounds;
        try {
            bounds = deadline.ofMono(part, actual.currentContext());
        } catch (Throwable thrown) {
            Operators.error(actual, Operators.onOperatorError(thrown, actual.currentContext()));
            return;
        }
        if (bounds.isEmpty()) {
            source.subscribe(actual);
        } else {
            new Call<T>(deadline, bounds, actual).begin(source);
        }
    }

    private static final class Call<T> extends DeadlineCall<T> implements Timeout.Task {

        private volatile @Nullable Timeout timeout;

        Call(Deadline deadline, Bounds bounds, CoreSubscriber<? super T> actual) {
            super(deadline, bounds, actual);
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                super.request(n);
            }
        }

        @Override
        public void onNext(T value) {
            if (end(ENDED)) {
                unwatch();
                actual.onNext(value);
                actual.onComplete();
            } else {
                dropped(value);
            }
        }

        @Override
        void watch() {
            Timeout set = deadline.time.schedule(next(startedAt), this);
            timeout = set;
            if (state != RUNNING) {
                set.dispose();
            }
        }

        @Override
        void unwatch() {
            Timeout set = timeout;
            if (set != null) {
                set.dispose();
            }
        }

        @Override
        long at(Bound bound, long now) {
            return Bounds.after(startedAt, bounds.of(bound));
        }

        @Override
        Bound nearest(long now) {
            return bounds.total() < bounds.attempt() ? Bound.TOTAL : Bound.ATTEMPT;
        }

        @Override
        long elements() {
            return 0;
        }

        @Override
        public void due() {
            wake();
        }

        @Override
        public void rejected(RejectedExecutionException reason) {
            refused(reason);
        }
    }
}
