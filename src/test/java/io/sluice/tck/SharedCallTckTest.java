package io.sluice.tck;

import io.sluice.debounce.DebounceMode;
import io.sluice.debounce.Debouncer;
import java.time.Duration;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.Mono;

/** A call that several may share. */
public class SharedCallTckTest extends PublisherVerification<Long> {

    private static final long PATIENCE_MILLIS = 500;
    private static final long QUIET_MILLIS = 50;

    /** Has the time that the kit waits for signals. */
    public SharedCallTckTest() {
        super(new TestEnvironment(PATIENCE_MILLIS, QUIET_MILLIS));
    }

    private static Mono<Long> shared(Mono<Long> call) {
        return Debouncer.builder()
                .mode(DebounceMode.SHARE)
                .cooldown(Duration.ZERO)
                .unlimitedPerHour()
                .build()
                .protect("tck", call);
    }

    @Override
    public Publisher<Long> createPublisher(long elements) {
        return shared(elements == 0 ? Mono.empty() : Mono.just(1L));
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1;
    }

    @Override
    public Publisher<Long> createFailedPublisher() {
        return shared(Mono.error(new IllegalStateException("failed")));
    }
}
