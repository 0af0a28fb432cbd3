package io.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.model.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderFailureTest {

    private static FailureReading read(String message) {
        return FailureClassifier.standard()
                .read(ProviderAnswer.of(401).body(Map.of("error", Map.of("message", message, "code", "c"))), null);
    }

    @Test
    void itCarriesWhatWasRead() {
        ProviderAnswer answer = ProviderAnswer.of(429)
                .headers(Map.of("retry-after", "86400"))
                .body("{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Slow down\"}}");
        IOException cause = new IOException("x");
        ProviderFailure failure =
                ProviderFailure.of(FailureClassifier.standard().read(answer, null), cause);
        assertThat(failure.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(failure.status()).isEqualTo(429);
        assertThat(failure.code()).isEqualTo("rate_limit_exceeded");
        assertThat(failure).hasMessage("Slow down").hasCause(cause);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofMinutes(10));
        assertThat(failure.hint())
                .isEqualTo(new WaitHint(Duration.ofMinutes(10), true, HintSource.RETRY_AFTER, Duration.ofDays(1)));
        assertThat(FailureClassifier.standard().read(failure, null).hint())
                .as("read again it is the same")
                .isEqualTo(failure.hint());
    }

    @Test
    void whatItUsedIsUnknownUnlessSomebodySaysIt() {
        ProviderFailure failure = new ProviderFailure(500, null, "cut", FailureClass.TRANSIENT, Duration.ofSeconds(3));
        assertThat(failure.usage()).isEqualTo(TokenUsage.UNKNOWN);
        ProviderFailure used = failure.withUsage(TokenUsage.of(100, 20));
        assertThat(used.usage()).isEqualTo(TokenUsage.of(100, 20));
        assertThat(used).hasMessage("cut");
        assertThat(used.status()).isEqualTo(500);
        assertThat(used.retryAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(failure.usage()).isEqualTo(TokenUsage.UNKNOWN);
    }

    @Test
    void withoutWordsItNamesTheStatus() {
        FailureReading read =
                FailureClassifier.standard().read(ProviderAnswer.of(502).body("<html>the prompt</html>"), null);
        assertThat(ProviderFailure.of(read, null)).hasMessage("HTTP 502 without a readable error");
    }

    @Test
    void aBodyThatIsNoErrorIsNotRepeated() {
        FailureReading read = FailureClassifier.standard()
                .read(ProviderAnswer.of(503).body("upstream overloaded; request was: my secret prompt"), null);
        assertThat(read.message()).isNull();
        assertThat(read.toString()).doesNotContain("secret prompt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-proj-abcdefghijklmnop1234567890",
                "sk-ant-api03-abcdefghijklmnopqrstuvwxyz",
                "gsk_abcdefghijklmnop1234",
                "AIzaSyA1234567890abcdefghijklmnopqrs",
                "xai-abcdefghijklmnop1234",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl",
                "0123456789abcdef0123456789ABCDEF",
            })
    void whatLooksLikeAKeyIsNotRepeated(String key) {
        for (String words : List.of("Incorrect API key provided: " + key + ".", "key '" + key + "' is wrong", key)) {
            FailureReading read = read(words);
            assertThat(read.toString()).doesNotContain(key.substring(4, key.length() - 2));
            assertThat(ProviderFailure.of(read, null).toString()).doesNotContain(key.substring(4, key.length() - 2));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer hunter2hunter2", "https://x/?key=hunter2hunter2&alt=sse", "x-api-key: hunter2hunter2"})
    void whatStandsWhereAKeyStandsIsNotRepeated(String words) {
        assertThat(read("refused: " + words).message()).doesNotContain("hunter2");
    }

    @Test
    void theKeyThatWasSentIsNotRepeatedWhateverItLooksLike() {
        assertThat(shown("no such key: correct horse battery", "correct horse battery"))
                .isEqualTo("no such key: [key]");
        assertThat(shown("x".repeat(1_990) + "correct horse battery", "correct horse battery"))
                .doesNotContain("correct");
        assertThat(shown("a b", "a")).isEqualTo("a b");
        assertThat(shown("a b", null)).isEqualTo("a b");
    }

    private static @Nullable String shown(String message, @Nullable String secret) {
        ProviderAnswer answer = ProviderAnswer.of(401)
                .body(Map.of("error", Map.of("message", message)))
                .secret(secret);
        return FailureClassifier.standard().read(answer, null).message();
    }

    @Test
    void whatAClientKnowsOfTheCallIsCarriedOn() {
        ProviderAnswer cut = ProviderAnswer.of(0)
                .body("{\"error\":{\"code\":\"server_error\"}}")
                .usage(TokenUsage.of(7, 3));
        FailureReading read = FailureClassifier.standard().read(cut, null);
        assertThat(read.usage()).isEqualTo(TokenUsage.of(7, 3));
        ProviderFailure failure = ProviderFailure.of(read, null);
        assertThat(failure.usage()).isEqualTo(TokenUsage.of(7, 3));
        assertThat(failure.nothingSent()).isFalse();
        assertThat(FailureClassifier.standard().read(failure, null).usage()).isEqualTo(TokenUsage.of(7, 3));
    }

    @Test
    void ordinaryWordsStayAsTheyAre() {
        String words = "Rate limit reached for gpt-4o-mini-2024-07-18 in organization org-x on tokens per min (TPM):\n"
                + "Limit 200000, request id req_011CSHoEeqs5C35K2UUqR7Fy, quota"
                + " GenerateRequestsPerDayPerProjectPerModel-FreeTier, \u00fcberlastet \ud83d\ude80.";
        assertThat(read(words).message()).isEqualTo(words);
    }

    @Test
    void longWordsAndControlCharactersAreCut() {
        assertThat(read("a b ".repeat(2_000)).message()).hasSize(2_000);
        assertThat(read("\ud83d\ude80".repeat(2_000)).message()).hasSizeBetween(1_999, 2_000);
        assertThat(read("x".repeat(1_999) + "\ud83d\ude80").message()).hasSize(1_999);
        assertThat(read("a\u0000\u001bb\rc").message()).isEqualTo("a  b c");
        assertThat(new ProviderFailure(500, null, "x".repeat(5_000), FailureClass.TRANSIENT, null).getMessage())
                .hasSize(2_000);
    }

    @Test
    void anAnswerShowsNothingOfItself() {
        ProviderAnswer answer = ProviderAnswer.of(401)
                .headers(Map.of("authorization", "Bearer x"))
                .body("prompt");
        assertThat(answer).hasToString("ProviderAnswer[status=401]");
    }

    @Test
    void aSecretIsHiddenAsAWholeWhateverItIsMadeOf() {
        String secret = "ABSKabcdefghijklmnopqrstabcd+efghijklmnop/qrstuvwxyzABCDEF12==";
        String odd = "my+secret/with0123456789abcdef0123456789abcdef0123parts";
        for (String one : java.util.List.of(secret, odd)) {
            ProviderAnswer answer = ProviderAnswer.of(401)
                    .body("{\"error\":{\"message\":\"Invalid token: " + one + ", sorry\"}}")
                    .secret(one);
            assertThat(FailureClassifier.standard().read(answer, null).message())
                    .isEqualTo("Invalid token: [key], sorry");
        }
        ProviderAnswer unknown =
                ProviderAnswer.of(401).body("{\"error\":{\"message\":\"Invalid token: " + secret + ", sorry\"}}");
        assertThat(FailureClassifier.standard().read(unknown, null).message()).isEqualTo("Invalid token: [key], sorry");
    }
}
