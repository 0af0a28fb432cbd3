package io.sluice.retry;

import static io.sluice.retry.FailingProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

/** What is asked for goes over the attempts, no more and no less. */
class RetryDemandTest {

    private final FailingProvider provider = new FailingProvider();

    @Test
    void whatWasAskedForIsAskedOfTheNextAttempt() {
        List<Long> asked = new ArrayList<>();
        Flux<Integer> call = Flux.defer(() -> {
            asked.add(-1L);
            return asked.size() == 1
                    ? Flux.<Integer>error(serverError())
                    : Flux.range(0, 10).doOnRequest(asked::add);
        });
        Heard<Integer> heard = new Heard<>(3, Context.empty());
        provider.retry(3).protect(call).subscribe(heard);
        heard.request(1);
        provider.pass(Duration.ofSeconds(1));
        assertThat(asked).containsExactly(-1L, -1L, 4L);
        assertThat(heard.elements).containsExactly(0, 1, 2, 3);
        heard.request(2);
        assertThat(heard.elements).hasSize(6);
        heard.request(Long.MAX_VALUE);
        assertThat(asked).containsExactly(-1L, -1L, 4L, 2L, Long.MAX_VALUE);
        assertThat(heard.completed).isTrue();
    }

    @Test
    void whatAnAttemptGaveIsNotAskedForAgain() {
        AtomicInteger attempts = new AtomicInteger();
        Flux<Integer> call = Flux.defer(() -> attempts.incrementAndGet() < 3
                ? Flux.range(0, 2).concatWith(Flux.error(serverError()))
                : Flux.range(0, 10));
        Heard<Integer> heard = new Heard<>(5, Context.empty());
        provider.retry(3).repeatAfterFirstElement(true).protect(call).subscribe(heard);
        provider.pass(Duration.ofMinutes(1));
        assertThat(heard.elements).containsExactly(0, 1, 0, 1, 0);
        heard.request(1);
        assertThat(heard.elements).containsExactly(0, 1, 0, 1, 0, 1);
    }

    @Test
    void nothingIsGivenThatWasNotAskedFor() {
        Heard<String> heard = new Heard<>(0, Context.empty());
        provider.retry(3)
                .protect(provider.failingTimes(1, serverError()).flux())
                .subscribe(heard);
        provider.pass(Duration.ofMinutes(1));
        assertThat(heard.elements).isEmpty();
        heard.request(1);
        assertThat(heard.elements).containsExactly("answer");
    }
}
