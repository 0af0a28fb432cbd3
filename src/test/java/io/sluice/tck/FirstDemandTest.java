package io.sluice.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.debounce.DebounceMode;
import io.sluice.retry.ProviderRetry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Flux;

/** A stream that need not wait for anything answers its whole demand at once; it must hear of a cancellation meanwhile. */
class FirstDemandTest {

    private static final Map<String, UnaryOperator<Flux<Integer>>> OPERATORS = Map.of(
            "withPermitMany", source -> TckParts.limiter().withPermitMany(TckParts.REQUEST, permit -> source),
            "retry", ProviderRetry.attempts(2)::protect,
            "breaker", TckParts.breaker()::protect,
            "deadline", TckParts.deadline()::protect,
            "deadline of an attempt", TckParts.deadline()::protectAttempt,
            "deadline in total", TckParts.deadline()::protectTotal,
            "throttle",
                    source -> TckParts.debouncer(DebounceMode.LEADING)
                            .<Integer>throttle(String::valueOf)
                            .apply(source),
            "meter", source -> source.transform(TckParts.budget().meter(TckParts.CHARGE, x -> 1, x -> null)),
            "governMany", source -> TckParts.governor(TckParts.limiter()).governMany(TckParts.CALL, attempt -> source));

    @TestFactory
    Stream<DynamicTest> aStreamIsCancelledWhileItAnswersItsFirstDemand() {
        return OPERATORS.entrySet().stream()
                .map(operator -> DynamicTest.dynamicTest(operator.getKey(), () -> {
                    AtomicInteger made = new AtomicInteger();
                    AtomicInteger cancels = new AtomicInteger();
                    Flux<Integer> stream =
                            Flux.range(1, 1_000).doOnNext(made::set).doOnCancel(cancels::incrementAndGet);
                    Integer third = operator.getValue()
                            .apply(stream)
                            .filter(number -> number == 3)
                            .next()
                            .block();
                    assertThat(third).isEqualTo(3);
                    assertThat(made).as("made").hasValue(3);
                    assertThat(cancels).as("cancels").hasValue(1);
                }));
    }
}
