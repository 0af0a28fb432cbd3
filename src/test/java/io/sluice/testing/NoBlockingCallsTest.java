package io.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class NoBlockingCallsTest {

    @Test
    void aBlockingCallOnAParallelThreadIsStoppedAndCounted() {
        int before = BlockingCallCounter.CALLS.get();
        StepVerifier.create(Mono.fromRunnable(() -> LockSupport.parkNanos(1)).subscribeOn(Schedulers.parallel()))
                .expectErrorMatches(error ->
                        error instanceof BlockingOperationError || error.getCause() instanceof BlockingOperationError)
                .verify();
        assertThat(BlockingCallCounter.CALLS.getAndSet(before)).isEqualTo(before + 1);
    }
}
