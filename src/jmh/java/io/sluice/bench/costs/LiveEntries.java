package io.sluice.bench.costs;

import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a window costs that holds many entries. Time passes by itself, with every call as much as one entry lives divided by
 * how many there are to be; so there are always so many, and with each call one of them ages out.
 */
@State(Scope.Thread)
public class LiveEntries {

    private static final long WINDOW = Duration.ofMinutes(1).toNanos();

    @Param({"100", "1000", "10000"})
    private int entries;

    private PassingTime time;
    private long step;
    private ModelRateLimiter limiter;
    private final Told<Permit> settling = new Told<>() {
        @Override
        void got(Permit permit) {
            permit.succeeded(Unlimited.USED);
        }
    };

    @Setup
    public void fill() {
        time = new PassingTime();
        step = WINDOW / entries;
        limiter = Unlimited.limiter(time);
        for (int i = 0; i < 2 * entries; i++) {
            acquire();
        }
        long live = limiter.snapshot(Unlimited.KEY).requests();
        if (Math.abs(live - entries) > entries / 50 + 1) {
            throw new IllegalStateException(live + " entries are alive, not " + entries);
        }
    }

    @Benchmark
    public Object acquire() {
        time.pass(step);
        return settling.to(limiter.acquire(Unlimited.REQUEST));
    }
}
