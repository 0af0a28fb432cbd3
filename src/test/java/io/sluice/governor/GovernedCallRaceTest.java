package io.sluice.governor;

import static io.sluice.governor.GovernedWorld.CALL;
import static io.sluice.governor.GovernedWorld.KEY;
import static io.sluice.governor.GovernedWorld.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.budget.Budget;
import io.sluice.budget.BudgetSnapshot;
import io.sluice.budget.Charge;
import io.sluice.governor.GovernedWorld.Told;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.retry.ProviderRetry;
import io.sluice.testing.ManualClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.util.RaceTestUtils;
import reactor.util.context.Context;

/** Ends that come at the same time: what was sent is paid for once, and what was not is not. */
@Timeout(120)
class GovernedCallRaceTest {

    private static final int ROUNDS = 2_000;

    private final ManualClock clock = new ManualClock();
    private final Budget budget = Budget.root("run").scheduler(clock).build();
    private final ModelRateLimiter limiter = ModelRateLimiter.builder()
            .profiles(RateLimitProfiles.none()
                    .with(RateLimitProfile.builder("p", "m")
                            .rpm(1_000_000)
                            .utilizationTarget(1)
                            .concurrency(1)
                            .build()))
            .scheduler(clock)
            .build();

    private long spent;

    private Governor.Builder governor() {
        return Governor.builder().scheduler(clock).budget(budget).limiter(limiter);
    }

    private GovernedCall account() {
        return new GovernedCall(new Progress(), budget.tryReserve(Charge.of(KEY, CALL.estimate())), Context.empty());
    }

    /** What was spent since this was last asked; nothing may be left open. */
    private long newlySpent() {
        clock.advance(Duration.ZERO);
        BudgetSnapshot now = budget.snapshot();
        assertThat(now.openReservations()).isZero();
        assertThat(limiter.snapshot(KEY).inFlight()).isZero();
        assertThat(limiter.snapshot(KEY).pending()).isZero();
        long before = spent;
        spent = now.spent().tokens();
        return spent - before;
    }

    private static Told subscribe(org.reactivestreams.Publisher<?> call) {
        Told told = new Told();
        call.subscribe(told);
        return told;
    }

    // ---- the account by itself ----

    @Test
    void anAttemptThatIsSentAsTheCallEndsIsPaidForAndOneThatIsNotIsNot() {
        for (int round = 0; round < ROUNDS; round++) {
            GovernedCall account = account();
            account.count();
            AtomicBoolean sent = new AtomicBoolean();
            RaceTestUtils.race(() -> sent.set(account.send()), account::cancelling);
            assertThat(newlySpent()).isEqualTo(sent.get() ? 100 : 0);
        }
    }

    @Test
    void aCallThatEndsWhileItsFailedAttemptIsBeingPaidForPaysOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            GovernedCall account = account();
            Throwable failure = failure(FailureClass.TRANSIENT);
            account.count();
            account.send();
            account.failed(failure, null);
            RaceTestUtils.race(() -> account.refusal(failure), account::cancelling);
            assertThat(newlySpent()).isEqualTo(100);
        }
    }

    @Test
    void aCallThatEndsWhileAnotherAttemptIsRefusedPaysForTheFirst() {
        for (int round = 0; round < ROUNDS; round++) {
            Budget small = Budget.root("small").tokens(150).scheduler(clock).build();
            GovernedCall account = new GovernedCall(
                    new Progress(), small.tryReserve(Charge.of(KEY, CALL.estimate())), Context.empty());
            Throwable failure = failure(FailureClass.TRANSIENT);
            account.count();
            account.send();
            account.failed(failure, null);
            RaceTestUtils.race(() -> account.refusal(failure), account::cancelling);
            assertThat(small.snapshot().openReservations()).isZero();
            assertThat(small.snapshot().spent().tokens()).isEqualTo(100);
        }
    }

    @Test
    void anAnswerAndACancellationSettleTheCallOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            GovernedCall account = account();
            account.count();
            account.send();
            account.used(1, TokenUsage.of(40, 20));
            RaceTestUtils.race(account::answered, account::cancelling);
            assertThat(newlySpent()).isEqualTo(60);
        }
    }

    // ---- through all parts ----

    @Test
    void aCallThatIsCancelledAsItsPermitArrivesIsSentAndPaidForOrNeither() {
        Governor governor = governor().build();
        AtomicInteger made = new AtomicInteger();
        int both = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Sinks.Empty<String> other = Sinks.empty();
            subscribe(limiter.withPermit(PermitRequest.of(KEY), permit -> other.asMono()));
            made.set(0);
            Told told = subscribe(governor.govern(
                    CALL, attempt -> Mono.fromRunnable(made::incrementAndGet).then(Mono.never())));
            RaceTestUtils.race(
                    () -> {
                        other.tryEmitEmpty();
                        clock.advance(Duration.ZERO);
                    },
                    told::cancel);
            long paid = newlySpent();
            assertThat(paid).isEqualTo(made.get() == 0 ? 0 : 100);
            both += made.get();
        }
        assertThat(both).as("rounds in which it was sent").isLessThan(ROUNDS);
    }

    @Test
    void anAnswerAndACancellationThroughAllPartsLeaveNothingOpen() {
        Governor governor = governor().build();
        for (int round = 0; round < ROUNDS; round++) {
            Sinks.One<String> answer = Sinks.one();
            Told told = subscribe(governor.govern(
                    CALL, attempt -> answer.asMono().doOnNext(said -> attempt.used(TokenUsage.of(40, 20)))));
            RaceTestUtils.race(() -> answer.tryEmitValue("answer"), told::cancel);
            assertThat(newlySpent()).isIn(60L, 100L);
            assertThat(governor.callLog().get(governor.callLog().size() - 1).attempts())
                    .isEqualTo(1);
        }
    }

    @Test
    void aFailureAndACancellationThroughARetryPayOnce() {
        Governor governor =
                governor().retry(ProviderRetry.attempts(2).scheduler(clock)).build();
        for (int round = 0; round < ROUNDS; round++) {
            Sinks.One<String> answer = Sinks.one();
            Told told = subscribe(governor.govern(CALL, attempt -> answer.asMono()));
            RaceTestUtils.race(() -> answer.tryEmitError(failure(FailureClass.TRANSIENT)), told::cancel);
            assertThat(newlySpent()).isEqualTo(100);
        }
    }

    @Test
    void aStreamThatIsCutAsItIsCancelledIsPaidForOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            Budget small = Budget.root("small").tokens(105).scheduler(clock).build();
            Governor governor = governor().budget(small).build();
            Sinks.Many<Integer> stream = Sinks.many().unicast().onBackpressureBuffer();
            Told told = subscribe(governor.governMany(
                    CALL, attempt -> Flux.from(stream.asFlux()).doOnNext(n -> attempt.counted(50))));
            RaceTestUtils.race(() -> stream.tryEmitNext(1), told::cancel);
            newlySpent();
            assertThat(small.snapshot().openReservations()).isZero();
            assertThat(small.snapshot().spent().tokens()).isIn(100L, 110L);
        }
    }
}
