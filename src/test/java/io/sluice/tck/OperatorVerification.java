package io.sluice.tck;

import java.util.concurrent.RejectedExecutionException;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.Flux;

/** A stream behind an operator must be as good a publisher as the stream itself. Its subclasses say which operator. */
abstract class OperatorVerification extends PublisherVerification<Long> {

    private static final long PATIENCE_MILLIS = 500;
    private static final long QUIET_MILLIS = 20;

    OperatorVerification() {
        super(new TestEnvironment(PATIENCE_MILLIS, QUIET_MILLIS));
    }

    /** The operator, made anew for each stream. */
    abstract Flux<Long> behind(Flux<Long> source);

    @Override
    public Publisher<Long> createPublisher(long elements) {
        return behind(Flux.generate(() -> 0L, (next, sink) -> {
            if (next < elements) {
                sink.next(next);
            } else {
                sink.complete();
            }
            return next + 1;
        }));
    }

    /** A publisher that fails at once. */
    @Override
    public Publisher<Long> createFailedPublisher() {
        return behind(Flux.error(new RejectedExecutionException("closed")));
    }
}
