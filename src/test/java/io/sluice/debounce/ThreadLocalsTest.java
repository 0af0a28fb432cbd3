package io.sluice.debounce;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import io.sluice.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** Where Reactor keeps thread-locals, a call that waited sees its own, and not those of who let time pass. */
class ThreadLocalsTest {

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    private final ManualClock clock = new ManualClock();
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
    void aTrailingCallRunsWithThoseOfItsTriggerAndADenialIsToldWithThoseOfWhoIsDenied() {
        Debouncer debouncer =
                Debouncer.builder().scheduler(clock).mode(DebounceMode.TRAILING).build();
        for (String tenant : List.of("a", "b")) {
            TENANT.set(tenant);
            debouncer
                    .protect("index", Mono.fromRunnable(() -> seen.add(tenant + " runs as " + TENANT.get())))
                    .doOnError(error -> seen.add(tenant + " is denied as " + TENANT.get()))
                    .onErrorComplete()
                    .contextWrite(context -> context.put("tenant", tenant))
                    .subscribe();
        }
        TENANT.set("somebody else");
        clock.advance(Duration.ofMinutes(5));
        assertThat(seen).containsExactly("a is denied as a", "b runs as b");
    }
}
