package io.sluice.testing;

import java.util.concurrent.atomic.AtomicInteger;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Counts the blocking calls on threads that must not block. Throwing alone does not do: an error thrown inside
 * {@code subscribe} can end in a dropped-error hook, where no test sees it.
 */
public final class BlockingCallCounter implements BlockHoundIntegration {

    static final AtomicInteger CALLS = new AtomicInteger();

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.blockingMethodCallback(method -> {
            CALLS.incrementAndGet();
            throw new BlockingOperationError(method);
        });
        // Netty's own allocator: two event loops that want more memory at once meet at a lock for a moment. Netty's
        // list of what is allowed (4.2.18) has forgotten this place.
        builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free");
    }
}
