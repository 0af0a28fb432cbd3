package io.sluice.debounce;

import io.sluice.support.ThreadLocals;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A call that runs when its key has been quiet, unless another one of its key comes before. */
final class TrailingMono<T> extends MonoOperator<T, T> {

    private final String key;
    private final FiringDesk desk;
    private final Map<String, QuietSlot> slots;

    private TrailingMono(Mono<T> source, String key, FiringDesk desk, Map<String, QuietSlot> slots) {
        super(source);
        this.key = key;
        this.desk = desk;
        this.slots = slots;
    }

    static <T> Mono<T> of(Mono<T> source, String key, FiringDesk desk, Map<String, QuietSlot> slots) {
        return onAssembly(new TrailingMono<>(source, key, desk, slots));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Call<T> call = new Call<>(ThreadLocals.restoring(source), desk, actual);
        actual.onSubscribe(call);
        if (call.isWaiting()) {
            call.waitIn(QuietSlot.put(key, desk, slots, call));
        }
    }

    /** Waits, then passes everything on. */
    private static final class Call<T> extends Operators.DeferredSubscription
            implements CoreSubscriber<T>, QuietSlot.Waiting, Runnable {

        private static final int WAITING = 0;
        private static final int RUNNING = 1;
        private static final int ENDED = 2;

        private final Mono<? extends T> source;
        private final FiringDesk desk;
        private final CoreSubscriber<? super T> actual;
        private final AtomicInteger state = new AtomicInteger(WAITING);
        private volatile @Nullable QuietSlot slot;
        private volatile @Nullable Firing firing;
        private volatile @Nullable Throwable denial;

        Call(Mono<? extends T> source, FiringDesk desk, CoreSubscriber<? super T> actual) {
            this.source = source;
            this.desk = desk;
            this.actual = actual;
        }

        boolean isWaiting() {
            return state.get() == WAITING;
        }

        void waitIn(QuietSlot place) {
            slot = place;
            if (state.get() == ENDED) {
                place.leave(this);
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void admitted(Firing recorded) {
            firing = recorded;
            handOver();
        }

        @Override
        public void denied(Throwable reason) {
            denial = reason;
            handOver();
        }

        /** Whoever decided is the timer, or another trigger: neither is to run this. */
        private void handOver() {
            try {
                desk.time.scheduler().schedule(this);
            } catch (RejectedExecutionException refused) {
                denial = refused;
                run();
            }
        }

        @Override
        public void run() {
            Throwable reason = denial;
            Firing recorded = firing;
            if (!state.compareAndSet(WAITING, reason == null ? RUNNING : ENDED)) {
                // Cancelled on the way from the timer.
                if (recorded != null) {
                    desk.notRun(recorded);
                }
            } else if (reason == null) {
                source.subscribe(this);
            } else {
                actual.onError(reason);
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            set(subscription);
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                super.request(n);
            }
        }

        @Override
        public void onNext(T value) {
            actual.onNext(value);
        }

        @Override
        public void onError(Throwable error) {
            Firing recorded = firing;
            if (recorded != null) {
                desk.failed(recorded);
            }
            actual.onError(error);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }

        @Override
        public void cancel() {
            boolean waited = state.getAndSet(ENDED) == WAITING;
            QuietSlot place = slot;
            if (waited && place != null) {
                place.leave(this);
            }
            super.cancel();
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return actual;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : super.scanUnsafe(key);
        }
    }
}
