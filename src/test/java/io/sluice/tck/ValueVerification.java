package io.sluice.tck;

import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;

/** A publisher of one value that it makes itself; it cannot be empty, and the kit's tests of that are passed over. */
abstract class ValueVerification<T> extends PublisherVerification<T> {

    private static final long PATIENCE_MILLIS = 500;
    private static final long QUIET_MILLIS = 20;

    ValueVerification() {
        super(new TestEnvironment(PATIENCE_MILLIS, QUIET_MILLIS));
    }

    /** The publisher, of a part that grants it or one that refuses at once. */
    abstract Publisher<T> value(boolean granted);

    @Override
    public Publisher<T> createPublisher(long elements) {
        return value(true);
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1;
    }

    @Override
    public Publisher<T> createFailedPublisher() {
        return value(false);
    }
}
