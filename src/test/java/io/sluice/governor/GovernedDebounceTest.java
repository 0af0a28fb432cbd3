package io.sluice.governor;

import static io.sluice.governor.GovernedWorld.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.debounce.DebounceLimit;
import io.sluice.debounce.DebounceMode;
import io.sluice.debounce.DebouncedException;
import io.sluice.debounce.Debouncer;
import io.sluice.debounce.SharedStreamException;
import io.sluice.governor.GovernedWorld.Told;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Every mode of the debouncer around governed calls, with one answer and with many. */
class GovernedDebounceTest {

    private static final Duration COOLDOWN = Debouncer.DEFAULT_COOLDOWN;

    private final GovernedWorld world = new GovernedWorld();

    private Governor mode(DebounceMode mode) {
        return world.all()
                .debouncer(Debouncer.builder().mode(mode).scheduler(world.clock).build())
                .build();
    }

    private static DebounceLimit limit(Told told) {
        assertThat(told.error).isInstanceOf(DebouncedException.class);
        return ((DebouncedException) told.error).limit();
    }

    @Test
    void leadingTheFirstStreamRunsAndTheNextIsDenied() {
        Governor governor = mode(DebounceMode.LEADING);
        Told first = world.subscribe(world.stream(governor, n -> Flux.just("a", "b")));
        Told second = world.subscribe(world.stream(governor, n -> Flux.just("a", "b")));
        assertThat(first.values).containsExactly("a", "b");
        assertThat(limit(second)).isEqualTo(DebounceLimit.COOLDOWN);
        world.hasCounted(1, 1, 0, 60);
    }

    @Test
    void trailingTheLastStreamRunsOnceItIsQuiet() {
        Governor governor = mode(DebounceMode.TRAILING);
        Told first = world.subscribe(world.stream(governor, n -> Flux.just("a", "b")));
        world.pass(COOLDOWN.minusSeconds(1));
        Told second = world.subscribe(world.stream(governor, n -> Flux.just("c", "d")));
        world.pass(COOLDOWN.minusNanos(1));
        assertThat(world.made).isZero();
        world.holdsNothing();
        world.pass(Duration.ofNanos(1));
        assertThat(limit(first)).isEqualTo(DebounceLimit.SUPERSEDED);
        assertThat(second.values).containsExactly("c", "d");
        assertThat(second.completed).isTrue();
        world.hasCounted(1, 1, 0, 60);
    }

    @Test
    void trailingACallWithOneAnswerWaitsToo() {
        Governor governor = mode(DebounceMode.TRAILING);
        Told told = world.subscribe(world.govern(governor, n -> Mono.just("answer")));
        world.pass(COOLDOWN);
        assertThat(told.values).containsExactly("answer");
        world.hasCounted(1, 1, 0, 60);
    }

    @Test
    void sharedWhoComesDuringAStreamIsToldAllOfIt() {
        Governor governor = mode(DebounceMode.SHARE);
        Flux<String> stream =
                world.stream(governor, n -> Flux.just("a", "b", "c").delayElements(Duration.ofSeconds(1), world.clock));
        Told first = world.subscribe(stream);
        world.pass(Duration.ofMillis(2_500));
        Told second = world.subscribe(stream);
        assertThat(second.values).containsExactly("a", "b");
        world.pass(Duration.ofSeconds(1));
        assertThat(first.values).isEqualTo(second.values).containsExactly("a", "b", "c");
        assertThat(second.completed).isTrue();
        assertThat(limit(world.subscribe(stream))).isEqualTo(DebounceLimit.COOLDOWN);
        world.hasCounted(1, 1, 0, 60);
    }

    @Test
    void sharedAStreamIsCancelledWhenTheLastOneHasLeft() {
        Governor governor = mode(DebounceMode.SHARE);
        Flux<String> stream = world.stream(governor, n -> Flux.concat(Flux.just("a"), Flux.never()));
        Told first = world.subscribe(stream);
        Told second = world.subscribe(stream);
        first.cancel();
        assertThat(world.cut).isZero();
        second.cancel();
        assertThat(world.cut).isEqualTo(1);
        world.hasCounted(1, 1, 0, 60);
    }

    @Test
    void sharedAFailureOfAStreamIsToldToAll() {
        Governor governor = mode(DebounceMode.SHARE);
        Flux<String> stream = world.stream(
                governor,
                n -> Flux.concat(
                        Flux.just("a"),
                        Mono.delay(Duration.ofSeconds(1), world.clock)
                                .then(Mono.error(failure(FailureClass.TRANSIENT)))));
        Told first = world.subscribe(stream);
        Told second = world.subscribe(stream);
        world.pass(Duration.ofSeconds(1));
        assertThat(first.error).isNotNull().isSameAs(second.error);
        assertThat(second.values).containsExactly("a");
        world.hasCounted(1, 1, 1, 60);
    }

    @Test
    void sharedACallWithOneAnswerCannotJoinAStream() {
        Governor governor = mode(DebounceMode.SHARE);
        Told stream = world.subscribe(world.stream(governor, n -> Flux.never()));
        Told one = world.subscribe(world.govern(governor, n -> Mono.just("answer")));
        assertThat(one.error)
                .isInstanceOf(SharedStreamException.class)
                .hasMessageContaining("p/m")
                .hasMessageContaining("two different names");
        assertThat(stream.error).isNull();
        stream.cancel();
        assertThat(world.cut).isEqualTo(1);
    }

    @Test
    void sharedAStreamJoinsACallWithOneAnswer() {
        Governor governor = mode(DebounceMode.SHARE);
        Told one = world.subscribe(
                world.govern(governor, n -> Mono.just("answer").delayElement(Duration.ofSeconds(1), world.clock)));
        Told stream = world.subscribe(world.stream(governor, n -> Flux.just("never made")));
        world.pass(Duration.ofSeconds(1));
        assertThat(one.values).isEqualTo(stream.values).containsExactly("answer");
        assertThat(stream.completed).isTrue();
        world.hasCounted(1, 1, 0, 60);
    }

    @ParameterizedTest
    @EnumSource(DebounceMode.class)
    void aStreamThatFailsRunsOnceACooldownUnlessFailuresDoNotCount(DebounceMode mode) {
        for (boolean counts : new boolean[] {true, false}) {
            Debouncer debouncer = Debouncer.builder()
                    .mode(mode)
                    .countFailures(counts)
                    .scheduler(world.clock)
                    .build();
            Flux<String> stream = debouncer.protect(
                    "tool", Flux.<String>error(failure(FailureClass.TRANSIENT)).doFirst(() -> world.made++));
            world.made = 0;
            world.subscribe(stream);
            world.pass(COOLDOWN.minusSeconds(1));
            assertThat(world.made).isEqualTo(mode == DebounceMode.TRAILING ? 0 : 1);
            world.pass(Duration.ofSeconds(1));
            assertThat(world.made).isEqualTo(1);
            if (mode == DebounceMode.TRAILING) {
                assertThat(debouncer.timeUntilAllowed("tool")).isEqualTo(counts ? COOLDOWN : Duration.ZERO);
            }
            world.pass(Duration.ofHours(2));
        }
    }
}
