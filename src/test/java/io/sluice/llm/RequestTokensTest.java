package io.sluice.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.TokenEstimate;
import io.sluice.support.Json;
import io.sluice.tokens.TokenEstimator;
import org.junit.jupiter.api.Test;

class RequestTokensTest {

    private static TokenEstimate estimate(LlmRequest.Builder request) {
        return RequestTokens.estimate(request.build(), TokenEstimator.characters());
    }

    private static LlmRequest.Builder request() {
        return LlmRequest.builder("m").user("12345678");
    }

    @Test
    void aQuarterOfTheCharactersAndEightForEachMessage() {
        assertThat(estimate(request().system("1234"))).isEqualTo(TokenEstimate.of(3 + 16, 1_024));
    }

    @Test
    void theCapIsTheOutputWhateverItIsCalled() {
        assertThat(estimate(request().maxOutput(7)).maxOutput()).isEqualTo(7);
        assertThat(estimate(request().extra("max_tokens", Json.read("9"))).maxOutput())
                .isEqualTo(9);
        assertThat(estimate(request().maxOutput(7).extra("max_completion_tokens", Json.read("11")))
                        .maxOutput())
                .isEqualTo(11);
    }

    @Test
    void googlesCapAndNumberOfAnswersCount() {
        assertThat(estimate(request().extra("generationConfig", Json.read("{\"maxOutputTokens\":13}")))
                        .maxOutput())
                .isEqualTo(13);
        assertThat(estimate(request()
                                .maxOutput(7)
                                .extra("generationConfig", Json.read("{\"candidateCount\":2,\"topK\":3}")))
                        .maxOutput())
                .isEqualTo(14);
    }

    @Test
    void itemsThatTakeThePlaceOfTheMessagesCountInTheirPlace() {
        LlmRequest.Builder items = request()
                .extra(
                        "input",
                        Json.read("[{\"role\":\"user\",\"content\":\"12345678\"},{\"role\":\"user\",\"content\":["
                                + "{\"type\":\"input_image\",\"image_url\":\"data:" + "x".repeat(4_000) + "\"}]},"
                                + "{\"type\":\"function_call_output\",\"output\":\"rain\"}]"));
        long result = "{\"type\":\"function_call_output\",\"output\":\"rain\"}".length();
        assertThat(estimate(items).input()).isEqualTo(3 * 8 + 2 + TokenEstimator.ATTACHMENT_TOKENS + (result + 3) / 4);
        assertThat(estimate(request().extra("input", Json.read("\"1234\""))).input())
                .isEqualTo(8 + 1);
    }

    @Test
    void severalAnswersCostTheirNumber() {
        assertThat(estimate(request().maxOutput(7).extra("n", Json.read("3"))).maxOutput())
                .isEqualTo(21);
    }

    @Test
    void aCapThatMakesNoSenseIsNotBelieved() {
        for (String cap : new String[] {"-1", "0", "\"x\"", "1e99", "null", "[1]"}) {
            assertThat(estimate(request().extra("max_tokens", Json.read(cap))).maxOutput())
                    .as(cap)
                    .isEqualTo(1_024);
        }
        assertThat(estimate(request().extra("max_tokens", Json.read("9223372036854775807")))
                        .maxOutput())
                .isEqualTo(TokenEstimator.MAX_TOKENS);
    }

    @Test
    void imagesAndToolsCount() {
        LlmRequest.Builder parts = LlmRequest.builder("m")
                .message(
                        LlmMessage.of(
                                "user",
                                Json.read(
                                        "[{\"type\":\"text\",\"text\":\"12345678\"},{\"type\":\"image_url\",\"image_url\":{}}]")));

        assertThat(estimate(parts).input()).isEqualTo(2 + 8 + TokenEstimator.ATTACHMENT_TOKENS);
        assertThat(estimate(request().extra("tools", Json.read("[\"12345678\"]")))
                        .input())
                .isEqualTo(2 + 8 + 3);
        assertThat(estimate(request().extra("temperature", Json.read("0.25"))).input())
                .isEqualTo(2 + 8);
    }
}
