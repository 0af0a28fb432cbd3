package io.sluice.retry;

import static io.sluice.retry.FailingProvider.failure;
import static io.sluice.retry.FailingProvider.rateLimit;
import static io.sluice.retry.FailingProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FailureClass;
import io.sluice.call.Sluice;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.ProviderAnswer;
import io.sluice.retry.RetryReport.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class WhatIsRetriedTest {

    private final FailingProvider provider = new FailingProvider();

    private Heard<String> hear(Mono<String> call) {
        Heard<String> heard = new Heard<>();
        call.subscribe(heard);
        provider.pass(Duration.ofMinutes(9));
        return heard;
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureClass.class,
            names = {"RATE_LIMIT", "OVERLOADED", "TRANSIENT", "UNKNOWN"})
    void whatAnotherAttemptCanCureIsTriedAgain(FailureClass meaning) {
        Heard<String> heard = hear(provider.retry(3).protect(provider.failingTimes(2, failure(meaning, null))));
        assertThat(heard.elements).containsExactly("answer");
        assertThat(heard.completed).isTrue();
        assertThat(provider.calledAt).containsExactly(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureClass.class,
            names = {"QUOTA", "TOO_LARGE", "CALLER", "PROGRAMMING", "REJECTED"})
    void whatNoAttemptCanCureIsToldAtOnce(FailureClass meaning) {
        Throwable error = failure(meaning, Duration.ofSeconds(1));
        Heard<String> heard = hear(provider.retry(3).protect(provider.failing(error)));
        assertThat(heard.error).isSameAs(error);
        assertThat(provider.calledAt).hasSize(1);
        assertThat(ProviderRetry.report(error)).isNull();
    }

    @Test
    void everyClassIsInOneOfTheTwoTables() {
        assertThat(Arrays.stream(FailureClass.values()).filter(FailureClass::retryable))
                .containsExactly(
                        FailureClass.RATE_LIMIT, FailureClass.OVERLOADED, FailureClass.TRANSIENT, FailureClass.UNKNOWN);
    }

    @Test
    void aQuotaThatIsUsedUpIsNotTriedAgainAlthoughItIsA429() {
        String body = "{\"error\":{\"message\":\"You exceeded your current quota\",\"type\":\"insufficient_quota\","
                + "\"code\":\"insufficient_quota\"}}";
        FailureClassifier client = FailureClassifier.standard()
                .with(error ->
                        error instanceof IOException ? ProviderAnswer.of(429).body(body) : null);
        Throwable error = new IOException("429");
        Heard<String> heard = hear(provider.retry(50).classifier(client).protect(provider.failing(error)));
        assertThat(heard.error).isSameAs(error);
        assertThat(provider.calledAt).hasSize(1);
    }

    @Test
    void theAttemptsIncludeTheFirst() {
        Throwable error = serverError();
        hear(provider.retry(1).protect(provider.failing(error)));
        assertThat(provider.calledAt).hasSize(1);
        assertThat(ProviderRetry.report(error)).isEqualTo(new RetryReport(1, Duration.ZERO, Reason.EXHAUSTED));
    }

    @Test
    void theErrorOfTheLastAttemptIsTold() {
        Throwable last = rateLimit(Duration.ofSeconds(20));
        Heard<String> heard = hear(
                provider.retry(3).protect(provider.failing(serverError(), rateLimit(Duration.ofSeconds(5)), last)));
        assertThat(heard.error).isSameAs(last);
        assertThat(heard.ends).isEqualTo(1);
        assertThat(ProviderRetry.report(last)).isEqualTo(new RetryReport(3, Duration.ofSeconds(6), Reason.EXHAUSTED));
    }

    @Test
    void whatEndsTheMachineIsPassedOnAsItIs() {
        InternalError error = new InternalError("none left");
        FailureClassifier optimist = FailureClassifier.standard().with(any -> ProviderAnswer.of(503));
        Heard<String> heard = hear(provider.retry(3)
                .classifier(optimist)
                .protect(provider.answering(call -> Mono.<String>error(error).hide())));
        assertThat(heard.error).isSameAs(error);
        assertThat(provider.calledAt).hasSize(1);
        assertThat(error.getSuppressed()).isEmpty();
    }

    // ---- calls that must not be made twice ----

    static Stream<Arguments> afterWhichACallMayBeMadeTwice() {
        return Stream.of(
                Arguments.of(failure(FailureClass.RATE_LIMIT, null), true),
                Arguments.of(failure(FailureClass.OVERLOADED, null), true),
                Arguments.of(new ConnectException("refused"), true),
                Arguments.of(new UnknownHostException("no.such.host"), true),
                Arguments.of(new RuntimeException("wrapped", new ConnectException("refused")), true),
                Arguments.of(failure(FailureClass.TRANSIENT, null), false),
                Arguments.of(failure(FailureClass.UNKNOWN, null), false),
                Arguments.of(new IOException("Connection reset by peer"), false),
                Arguments.of(new IllegalStateException("a tool broke"), false));
    }

    @ParameterizedTest
    @MethodSource("afterWhichACallMayBeMadeTwice")
    void aCallThatMayHaveRunIsNotRepeated(Throwable error, boolean repeated) {
        Heard<String> heard = hear(provider.retry(2).idempotent(false).protect(provider.failingTimes(1, error)));
        assertThat(provider.calledAt).hasSize(repeated ? 2 : 1);
        if (!repeated) {
            assertThat(heard.error).isSameAs(error);
            assertThat(ProviderRetry.report(error)).isEqualTo(new RetryReport(1, Duration.ZERO, Reason.NOT_IDEMPOTENT));
        }
    }

    @Test
    void whatTheCallSaysIsHeardByRetryWhenToo() {
        hear(provider.failingTimes(1, serverError())
                .retryWhen(provider.retry(2))
                .contextWrite(Sluice.idempotent(false)));
        assertThat(provider.calledAt).hasSize(1);
    }

    // ---- streams ----

    private Flux<String> stream(Throwable error) {
        return Flux.defer(() -> {
            provider.calledAt.add(provider.now());
            return Flux.just("a", "b").concatWith(Flux.error(error));
        });
    }

    @Test
    void aStreamIsNeverRepeatedAfterItsFirstElement() {
        Throwable error = rateLimit(Duration.ofSeconds(1));
        Heard<String> heard = new Heard<>();
        provider.retry(3).protect(stream(error)).subscribe(heard);
        provider.pass(Duration.ofMinutes(9));
        assertThat(heard.elements).containsExactly("a", "b");
        assertThat(heard.error).isSameAs(error);
        assertThat(provider.calledAt).hasSize(1);
        assertThat(ProviderRetry.report(error))
                .isEqualTo(new RetryReport(1, Duration.ZERO, Reason.AFTER_FIRST_ELEMENT));
    }

    @Test
    void aStreamThatFailsBeforeItsFirstElementIsRepeated() {
        Heard<String> heard = new Heard<>();
        provider.retry(3)
                .protect(provider.failingTimes(2, serverError()).flux().concatWithValues("more"))
                .subscribe(heard);
        provider.pass(Duration.ofMinutes(9));
        assertThat(heard.elements).containsExactly("answer", "more");
        assertThat(provider.calledAt).hasSize(3);
    }

    @Test
    void aStreamThatMustNotRunTwiceDoesNotBeginAnewEvenAfterARateLimit() {
        Heard<String> heard = new Heard<>();
        provider.retry(3)
                .repeatAfterFirstElement(true)
                .idempotent(false)
                .protect(stream(rateLimit(null)))
                .subscribe(heard);
        provider.pass(Duration.ofMinutes(9));
        assertThat(heard.elements).containsExactly("a", "b");
        assertThat(heard.report()).extracting(RetryReport::reason).isEqualTo(Reason.NOT_IDEMPOTENT);
    }

    // ---- settings ----

    @Test
    void settingsOutOfRangeAreRefusedByName() {
        Map.<String, Runnable>of(
                        "attempts", () -> ProviderRetry.attempts(0),
                        "base", () -> ProviderRetry.attempts(1).backoff(Duration.ZERO, Duration.ofSeconds(1)),
                        "max", () -> ProviderRetry.attempts(1).backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                        "total", () -> ProviderRetry.attempts(1).total(Duration.ZERO))
                .forEach((name, setting) -> assertThatThrownBy(setting::run)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(name));
    }

    @Test
    void aChangedRetryLeavesTheOneItCameFromAlone() {
        ProviderRetry one = provider.retry(2);
        one.backoff(Duration.ofMinutes(1), Duration.ofMinutes(1))
                .idempotent(false)
                .total(Duration.ofNanos(1));
        hear(one.protect(provider.failingTimes(1, serverError())));
        assertThat(provider.calledAt).containsExactly(Duration.ZERO, Duration.ofSeconds(1));
    }
}
