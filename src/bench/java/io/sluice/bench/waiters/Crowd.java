package io.sluice.bench.waiters;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** A million subscribers, which are made before anything is measured. */
final class Crowd {

    final AtomicInteger ended = new AtomicInteger();
    private final AtomicLong first = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong last = new AtomicLong();
    final Member[] members = new Member[MillionWaiters.MANY];

    Crowd() {
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member(this);
        }
    }

    private void end() {
        long now = System.nanoTime();
        first.accumulateAndGet(now, Math::min);
        last.accumulateAndGet(now, Math::max);
        ended.incrementAndGet();
    }

    /** How long it took from the first of them to the last. */
    double seconds() {
        return (last.get() - first.get()) / 1e9;
    }

    /** One of them. */
    static final class Member implements CoreSubscriber<Object> {

        private final Crowd crowd;
        private @Nullable Subscription subscription;

        Member(Crowd crowd) {
            this.crowd = crowd;
        }

        /** False where it has nothing to cancel. */
        boolean cancel() {
            Subscription known = subscription;
            if (known == null) {
                return false;
            }
            known.cancel();
            return true;
        }

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(Object value) {}

        @Override
        public void onError(Throwable error) {
            crowd.end();
        }

        @Override
        public void onComplete() {
            crowd.end();
        }
    }
}
