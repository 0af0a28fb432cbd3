package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import io.sluice.retry.ProviderRetry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** Where Reactor keeps thread-locals, a call never sees those of somebody else. */
class ThreadLocalsTest {

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    private final List<String> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void keep() {
        ContextRegistry.getInstance().registerThreadLocalAccessor("tenant", TENANT);
        Hooks.enableAutomaticContextPropagation();
    }

    @AfterEach
    void stop() {
        Hooks.disableAutomaticContextPropagation();
        ContextRegistry.getInstance().removeThreadLocalAccessor("tenant");
        TENANT.remove();
    }

    private void seesItsOwn(Function<ModelRateLimiter, Mono<String>> call) {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.concurrency(1));
        Permit holder = one.ask(1).permit();
        TENANT.set("caller");
        call.apply(one.limiter)
                .contextWrite(context -> context.put("tenant", "caller"))
                .subscribe();
        TENANT.set("releaser");
        holder.release();
        one.clock.advanceTimeBy(Duration.ofSeconds(5));
        TENANT.remove();
        assertThat(seen).isNotEmpty().allMatch("caller"::equals);
    }

    @Test
    void theFunctionThatMakesACallSeesThoseOfItsSubscriber() {
        seesItsOwn(limiter -> limiter.withPermit(tokens(1), permit -> {
            seen.add(String.valueOf(TENANT.get()));
            return Mono.fromCallable(() -> {
                seen.add(String.valueOf(TENANT.get()));
                return "x";
            });
        }));
    }

    @Test
    void soDoesAStream() {
        seesItsOwn(limiter -> limiter.withPermitMany(tokens(1), permit -> {
                    seen.add(String.valueOf(TENANT.get()));
                    return Flux.defer(() -> {
                        seen.add(String.valueOf(TENANT.get()));
                        return Flux.just("x");
                    });
                })
                .next());
    }

    @Test
    void soDoesAFurtherAttempt() {
        AtomicInteger attempts = new AtomicInteger();
        seesItsOwn(limiter -> ProviderRetry.attempts(2)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(1))
                .protect(limiter.withPermit(tokens(1), permit -> {
                    seen.add(String.valueOf(TENANT.get()));
                    return attempts.incrementAndGet() == 1 ? Mono.error(new IOException("reset")) : Mono.just("x");
                })));
    }

    @Test
    void aCallThatCannotBeMadeGivesEverythingBack() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.concurrency(1));
        one.limiter
                .withPermit(tokens(1), permit -> {
                    throw new IllegalStateException("mine");
                })
                .onErrorComplete()
                .block();
        assertThat(one.snapshot().requests()).isZero();
        assertThat(one.snapshot().inFlight()).isZero();
    }
}
