package io.sluice.retry;

import static io.sluice.retry.FailingProvider.rateLimit;
import static io.sluice.retry.FailingProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.failure.Backoff;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.ProviderAnswer;
import io.sluice.retry.RetryReport.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

class RetryWaitsTest {

    private static final Duration DAY = Duration.ofDays(1);

    private final FailingProvider provider = new FailingProvider();

    private Heard<String> hear(Mono<String> call, Duration forThisLong) {
        Heard<String> heard = new Heard<>();
        call.subscribe(heard);
        provider.pass(forThisLong);
        return heard;
    }

    private List<Duration> waits() {
        return IntStream.range(1, provider.calledAt.size())
                .mapToObj(i -> provider.calledAt.get(i).minus(provider.calledAt.get(i - 1)))
                .toList();
    }

    @Test
    void whatTheProviderSaysIsNeverUndercutAndHardlyTwoWaitTheSame() {
        Duration hint = Duration.ofSeconds(10);
        SplittableRandom random = new SplittableRandom(42);
        hear(
                provider.retry(10_001)
                        .random(random::nextDouble)
                        .total(DAY.multipliedBy(9))
                        .protect(provider.failing(rateLimit(hint))),
                DAY.multipliedBy(9));
        assertThat(waits())
                .hasSize(10_000)
                .allSatisfy(wait -> assertThat(wait).isBetween(hint, Duration.ofSeconds(12)));
        assertThat(waits().stream().distinct()).hasSizeGreaterThan(9_900);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 'PT1S,PT2S,PT4S,PT8S,PT16S,PT32S,PT1M,PT1M'",
        "0.5, 'PT1.1S,PT2.2S,PT4.4S,PT8.8S,PT17.6S,PT35.2S,PT1M,PT1M'"
    })
    void withoutAHintItDoublesAndTheJitterDoesNotPassTheLongest(double random, String expected) {
        hear(provider.retry(9).random(() -> random).protect(provider.failing(serverError())), DAY);
        assertThat(waits())
                .containsExactly(
                        Arrays.stream(expected.split(",")).map(Duration::parse).toArray(Duration[]::new));
    }

    @Test
    void theWaitsAreAsTheyWereSet() {
        hear(
                provider.retry(4)
                        .backoff(new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(60), 0.5))
                        .random(() -> 0.5)
                        .protect(provider.failing(serverError())),
                DAY);
        assertThat(waits()).containsExactly(Duration.ofMillis(2_500), Duration.ofSeconds(5), Duration.ofSeconds(10));
    }

    @Test
    void aThousandFailuresDoNotOverflow() {
        Heard<String> heard = hear(provider.retry(1_100).total(DAY).protect(provider.failing(serverError())), DAY);
        assertThat(provider.calledAt).hasSize(1_100);
        assertThat(waits().subList(6, 1_099)).containsOnly(Duration.ofMinutes(1));
        assertThat(heard.report()).extracting(RetryReport::attempts).isEqualTo(1_100);
    }

    @Test
    void aHintThatIsLongerThanTheBackoffsLongestIsKept() {
        hear(provider.retry(2).protect(provider.failing(rateLimit(Duration.ofMinutes(5)))), DAY);
        assertThat(waits()).containsExactly(Duration.ofMinutes(5));
    }

    @Test
    void aHintBeyondBeliefIsNotWaitedFor() {
        Throwable error = rateLimit(Duration.ofSeconds(30));
        FailureClassifier half = FailureClassifier.standard()
                .maxWait(Duration.ofSeconds(30).minusNanos(1))
                .with(any -> ProviderAnswer.of(429).headers(Map.of("retry-after", "30")));
        Throwable foreign = new IOException("429");
        Heard<String> heard = hear(provider.retry(3).classifier(half).protect(provider.failing(foreign)), DAY);
        assertThat(heard.error).isSameAs(foreign);
        assertThat(provider.calledAt).hasSize(1);
        assertThat(ProviderRetry.report(foreign)).isEqualTo(new RetryReport(1, Duration.ZERO, Reason.HINT_TOO_LONG));

        hear(provider.retry(2).classifier(half.maxWait(Duration.ofSeconds(30))).protect(provider.failing(error)), DAY);
        assertThat(provider.calledAt).as("exactly what is believed").hasSize(3);
    }

    @Test
    void aDateIsComparedWithTheInstantSource() {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        FailureClassifier client = FailureClassifier.standard()
                .with(any -> ProviderAnswer.of(503).headers(Map.of("retry-after", "Sun, 01 Mar 2026 12:00:07 GMT")));
        InstantSource fixed = InstantSource.fixed(noon);
        hear(
                provider.retry(2)
                        .classifier(client)
                        .instantSource(fixed)
                        .protect(provider.failing(new IOException("503"))),
                DAY);
        assertThat(waits()).containsExactly(Duration.ofSeconds(7));
    }

    // ---- the total deadline ----

    @Test
    void aWaitThatEndsAtTheDeadlineDoesNotFit() {
        Throwable error = serverError();
        Heard<String> heard = hear(
                provider.retry(9).total(Duration.ofSeconds(3)).protect(provider.failing(error)), Duration.ofSeconds(1));
        assertThat(provider.calledAt).hasSize(2);
        assertThat(heard.error)
                .as("told when the wait would begin, not when it would end")
                .isSameAs(error);
        assertThat(ProviderRetry.report(error))
                .isEqualTo(new RetryReport(2, Duration.ofSeconds(1), Reason.NO_TIME_LEFT));
    }

    @Test
    void aWaitThatEndsJustBeforeTheDeadlineFits() {
        hear(provider.retry(9).total(Duration.ofSeconds(3).plusNanos(1)).protect(provider.failing(serverError())), DAY);
        assertThat(provider.calledAt).containsExactly(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(3));
    }

    @Test
    void theDeadlineCountsTheAttemptsToo() {
        Mono<String> slow = provider.failing(serverError()).delaySubscription(Duration.ofSeconds(2), provider.clock);
        Heard<String> heard =
                hear(provider.retry(9).total(Duration.ofSeconds(6)).protect(slow), DAY);
        assertThat(provider.calledAt).as("fails at 2 and at 5 s").hasSize(2);
        assertThat(heard.report()).extracting(RetryReport::reason).isEqualTo(Reason.NO_TIME_LEFT);
    }

    @Test
    void theDeadlineIsCountedFromEachSubscription() {
        Mono<String> call =
                provider.retry(9).total(Duration.ofSeconds(3).plusNanos(1)).protect(provider.failing(serverError()));
        hear(call, DAY);
        assertThat(provider.calledAt).hasSize(3);
        hear(call, DAY);
        assertThat(provider.calledAt).hasSize(6);
    }

    @Test
    void tenMinutesAreTheDefault() {
        Heard<String> heard = hear(
                provider.retry(99).protect(provider.failing(rateLimit(Duration.ofMinutes(4)))), Duration.ofMinutes(8));
        assertThat(provider.calledAt).hasSize(3);
        assertThat(heard.report()).isEqualTo(new RetryReport(3, Duration.ofMinutes(8), Reason.NO_TIME_LEFT));
    }

    @Test
    void anEndlessDeadlineIsNone() {
        hear(
                provider.retry(20).total(Duration.ofSeconds(Long.MAX_VALUE)).protect(provider.failing(serverError())),
                DAY);
        assertThat(provider.calledAt).hasSize(20);
    }

    @Test
    void eachWaitIsAskedForOneRandomNumber() {
        List<Double> numbers = new ArrayList<>();
        hear(
                provider.retry(4)
                        .random(() -> {
                            numbers.add(0.25);
                            return 0.25;
                        })
                        .protect(provider.failing(serverError())),
                DAY);
        assertThat(numbers).hasSize(3);
    }
}
