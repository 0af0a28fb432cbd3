package io.sluice.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FailureClass;
import io.sluice.failure.Backoff;
import io.sluice.failure.FailureReading;
import io.sluice.failure.HintSource;
import io.sluice.failure.WaitHint;
import io.sluice.retry.RetryReport.Reason;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetryRulesTest {

    private static final Duration NO_TIME = Duration.ZERO;

    private static RetryRules rules(int attempts) {
        return new RetryRules(attempts, Backoff.DEFAULT, Duration.ofMinutes(10), true, false);
    }

    private static FailureReading failure(FailureClass meaning, @Nullable WaitHint hint, boolean nothingSent) {
        return new FailureReading(meaning, 0, null, null, hint, nothingSent);
    }

    private static FailureReading failure(FailureClass meaning) {
        return failure(meaning, null, false);
    }

    private static WaitHint hint(Duration delay, boolean exceedsCap) {
        return new WaitHint(delay, exceedsCap, HintSource.OWN, delay);
    }

    @ParameterizedTest
    @EnumSource(FailureClass.class)
    void theClassSaysWhetherAnotherAttemptCanHelp(FailureClass meaning) {
        RetryRules.Verdict verdict = rules(2).after(failure(meaning), 1, NO_TIME, false, () -> 0);
        if (meaning.retryable()) {
            assertThat(verdict.delay()).isEqualTo(Duration.ofSeconds(1));
        } else {
            assertThat(verdict.reason()).isEqualTo(Reason.NOT_RETRYABLE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RATE_LIMIT, false, true",
        "OVERLOADED, false, true",
        "TRANSIENT, false, false",
        "TRANSIENT, true, true",
        "UNKNOWN, false, false",
        "UNKNOWN, true, true"
    })
    void aCallThatMustNotBeMadeTwiceIsRepeatedOnlyIfItWasNotCarriedOut(
            FailureClass meaning, boolean nothingSent, boolean repeated) {
        RetryRules once = rules(2).idempotent(false);
        RetryRules.Verdict verdict = once.after(failure(meaning, null, nothingSent), 1, NO_TIME, false, () -> 0);
        assertThat(verdict.delay() != null).isEqualTo(repeated);
        if (!repeated) {
            assertThat(verdict.reason()).isEqualTo(Reason.NOT_IDEMPOTENT);
        }
    }

    @Test
    @DisplayName(
            "A66, A67: delays double from the first, with a fifth of jitter, and D-RL-50: never beyond the longest")
    void delaysDouble() {
        long[] seconds = {1, 2, 4, 8, 16, 32, 60, 60};
        RetryRules many = rules(100);
        for (int attempt = 1; attempt <= seconds.length; attempt++) {
            assertThat(many.after(failure(FailureClass.TRANSIENT), attempt, NO_TIME, false, () -> 0)
                            .delay())
                    .isEqualTo(Duration.ofSeconds(seconds[attempt - 1]));
            assertThat(many.after(failure(FailureClass.TRANSIENT), attempt, NO_TIME, false, () -> 0.999)
                            .delay())
                    .isLessThanOrEqualTo(Duration.ofSeconds(60));
        }
        RetryRules seeds = new RetryRules(
                9,
                new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(60), 0.2),
                Duration.ofMinutes(10),
                true,
                false);
        assertThat(seeds.after(failure(FailureClass.TRANSIENT), 3, NO_TIME, false, () -> 0.5)
                        .delay())
                .isEqualTo(Duration.ofMillis(8_800));
    }

    @Test
    @DisplayName("D-RL-51: no attempt is so late that its delay overflows")
    void lateAttemptsDoNotOverflow() {
        assertThat(rules(Integer.MAX_VALUE)
                        .after(failure(FailureClass.TRANSIENT), Integer.MAX_VALUE - 1, NO_TIME, false, () -> 0.5)
                        .delay())
                .isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    @DisplayName("D-RL-49: a prescribed wait is stretched at random, and never undercut, in 10,000 delays")
    void aHintIsAFloor() {
        Random random = new Random(49);
        for (int i = 0; i < 10_000; i++) {
            Duration told = Duration.ofMillis(random.nextInt(600_000));
            Duration delay = rules(2).after(
                            failure(FailureClass.RATE_LIMIT, hint(told, false), false),
                            1,
                            NO_TIME,
                            false,
                            () -> random.nextDouble())
                    .delay();
            if (delay != null) {
                assertThat(delay).isBetween(told, told.plus(told.dividedBy(5)).plusSeconds(1));
            } else {
                assertThat(told).isGreaterThan(Duration.ofSeconds(490));
            }
        }
    }

    @Test
    void aLongerHintThanIsBelievedEndsIt() {
        assertThat(rules(2).after(
                                failure(FailureClass.RATE_LIMIT, hint(Duration.ofMinutes(10), true), false),
                                1,
                                NO_TIME,
                                false,
                                () -> 0)
                        .reason())
                .isEqualTo(Reason.HINT_TOO_LONG);
    }

    @Test
    void atExactlyTheTotalDeadlineTheTimeIsOver() {
        RetryRules short5 = new RetryRules(9, Backoff.DEFAULT, Duration.ofSeconds(5), true, false);
        FailureReading told = failure(FailureClass.RATE_LIMIT, hint(Duration.ofSeconds(3), false), false);
        assertThat(short5.after(told, 1, Duration.ofSeconds(2), false, () -> 0).reason())
                .isEqualTo(Reason.NO_TIME_LEFT);
        assertThat(short5.after(told, 1, Duration.ofSeconds(2).minusNanos(1), false, () -> 0)
                        .delay())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void theLastAttemptIsTheLast() {
        assertThat(rules(3).after(failure(FailureClass.TRANSIENT), 2, NO_TIME, false, () -> 0)
                        .delay())
                .isNotNull();
        assertThat(rules(3).after(failure(FailureClass.TRANSIENT), 3, NO_TIME, false, () -> 0)
                        .reason())
                .isEqualTo(Reason.EXHAUSTED);
    }

    @Test
    void wrongSettingsAreRefused() {
        assertThatThrownBy(() -> ProviderRetry.attempts(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("attempts must be at least 1, was 0");
        assertThatThrownBy(() -> ProviderRetry.attempts(1).total(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("total must be greater than zero, was PT0S");
    }
}
