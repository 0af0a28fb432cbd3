package io.sluice.retry;

import static io.sluice.retry.FailingProvider.rateLimit;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Calls wait on one timer. Where Reactor keeps thread-locals, none sees those of whoever set it, or let time pass. */
class RetryThreadLocalsTest {

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    private final FailingProvider provider = new FailingProvider();
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

    private void subscribe(String tenant, UnaryOperator<Mono<String>> retried) {
        TENANT.set(tenant);
        Mono<String> call = Mono.defer(() -> {
            seen.add(tenant + " sees " + TENANT.get());
            return Mono.error(rateLimit(Duration.ofSeconds(10)));
        });
        retried.apply(call).subscribe(new Heard<>(1, Context.of("tenant", tenant)));
    }

    private void eachSeesItsOwn(UnaryOperator<Mono<String>> retried) {
        subscribe("a", retried);
        subscribe("b", retried);
        TENANT.set("whoever passes the time");
        provider.pass(Duration.ofMinutes(1));
        assertThat(seen).containsExactly("a sees a", "b sees b", "a sees a", "b sees b");
    }

    @Test
    void anAttemptSeesThoseOfItsSubscriber() {
        eachSeesItsOwn(provider.retry(2)::protect);
    }

    @Test
    void soDoesAnAttemptOfRetryWhen() {
        eachSeesItsOwn(call -> call.retryWhen(provider.retry(2)));
    }
}
