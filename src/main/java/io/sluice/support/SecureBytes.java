package io.sluice.support;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Bytes that nobody can guess, from a DRBG (NIST SP 800-90A). Seeding one may read a device and so block; that happens once,
 * never on an event loop. After that bytes are made on whatever thread asks.
 */
@Internal
public final class SecureBytes {

    private static final AtomicReference<SecureRandom> SEEDED = new AtomicReference<>();

    private SecureBytes() {}

    /** So many bytes, made anew for each subscription. */
    public static Mono<byte[]> next(int count) {
        return Mono.defer(() -> {
            SecureRandom ready = SEEDED.get();
            if (ready != null) {
                return Mono.just(draw(ready, count));
            }
            Mono<byte[]> first = Mono.fromSupplier(() -> draw(seed(), count));
            return Schedulers.isInNonBlockingThread() ? first.subscribeOn(Schedulers.boundedElastic()) : first;
        });
    }

    private static byte[] draw(SecureRandom from, int count) {
        byte[] bytes = new byte[count];
        from.nextBytes(bytes);
        return bytes;
    }

    private static SecureRandom seed() {
        SecureRandom fresh;
        try {
            fresh = SecureRandom.getInstance("DRBG");
        } catch (NoSuchAlgorithmException notHere) {
            fresh = new SecureRandom();
        }
        // The first draw is what seeds it.
        fresh.nextBytes(new byte[1]);
        SEEDED.compareAndSet(null, fresh);
        return fresh;
    }
}
