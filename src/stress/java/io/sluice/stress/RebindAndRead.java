package io.sluice.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.sluice.testing.ManualClock;
import io.sluice.time.TimeSource;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import reactor.core.scheduler.Scheduler;

/**
 * Another clock comes into use, which shows a much earlier time, at the moment when two read, as a limiter does for every call.
 * Whether time never went back for one who reads twice, and whether it never jumped.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Time went on from where it stood.")
@Outcome(id = "false, .*", expect = FORBIDDEN, desc = "Time went back: a window would be let in twice.")
@Outcome(id = "true, false", expect = FORBIDDEN, desc = "Time jumped: a window would be forgotten.")
@State
public class RebindAndRead {

    private static final Duration LATE = Duration.ofHours(1);
    private static final Constructor<TimeSource> OF_A_SUPPLIER = ofASupplier();

    private final ManualClock early = new ManualClock();
    private final ManualClock late = late();
    private volatile Scheduler inUse = late;
    private final TimeSource time = time(() -> inUse);

    private volatile long most;
    private volatile boolean ordered = true;

    public RebindAndRead() {
        late.advance(Duration.ofSeconds(1));
    }

    private static ManualClock late() {
        ManualClock clock = new ManualClock();
        clock.advance(LATE);
        return clock;
    }

    private static TimeSource time(Supplier<Scheduler> schedulers) {
        try {
            return OF_A_SUPPLIER.newInstance(schedulers, null);
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException(changed);
        }
    }

    private static Constructor<TimeSource> ofASupplier() {
        try {
            Constructor<TimeSource> constructor =
                    TimeSource.class.getDeclaredConstructor(Supplier.class, InstantSource.class);
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException changed) {
            throw new ExceptionInInitializerError(changed);
        }
    }

    @Actor
    public void rebind() {
        inUse = early;
        long unused = time.nanos();
    }

    @Actor
    public void read() {
        long first = time.nanos();
        long second = time.nanos();
        ordered = second >= first;
        most = second;
    }

    @Arbiter
    public void judge(ZZ_Result result) {
        long last = time.nanos();
        result.r1 = ordered && last >= 0;
        result.r2 = Math.max(last, most) <= Duration.ofSeconds(1).toNanos();
    }
}
