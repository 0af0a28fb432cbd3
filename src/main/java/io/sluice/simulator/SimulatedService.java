package io.sluice.simulator;

import io.sluice.time.TimeSource;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The one core behind the port and behind the transport: lets a request travel, decides about it on arrival, and lets the
 * answer take its time. Where nothing takes time, all of it happens on the subscriber's thread. Thread-safe.
 */
final class SimulatedService {

    private final TimeSource time;
    private final SimulatedProvider provider;
    private final AtomicLong sent = new AtomicLong();

    SimulatedService(SimulatorSettings settings, TimeSource time) {
        Instant start = time.instant();
        // One reading of the wall clock; from then on it advances as the scheduler's does, and never jumps.
        long epoch = start.getEpochSecond() * 1_000_000_000 + start.getNano() - time.nanos();
        this.time = time;
        this.provider = new SimulatedProvider(settings, () -> epoch + time.nanos());
    }

    SimulatedProvider provider() {
        return provider;
    }

    Scheduler scheduler() {
        return time.scheduler();
    }

    /**
     * The answer, when its headers are due. It has to be ended by whoever takes it; if nobody comes to take it, it is ended
     * here.
     */
    Mono<SimulatedAnswer> answer(SimulatedRequest request) {
        return Mono.defer(() -> {
            Duration way = Duration.ofNanos(provider.travel(sent.getAndIncrement()));
            return way.isZero() ? arrive(request) : delay(way).then(Mono.defer(() -> arrive(request)));
        });
    }

    private Mono<SimulatedAnswer> arrive(SimulatedRequest request) {
        SimulatedAnswer answer = provider.arrive(request);
        SimulatedAnswer.Course course = answer.course();
        Mono<SimulatedAnswer> due = course.latency().isZero()
                ? Mono.just(answer)
                : delay(course.latency()).thenReturn(answer).doOnCancel(answer::end);
        // A plain call is over before its answer is seen, so that who sees it finds it counted as over.
        return course.streamed() && course.ending() != Ending.RESET_BEFORE_HEADERS
                ? due
                : due.doOnNext(SimulatedAnswer::end);
    }

    /**
     * The body as it comes, to be subscribed to once. It fails with an {@link IOException} where the connection ends before
     * it is whole.
     */
    Flux<byte[]> body(SimulatedAnswer answer) {
        SimulatedAnswer.Course course = answer.course();
        int last = course.pieces().size() - 1;
        Flux<byte[]> pieces = course.gap().isZero()
                ? Flux.fromIterable(course.pieces())
                : Flux.fromIterable(course.pieces())
                        .index()
                        .concatMap(
                                piece -> piece.getT1() == 0
                                        ? Mono.just(piece.getT2())
                                        : delay(course.gap()).thenReturn(piece.getT2()),
                                1);
        Flux<byte[]> ending = pieces.index()
                .map(piece -> {
                    if (piece.getT1() == last && course.ending() == Ending.WHOLE) {
                        answer.end();
                    }
                    return piece.getT2();
                })
                .concatWith(Flux.defer(() -> end(course.ending())))
                .doOnTerminate(answer::end)
                .doOnCancel(answer::end);
        return course.firstByte().isZero()
                ? ending
                : delay(course.firstByte()).thenMany(ending).doOnCancel(answer::end);
    }

    private static Flux<byte[]> end(Ending ending) {
        IOException broken = broken(ending);
        return broken == null ? Flux.empty() : Flux.error(broken);
    }

    /** How a client hears of the end; null where it ends well. */
    static @Nullable IOException broken(Ending ending) {
        return switch (ending) {
            case WHOLE -> null;
            case CUT -> new IOException("the connection was closed during the response");
            case RESET_BEFORE_HEADERS, RESET_AFTER_HEADERS -> new SocketException("Connection reset");
        };
    }

    /** Completes after the time, on the scheduler. */
    Mono<Void> delay(Duration duration) {
        return Mono.delay(duration, time.scheduler()).then();
    }
}
