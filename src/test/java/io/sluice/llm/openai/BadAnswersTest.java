package io.sluice.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.failure.ProviderFailure;
import io.sluice.transport.BodyTooLargeException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Answers that hold none: whatever comes, the caller gets one typed failure and never an error of a parser. */
class BadAnswersTest extends OnServer {

    private static String error(String message, String type, @Nullable String code) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":"
                + (code == null ? "null" : "\"" + code + "\"") + "}}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "<html><body>It works!</body></html>",
                "[]",
                "[{\"choices\":[{}]}]",
                "null",
                "7",
                "\"choices\"",
                "{\"choices\":[{\"message\":{\"content\":\"hal",
                "{\"choices\":[{}]} {}",
                "data: {\"choices\":[{}]}\n\ndata: [DONE]\n\n",
                "{}",
                "{\"choices\":[]}",
                "{\"choices\":null}",
                "{\"choices\":{}}",
                "{\"choices\":[null]}"
            })
    void aSuccessThatCannotBeReadIsTransientAndTellsThatItMayHaveCost(String body) {
        server.answers(200, body);
        ProviderFailure failure = refused();
        assertThat(failure).hasMessageContaining("could not be read").hasMessageContaining("charged");
        assertThat(failure.failureClass()).isEqualTo(FailureClass.TRANSIENT);
        assertThat(failure.status()).isEqualTo(200);
    }

    @Test
    void nestingWithoutEndIsUnreadable() {
        server.answers(200, "{\"choices\":" + "[".repeat(1_000_000));
        assertThat(refused().failureClass()).isEqualTo(FailureClass.TRANSIENT);
    }

    @Test
    void aNoContentIsUnreadable() {
        server.answers((request, response) -> response.status(204).send());
        assertThat(refused().failureClass()).isEqualTo(FailureClass.TRANSIENT);
    }

    @ParameterizedTest
    @CsvSource({
        "400, CALLER",
        "401, CALLER",
        "402, QUOTA",
        "403, CALLER",
        "404, CALLER",
        "408, TRANSIENT",
        "409, TRANSIENT",
        "413, TOO_LARGE",
        "422, CALLER",
        "429, RATE_LIMIT",
        "500, TRANSIENT",
        "502, TRANSIENT",
        "503, OVERLOADED",
        "504, TRANSIENT",
        "529, OVERLOADED"
    })
    void anErrorPageCountsByItsStatusAndIsNotRepeated(int status, FailureClass expected) {
        String page = "<html><head><title>secret page</title></head></html>";
        server.answers(status, page, "content-type", "text/html");
        ProviderFailure failure = refused();
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.failureClass()).isEqualTo(expected);
        assertThat(failure).hasMessageContaining(String.valueOf(status)).hasMessageNotContaining("<html>");
        assertThat(failure.retryAfter()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "null", "{}", "{\"error\":null}", "{\"error\":{}}", "{\"error\":{\"message\":\"cut o"})
    void anErrorWithoutWordsIsNamedByItsStatus(String body) {
        server.answers(502, body);
        ProviderFailure failure = refused();
        assertThat(failure).hasMessageContaining("502");
        assertThat(failure.failureClass()).isEqualTo(FailureClass.TRANSIENT);
    }

    @Test
    void theWordsAndTheCodeOfAnErrorAreTold() {
        server.answers(404, error("The model `x` does not exist", "invalid_request_error", "model_not_found"));
        ProviderFailure failure = refused();
        assertThat(failure).hasMessage("The model `x` does not exist");
        assertThat(failure.code()).isEqualTo("model_not_found");
        assertThat(failure.failureClass()).isEqualTo(FailureClass.CALLER);
    }

    @Test
    void withoutACodeTheTypeIsTold() {
        server.answers(500, error("The server had an error", "server_error", null));
        assertThat(refused().code()).isEqualTo("server_error");
    }

    @Test
    void ollamasErrorIsAString() {
        server.answers(404, "{\"error\":\"model 'llama9' not found\"}");
        assertThat(refused()).hasMessage("model 'llama9' not found");
    }

    @Test
    void vllmsErrorStandsAtTheTop() {
        server.answers(
                400,
                "{\"object\":\"error\",\"message\":\"max_tokens is too large\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}");
        ProviderFailure failure = refused();
        assertThat(failure).hasMessage("max_tokens is too large");
        assertThat(failure.failureClass()).isEqualTo(FailureClass.CALLER);
    }

    @Test
    void aVeryLongMessageIsCut() {
        server.answers(400, error("no ".repeat(5_000), "invalid_request_error", null));
        assertThat(refused().getMessage()).hasSizeBetween(1_900, 2_000).startsWith("no no");
    }

    @ParameterizedTest
    @CsvSource({"429, RATE_LIMIT", "502, TRANSIENT", "503, OVERLOADED", "400, CALLER"})
    void anErrorInsideASuccessCountsByTheStatusThatItNames(int status, FailureClass expected) {
        server.answers(200, "{\"error\":{\"code\":" + status + ",\"message\":\"upstream said no\"}}");
        ProviderFailure failure = refused();
        assertThat(failure).hasMessage("upstream said no");
        assertThat(failure.failureClass()).isEqualTo(expected);
    }

    @Test
    void anErrorInsideASuccessIsAnErrorAlsoBesideChoicesAndAsAString() {
        server.answers(
                200, "{\"choices\":[{\"message\":{\"content\":\"half\"}}],\"error\":{\"message\":\"broke off\"}}");
        assertThat(refused()).hasMessage("broke off");
        server.answers(200, "{\"error\":\"model is loading\"}");
        assertThat(refused()).hasMessage("model is loading");
    }

    @Test
    void aLimitThatIsReachedIsARateLimitWithItsHint() {
        server.answers(
                429, error("Rate limit reached for gpt-5-mini", "tokens", "rate_limit_exceeded"), "Retry-After", "7");
        ProviderFailure failure = refused();
        assertThat(failure.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(failure.code()).isEqualTo("rate_limit_exceeded");
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void millisecondsAreMoreExactThanSeconds() {
        server.answers(429, error("slow down", "requests", null), "retry-after", "1", "Retry-After-Ms", "250");
        assertThat(refused().retryAfter()).isEqualTo(Duration.ofMillis(250));
    }

    @ParameterizedTest
    @CsvSource({
        "Please try again in 1.378s. Visit the page., PT1.378S",
        "Please try again in 120ms., PT0.12S",
        "Please try again in 7m12s., PT7M12S",
        "Please try again in 6ms, PT0.006S"
    })
    void withoutAHeaderTheWordsTellHowLongToWait(String words, Duration expected) {
        server.answers(
                429,
                error(
                        "Rate limit reached for gpt-4o-mini on tokens per min (TPM): Limit 200000, Used 150974, Requested 53621. "
                                + words,
                        "tokens",
                        "rate_limit_exceeded"));
        assertThat(refused().retryAfter()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-5", "", "NaN", "Infinity"})
    void aHintThatIsNoneIsNone(String hint) {
        server.answers(429, error("Rate limit reached", "tokens", "rate_limit_exceeded"), "retry-after", hint);
        assertThat(refused().retryAfter()).isNull();
    }

    @Test
    void aHintIsNeverBelievedBeyondTenMinutes() {
        server.answers(429, error("Rate limit reached", "tokens", "rate_limit_exceeded"), "retry-after", "999999999");
        assertThat(refused().retryAfter()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aUsedUpQuotaIsNoRateLimit() {
        server.answers(
                429,
                error(
                        "You exceeded your current quota, please check your plan and billing details.",
                        "insufficient_quota",
                        "insufficient_quota"));
        assertThat(refused().failureClass()).isEqualTo(FailureClass.QUOTA);
    }

    @Test
    void aRequestThatCanNeverFitIsTooLarge() {
        server.answers(
                429,
                error(
                        "Request too large for gpt-4o in organization org-1 on tokens per min (TPM): Limit 30000, Requested 80715. The input or output tokens must be reduced in order to run successfully.",
                        "tokens",
                        "rate_limit_exceeded"));
        assertThat(refused().failureClass()).isEqualTo(FailureClass.TOO_LARGE);
    }

    @Test
    void anAnswerBeyondThirtyTwoMebibytesIsTooLargeAndItsConnectionIsClosed() {
        byte[] piece = " ".repeat(1 << 20).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        server.answers(
                (request, response) -> response.sendByteArray(Flux.just(piece).repeat()));
        Throwable error = failed();
        assertThat(error).isInstanceOf(BodyTooLargeException.class);
        assertThat(((SluiceException) error).failureClass()).isEqualTo(FailureClass.TOO_LARGE);
        server.connectionClosed().block(LONG);
    }

    @Test
    void anErrorWithoutEndIsReadToItsBeginning() {
        server.answers((request, response) -> response.status(503)
                .sendByteArray(Flux.just("busy ".repeat(1_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .repeat()));
        assertThat(refused().failureClass()).isEqualTo(FailureClass.OVERLOADED);
        server.connectionClosed().block(LONG);
    }
}
