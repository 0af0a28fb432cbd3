package io.sluice.testing;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Counts the blocking calls on threads that must not block. Throwing alone does not do: an error thrown inside
 * {@code subscribe} can end in a dropped-error hook, where no test sees it.
 */
public final class BlockingCallCounter implements BlockHoundIntegration {

    static final AtomicInteger CALLS = new AtomicInteger();

    /** Where the latest of them was made. */
    static final AtomicReference<BlockingOperationError> LATEST = new AtomicReference<>();

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.blockingMethodCallback(method -> {
            BlockingOperationError error = new BlockingOperationError(method);
            LATEST.set(error);
            CALLS.incrementAndGet();
            throw error;
        });
        // Netty's own allocator: two event loops that want more memory at once meet at a lock for a moment. Netty's
        // list of what is allowed (4.2.18) has forgotten this place.
        builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free");
    }
}
