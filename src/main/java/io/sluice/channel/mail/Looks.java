package io.sluice.channel.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Lets one look at a time be under way; each serves all who asked for it before it began, whether they still wait or not. */
final class Looks {

    private final Supplier<Mono<Void>> look;
    private final Queue<Sinks.Empty<Void>> asked = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wip = new AtomicInteger();

    Looks(Supplier<Mono<Void>> look) {
        this.look = look;
    }

    /** A look that begins after now; ends as it ends. */
    Mono<Void> next() {
        return Mono.defer(() -> {
            Sinks.Empty<Void> over = Sinks.empty();
            asked.add(over);
            if (wip.getAndIncrement() == 0) {
                begin(wip.get());
            }
            return over.asMono();
        });
    }

    /** Has a look begin that nobody waits for. */
    void begin() {
        if (wip.getAndIncrement() == 0) {
            begin(wip.get());
        }
    }

    private void begin(int known) {
        List<Sinks.Empty<Void>> served = new ArrayList<>(known);
        for (int i = 0; i < known; i++) {
            Sinks.Empty<Void> one = asked.poll();
            if (one != null) {
                served.add(one);
            }
        }
        Mono.defer(look)
                .subscribe(
                        nothing -> {},
                        failure -> {
                            served.forEach(one -> one.tryEmitError(failure));
                            goOn(known);
                        },
                        () -> {
                            served.forEach(Sinks.Empty::tryEmitEmpty);
                            goOn(known);
                        });
    }

    private void goOn(int known) {
        int rest = wip.addAndGet(-known);
        if (rest != 0) {
            begin(rest);
        }
    }
}
