package io.sluice.governor;

import static io.sluice.governor.GovernedWorld.CALL;
import static io.sluice.governor.GovernedWorld.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.FailureClass;
import io.sluice.call.Sluice;
import io.sluice.deadline.Deadline;
import io.sluice.governor.GovernedWorld.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the function that makes a call is given. */
class AttemptTest {

    private final GovernedWorld world = new GovernedWorld();
    private final Governor governor = world.all().build();
    private final List<@Nullable Duration> left = new ArrayList<>();

    private Mono<String> slow(Attempt<?> attempt, Duration pause) {
        left.add(attempt.deadline());
        return Mono.delay(pause, world.clock)
                .doOnNext(n -> left.add(attempt.deadline()))
                .thenReturn("answer");
    }

    @Test
    void itHasItsArgumentsPermitNumberBudgetAndReservation() {
        List<Attempt<String>> given = new ArrayList<>();
        Governor careful = world.all()
                .approval(call -> Mono.just(Decision.approvedWith("edited")))
                .build();
        world.subscribe(careful.govern(CALL, attempt -> {
            given.add(attempt);
            assertThat(attempt.permit()).isNotNull();
            assertThat(attempt.permit().key()).isEqualTo(CALL.key());
            assertThat(attempt.budget()).isSameAs(world.budget);
            assertThat(attempt.reservation().path()).isEqualTo("run");
            return attempt.number() == 1 ? Mono.error(failure(FailureClass.TRANSIENT)) : Mono.just("answer");
        }));
        world.pass(Duration.ofSeconds(5));
        assertThat(given).extracting(Attempt::number).containsExactly(1, 2);
        assertThat(given).extracting(Attempt::arguments).containsOnly("edited");
        assertThat(given.get(0).permit()).isNotSameAs(given.get(1).permit());
        assertThat(given.get(0)).hasToString("Attempt[1 of " + CALL + "]");
    }

    @Test
    void itsDeadlineIsWhatIsLeftOfTheAttempt() {
        world.subscribe(governor.govern(CALL, attempt -> slow(attempt, Duration.ofSeconds(4))));
        world.pass(Duration.ofSeconds(4));
        assertThat(left).containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(6));
    }

    @Test
    void itsDeadlineIsWhatIsLeftInTotalWhereThatIsLess() {
        Governor hurried = world.all()
                .deadline(Deadline.attempt(Duration.ofSeconds(10))
                        .total(Duration.ofSeconds(12))
                        .scheduler(world.clock))
                .build();
        world.subscribe(hurried.govern(
                CALL,
                attempt -> attempt.number() == 1
                        ? Mono.delay(Duration.ofSeconds(3), world.clock)
                                .then(Mono.error(failure(FailureClass.TRANSIENT)))
                        : slow(attempt, Duration.ofSeconds(1))));
        world.pass(Duration.ofSeconds(10));
        // Three seconds for the first attempt, and one of waiting.
        assertThat(left).containsExactly(Duration.ofSeconds(8), Duration.ofSeconds(7));
    }

    @Test
    void theDeadlinesOfTheContextAndOfACallAroundItCountToo() {
        world.subscribe(governor.govern(CALL, attempt -> slow(attempt, Duration.ofSeconds(1)))
                .contextWrite(Sluice.deadline(Duration.ofSeconds(5))));
        assertThat(left).containsExactly(Duration.ofSeconds(5));
        world.pass(Duration.ofSeconds(5));
        left.clear();
        Governor inner = Governor.builder().scheduler(world.clock).build();
        world.subscribe(governor.govern(
                CALL,
                attempt -> Mono.delay(Duration.ofSeconds(2), world.clock)
                        .then(inner.govern(CALL, within -> slow(within, Duration.ofSeconds(1))))));
        world.pass(Duration.ofSeconds(5));
        assertThat(left).containsExactly(Duration.ofSeconds(8), Duration.ofSeconds(7));
    }

    @Test
    void withoutADeadlineItHasNone() {
        Governor patient = Governor.builder()
                .scheduler(world.clock)
                .deadline(Deadline.none())
                .build();
        world.subscribe(patient.govern(CALL, attempt -> slow(attempt, Duration.ofSeconds(1))));
        assertThat(left).containsExactly((Duration) null);
    }

    @Test
    void whenTheTimeIsOverNothingIsLeftAndNotLess() {
        List<Attempt<String>> given = new ArrayList<>();
        world.subscribe(governor.govern(CALL, attempt -> {
            given.add(attempt);
            return Mono.never();
        }));
        world.pass(Duration.ofMinutes(5));
        assertThat(given.get(0).deadline()).isZero();
    }

    @Test
    void ofAStreamTheTotalCountsUntilItsFirstElement() {
        Governor streaming = world.all()
                .deadline(Deadline.none().total(Duration.ofSeconds(20)).scheduler(world.clock))
                .build();
        Told told = world.subscribe(streaming.governMany(
                CALL,
                attempt -> Flux.interval(Duration.ofSeconds(5), world.clock)
                        .take(2)
                        .doOnSubscribe(s -> left.add(attempt.deadline()))
                        .doOnNext(n -> left.add(attempt.deadline()))));
        world.pass(Duration.ofSeconds(30));
        assertThat(told.completed).isTrue();
        assertThat(left).containsExactly(Duration.ofSeconds(20), Duration.ofSeconds(15), null);
    }

    @Test
    void lessThanNothingCannotBeCounted() {
        world.subscribe(governor.govern(CALL, attempt -> {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> attempt.counted(-1))
                    .withMessageContaining("-1");
            return Mono.just("answer");
        }));
        world.holdsNothing();
    }
}
