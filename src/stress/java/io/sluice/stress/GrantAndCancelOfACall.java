package io.sluice.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** A call under a permit is cancelled while it gets that. How often it was made, how often cut off, and what is in flight. */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "It was cancelled before it was made.")
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "It was made, and then cut off.")
@Outcome(id = "1, 0, 0", expect = FORBIDDEN, desc = "A call goes on that nobody listens to, and without a permit.")
@Outcome(id = ".*, 1", expect = FORBIDDEN, desc = "A permit was lost.")
@Outcome(expect = FORBIDDEN, desc = "A call was made twice, or cut off that was not made.")
@State
public class GrantAndCancelOfACall extends OneSlot {

    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private final Disposable waiting = limiter.withPermit(REQUEST, permit -> Mono.never()
                    .doOnSubscribe(subscription -> made.incrementAndGet())
                    .doOnCancel(cut::incrementAndGet))
            .subscribe();

    @Actor
    public void grant() {
        taken.release();
        handOver();
    }

    @Actor
    public void cancel() {
        waiting.dispose();
    }

    @Arbiter
    public void judge(III_Result result) {
        handOver();
        result.r1 = made.get();
        result.r2 = cut.get();
        result.r3 = inFlight();
    }
}
