package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.PublisherProbe;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A store that fails takes no answer away, and lets nothing be spent that it could not tell of. */
class FailingStoreTest {

    private static final Charge CHARGE = Charge.tokens(TokenEstimate.of(0, 10));

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final MemoryStore store = new MemoryStore();
    private final Budget budget =
            Budget.root("run").tokens(100).scheduler(clock).open(store).block();
    private final List<BudgetEvent> events = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    private Mono<String> charged(Mono<String> call) {
        return call.transform(budget.charge(CHARGE, x -> TokenUsage.output(7)));
    }

    private BudgetSnapshot kept() {
        return store.state().snapshot(Instant.EPOCH);
    }

    private void listen(Mono<String> call) {
        call.subscribe(told::add, error -> told.add(error.getMessage()));
        clock.advanceTime();
    }

    @Test
    void anAnswerThatWasPaidForIsToldThoughItCannotBeKeptAndIsKeptLater() {
        budget.events().subscribe(events::add);
        Sinks.One<String> answer = Sinks.one();
        listen(charged(answer.asMono()));
        assertThat(kept().reserved().tokens()).isEqualTo(10);
        store.full = true;
        answer.tryEmitValue("answer");
        clock.advanceTime();
        assertThat(told).containsExactly("answer");
        assertThat(kept().reserved().tokens())
                .as("of the end nothing is known yet")
                .isEqualTo(10);
        assertThat(events).hasAtLeastOneElementOfType(BudgetEvent.Unkept.class);
        clock.advanceTimeBy(Duration.ofSeconds(5));
        store.full = false;
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(events).hasAtLeastOneElementOfType(BudgetEvent.KeptAgain.class);
        assertThat(kept().spent().tokens()).isEqualTo(7);
        assertThat(kept().reserved()).isEqualTo(BudgetAmount.NONE);
        listen(charged(Mono.just("next")));
        assertThat(told).containsExactly("answer", "next");
        assertThat(kept().spent()).isEqualTo(budget.snapshot().spent()).isEqualTo(BudgetAmount.of(14, 0, 2));
    }

    @Test
    void aCallThatCannotBeKeptIsNotSentAndCostsNothing() {
        store.full = true;
        PublisherProbe<String> probe = PublisherProbe.of(Mono.just("x"));
        listen(charged(probe.mono()));
        listen(charged(probe.mono()));
        probe.assertWasNotSubscribed();
        assertThat(told)
                .hasSize(2)
                .allSatisfy(message -> assertThat(message)
                        .isEqualTo("The budget run admits no call, because what it spends cannot be kept: the disk is"
                                + " full. It is tried again every second."));
        assertThat(budget.snapshot().openReservations()).isZero();
        assertThat(budget.snapshot().spent()).isEqualTo(BudgetAmount.NONE);
        store.full = false;
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(kept().reserved()).isEqualTo(BudgetAmount.NONE);
        assertThat(kept().openReservations()).isZero();
    }

    @Test
    void aCallIsSentWhenItsReservationIsKeptAndItsAnswerToldWhenWhatItCostIs() {
        store.slow = true;
        PublisherProbe<String> probe = PublisherProbe.of(Mono.just("answer"));
        listen(charged(probe.mono()));
        probe.assertWasNotSubscribed();
        store.answer();
        store.slow = true;
        clock.advanceTime();
        probe.assertWasSubscribed();
        store.answer();
        clock.advanceTime();
        assertThat(told).containsExactly("answer");
    }

    @Test
    void aCallThatIsCancelledWhileItsAnswerIsBeingKeptHearsNothing() {
        Sinks.One<String> answer = Sinks.one();
        var subscriber = charged(answer.asMono()).subscribe(told::add);
        clock.advanceTime();
        store.slow = true;
        answer.tryEmitValue("answer");
        clock.advanceTime();
        assertThat(told).as("it is not kept yet").isEmpty();
        subscriber.dispose();
        store.answer();
        clock.advanceTime();
        assertThat(told).isEmpty();
        assertThat(kept().spent().tokens()).isEqualTo(7);
    }
}
