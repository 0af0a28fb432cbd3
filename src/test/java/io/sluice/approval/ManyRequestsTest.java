package io.sluice.approval;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;

/** Ten thousand requests, a hundred who watch, and one of those stuck: in real time, with a store in memory. */
class ManyRequestsTest {

    private static final int REQUESTS = 10_000;
    private static final int DECIDED = 1_000;
    private static final int WATCHERS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ApprovalFlow flow = ApprovalFlow.builder().build();

    private List<String> submitted() {
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < REQUESTS; n++) {
            ids.add(flow.submit(ApprovalRequest.of("delete", Map.of("table", "table " + n))
                            .requester("agent"))
                    .map(ApprovalRecord::id)
                    .block(PATIENCE));
        }
        return ids;
    }

    @Test
    void aPendingRequestTakesFewKilobytes() {
        long before = used();
        List<String> ids = submitted();
        long each = (used() - before) / ids.size();
        // A record with its request and terms, its audit entry, its place on the board and in the timer: about 3 kB.
        assertThat(each).isLessThan(8_000);
        flow.dispose();
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void aDecisionTakesLessThanAMillisecondThoughOneOfAHundredWatchersIsStuck() throws InterruptedException {
        List<String> ids = submitted();
        AtomicInteger toTheStuck = new AtomicInteger();
        BaseSubscriber<List<ApprovalRecord>> stuck = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(1);
            }

            @Override
            protected void hookOnNext(List<ApprovalRecord> list) {
                toTheStuck.incrementAndGet();
            }
        };
        flow.pending().subscribe(stuck);
        CountDownLatch upToDate = new CountDownLatch(WATCHERS - 1);
        List<Disposable> watchers = new ArrayList<>();
        for (int n = 1; n < WATCHERS; n++) {
            watchers.add(flow.pending()
                    .filter(list -> list.size() == REQUESTS - DECIDED)
                    .next()
                    .subscribe(list -> upToDate.countDown(), Throwable::printStackTrace));
        }
        long[] nanos = new long[DECIDED];
        for (int i = 0; i < nanos.length; i++) {
            long begin = System.nanoTime();
            flow.decide(ids.get(i), Ballot.approve("ada")).block(PATIENCE);
            nanos[i] = System.nanoTime() - begin;
        }
        assertThat(upToDate.await(60, TimeUnit.SECONDS))
                .as("all others see the last list")
                .isTrue();
        assertThat(toTheStuck.get()).isEqualTo(1);
        Arrays.sort(nanos);
        // The median: a shared machine takes the processor away now and then.
        assertThat(Duration.ofNanos(nanos[nanos.length / 2])).isLessThan(Duration.ofMillis(1));
        watchers.forEach(Disposable::dispose);
        stuck.dispose();
        flow.dispose();
    }
}
