package io.sluice.approval;

import io.sluice.time.Alarm;
import io.sluice.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Lets one polling channel look for replies: one look at a time, and each serves all who asked for it before it began. */
final class Poller {

    private final PollingChannel channel;
    private final TimeSource time;
    private final Errands errands;
    private final Duration limit;
    private final BooleanSupplier needed;
    private final Function<Throwable, Mono<Void>> failed;
    private final Alarm alarm;

    private final Queue<Sinks.One<Boolean>> asked = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wip = new AtomicInteger();

    /**
     * @param limit how long a look may take
     * @param needed whether anything waits that was sent over the channel
     * @param failed notes that a look failed
     */
    Poller(
            PollingChannel channel,
            TimeSource time,
            Errands errands,
            Duration limit,
            BooleanSupplier needed,
            Function<Throwable, Mono<Void>> failed) {
        this.channel = channel;
        this.time = time;
        this.errands = errands;
        this.limit = limit;
        this.needed = needed;
        this.failed = failed;
        this.alarm = new Alarm(time, this::due, refused -> {});
    }

    String channel() {
        return channel.name();
    }

    /** Something waits that was sent over the channel. */
    void awake() {
        alarm.at(TimeSource.after(time.nanos(), channel.interval()));
    }

    private void due() {
        if (needed.getAsBoolean() && !errands.isDisposed()) {
            errands.run(look().onErrorComplete());
            awake();
        }
    }

    /** A look that begins after now; completes when it is over, whether it failed or not. */
    Mono<Boolean> look() {
        return Mono.defer(() -> {
            Sinks.One<Boolean> over = Sinks.one();
            asked.add(over);
            if (wip.getAndIncrement() == 0) {
                begin(wip.get());
            }
            return over.asMono();
        });
    }

    private void begin(int known) {
        List<Sinks.One<Boolean>> served = new ArrayList<>();
        for (int i = 0; i < known; i++) {
            Sinks.One<Boolean> one = asked.poll();
            if (one != null) {
                served.add(one);
            }
        }
        Mono<Boolean> once = Mono.defer(channel::poll)
                .as(poll -> errands.within(limit, poll, "looking for replies over " + channel.name()))
                .thenReturn(true)
                .onErrorResume(
                        failure -> failed.apply(failure).onErrorComplete().thenReturn(false));
        errands.run(once.doOnNext(worked -> {
            served.forEach(one -> one.tryEmitValue(worked));
            int rest = wip.addAndGet(-known);
            if (rest != 0) {
                begin(rest);
            }
        }));
    }

    void stop() {
        alarm.dispose();
    }
}
