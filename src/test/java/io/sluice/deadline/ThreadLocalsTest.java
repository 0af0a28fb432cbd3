package io.sluice.deadline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import io.sluice.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** Where Reactor keeps thread-locals, whoever is told of a deadline sees its own, and not those of who set the timer. */
class ThreadLocalsTest {

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    private final List<String> seen = new ArrayList<>();

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

    @Test
    void anErrorIsToldWithThoseOfItsSubscriber() {
        ManualClock clock = new ManualClock();
        Deadline deadline = Deadline.attempt(Duration.ofSeconds(10)).scheduler(clock);
        for (String tenant : List.of("a", "b")) {
            TENANT.set(tenant);
            deadline.protect(Mono.never())
                    .doOnError(error -> seen.add(tenant + " sees " + TENANT.get()))
                    .onErrorComplete()
                    .contextWrite(context -> context.put("tenant", tenant))
                    .subscribe();
            deadline.protect(Flux.never())
                    .doOnError(error -> seen.add(tenant + " sees " + TENANT.get()))
                    .onErrorComplete()
                    .contextWrite(context -> context.put("tenant", tenant))
                    .subscribe();
        }
        TENANT.set("somebody else");
        clock.advance(Duration.ofSeconds(10));
        assertThat(seen).containsExactlyInAnyOrder("a sees a", "a sees a", "b sees b", "b sees b");
        assertThat(TENANT.get()).isEqualTo("somebody else");
    }
}
