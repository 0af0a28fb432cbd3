package io.sluice.tck;

import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.Mono;

/** A call with one answer behind an operator must be as good a publisher as the call itself. Its subclasses say which operator. */
abstract class CallVerification extends PublisherVerification<Object> {

    private static final long PATIENCE_MILLIS = 500;
    private static final long QUIET_MILLIS = 20;

    CallVerification() {
        super(new TestEnvironment(PATIENCE_MILLIS, QUIET_MILLIS));
    }

    /** The operator, made anew for each call. */
    abstract Publisher<Object> behind(Mono<Object> call);

    @Override
    public Publisher<Object> createPublisher(long elements) {
        return behind(elements == 0 ? Mono.empty() : Mono.just("answer"));
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1;
    }

    /** A call that fails at once. */
    @Override
    public Publisher<Object> createFailedPublisher() {
        return behind(Mono.error(new IllegalStateException("failed")));
    }
}
