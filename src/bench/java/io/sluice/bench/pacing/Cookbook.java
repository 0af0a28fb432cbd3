package io.sluice.bench.pacing;

import io.sluice.FailureClass;
import io.sluice.failure.FailureClassifier;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The method of OpenAI's cookbook script for many calls (api_request_parallel_processor.py, as of 2026-11): one loop that
 * lets two capacities refill with time, sends the next call when both suffice, first those to be repeated, looks again
 * every millisecond, and stops sending for a while after a refusal. Its fifteen seconds of a minute are half a second here.
 */
final class Cookbook implements Strategy {

    private static final long PAUSE_NANOS = Work.WINDOW.toNanos() / 4;

    @Override
    public String name() {
        return "the cookbook's script";
    }

    @Override
    public Mono<Void> run(Work work, Caller caller) {
        return Mono.<Void>fromRunnable(() -> new Loop(work, caller).run())
                .subscribeOn(Schedulers.boundedElastic());
    }

    private static final class Loop {
        private final Work work;
        private final Caller caller;
        private final Queue<Integer> again = new ConcurrentLinkedQueue<>();
        private final CountDownLatch open = new CountDownLatch(Work.CALLS);
        private volatile long refusedAt = Long.MIN_VALUE / 2;

        Loop(Work work, Caller caller) {
            this.work = work;
            this.caller = caller;
        }

        void run() {
            double requests = Work.REQUESTS;
            double tokens = Work.TOKENS;
            long updated = System.nanoTime();
            int fresh = 0;
            Integer next = null;
            while (open.getCount() > 0) {
                if (next == null) {
                    next = again.poll();
                    if (next == null && fresh < Work.CALLS) {
                        next = fresh++;
                    }
                }
                long now = System.nanoTime();
                double windows = (double) (now - updated) / Work.WINDOW.toNanos();
                requests = Math.min(Work.REQUESTS, requests + Work.REQUESTS * windows);
                tokens = Math.min(Work.TOKENS, tokens + Work.TOKENS * windows);
                updated = now;
                if (next != null && requests >= 1 && tokens >= work.costs().get(next)) {
                    requests--;
                    tokens -= work.costs().get(next);
                    send(next);
                    next = null;
                }
                sleep(1_000_000);
                long left = refusedAt + PAUSE_NANOS - System.nanoTime();
                if (left > 0) {
                    sleep(left);
                }
            }
        }

        private void send(int number) {
            caller.call(number, work.costs().get(number))
                    .subscribe(
                            answer -> open.countDown(),
                            error -> {
                                if (FailureClassifier.classify(error) == FailureClass.RATE_LIMIT) {
                                    refusedAt = System.nanoTime();
                                }
                                again.add(number);
                            });
        }

        private static void sleep(long nanos) {
            try {
                Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }
    }
}
