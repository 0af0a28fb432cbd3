package io.sluice.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SimulatedProviderTest {

    private static final long SECOND = 1_000_000_000;

    private static SimulatorBuilder limited(long requests, long tokens) {
        return Simulator.builder().model("gpt-sim", ModelLimits.of(requests, tokens));
    }

    private static ProviderAtTime provider(SimulatorBuilder builder) {
        return new ProviderAtTime(builder, "/v1/chat/completions");
    }

    private static byte[] ask(String prompt, int cap) {
        return ("{\"model\":\"gpt-sim\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt
                        + "\"}],\"max_completion_tokens\":" + cap + "}")
                .getBytes(UTF_8);
    }

    private static JsonNode json(SimulatedAnswer answer) {
        return OpenAiDialect.MAPPER.readTree(answer.body());
    }

    private static @Nullable String header(SimulatedAnswer answer, String name) {
        return answer.headers().get(name);
    }

    @Test
    void anAdmittedCallIsAnsweredAsOpenAiDoes() {
        SimulatedAnswer answer = provider(limited(10, 1_000)).arrive(null, ask("12345", 20), 3 * SECOND);
        JsonNode body = json(answer);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(body.path("object").asString()).isEqualTo("chat.completion");
        assertThat(body.path("model").asString()).isEqualTo("gpt-sim");
        assertThat(body.at("/choices/0/message/role").asString()).isEqualTo("assistant");
        assertThat(body.at("/usage/prompt_tokens").asLong()).isEqualTo(2 + 4);
        String text = body.at("/choices/0/message/content").asString();
        assertThat(body.at("/usage/completion_tokens").asInt())
                .isEqualTo(text.split(" ").length)
                .isBetween(1, 20);
        assertThat(body.at("/usage/total_tokens").asLong())
                .isEqualTo(6 + body.at("/usage/completion_tokens").asLong());
        assertThat(header(answer, "x-request-id")).isEqualTo("req_0");
        assertThat(header(answer, "openai-processing-ms")).isEqualTo("0");
    }

    @Test
    void theHeadersTellTheTruthOnBothAnswers() {
        ProviderAtTime provider = provider(limited(2, 1_000));
        provider.arrive(null, ask("", 96), 0);
        SimulatedAnswer second = provider.arrive(null, ask("", 196), 10 * SECOND);
        assertThat(second.headers())
                .containsEntry("x-ratelimit-limit-requests", "2")
                .containsEntry("x-ratelimit-remaining-requests", "0")
                .containsEntry("x-ratelimit-reset-requests", "1m0s")
                .containsEntry("x-ratelimit-limit-tokens", "1000")
                .containsEntry("x-ratelimit-remaining-tokens", "700")
                .containsEntry("x-ratelimit-reset-tokens", "1m0s")
                .doesNotContainKey("retry-after");
        SimulatedAnswer third = provider.arrive(null, ask("", 1), 10 * SECOND + SECOND / 2);
        assertThat(third.headers())
                .containsEntry("x-ratelimit-remaining-requests", "0")
                .containsEntry("x-ratelimit-remaining-tokens", "700")
                .containsEntry("x-ratelimit-reset-requests", "59.5s")
                .containsEntry("retry-after", "50");
    }

    @Test
    void aLimitThatIsNotSetHasNoHeaders() {
        SimulatedAnswer answer = provider(limited(2, ModelLimits.UNLIMITED)).arrive(null, ask("", 96), 0);
        assertThat(answer.headers())
                .containsKey("x-ratelimit-limit-requests")
                .doesNotContainKey("x-ratelimit-limit-tokens");
    }

    @Test
    void aRefusalUsesOpenAisWords() {
        ProviderAtTime provider = provider(limited(100, 1_000));
        provider.arrive(null, ask("", 896), 0);
        SimulatedAnswer refused = provider.arrive(null, ask("", 146), 58_622 * SECOND / 1_000);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(json(refused).at("/error/message").asString())
                .isEqualTo("Rate limit reached for gpt-sim in organization org-sluice on tokens per min (TPM): "
                        + "Limit 1000, Used 900, Requested 150. Please try again in 1.378s. "
                        + "Visit https://platform.openai.com/account/rate-limits to learn more.");
        assertThat(json(refused).at("/error/type").asString()).isEqualTo("tokens");
        assertThat(json(refused).at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
        assertThat(json(refused).at("/error/param").isNull()).isTrue();
        assertThat(header(refused, "retry-after")).isEqualTo("2");
    }

    @Test
    void aRefusalForRequestsSaysSo() {
        ProviderAtTime provider = provider(limited(1, 1_000));
        provider.arrive(null, ask("", 1), 0);
        JsonNode refused = json(provider.arrive(null, ask("", 1), SECOND));
        assertThat(refused.at("/error/type").asString()).isEqualTo("requests");
        assertThat(refused.at("/error/message").asString())
                .contains("on requests per min (RPM): Limit 1, Used 1, Requested 1. Please try again in 59s.");
    }

    @Test
    void whatCanNeverFitIsTooLargeAndGetsNoHint() {
        SimulatedAnswer refused = provider(limited(1, 1_000)).arrive(null, ask("", 997), 0);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(json(refused).at("/error/message").asString())
                .startsWith("Request too large for gpt-sim in organization org-sluice on tokens per min (TPM): "
                        + "Limit 1000, Requested 1001.")
                .doesNotContain("try again");
        assertThat(refused.headers()).doesNotContainKey("retry-after");
    }

    @Test
    void theOlderNameOfTheCapIsReadAndADefaultTaken() {
        ProviderAtTime provider = provider(limited(9, 100_000));
        String start =
                "{\"model\":\"gpt-sim\",\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"12345678\"}]}]";
        SimulatedAnswer older = provider.arrive(null, (start + ",\"max_tokens\":94}").getBytes(UTF_8), 0);
        assertThat(header(older, "x-ratelimit-remaining-tokens")).isEqualTo("99900");
        SimulatedAnswer none = provider.arrive(null, (start + ",\"max_tokens\":null}").getBytes(UTF_8), 60 * SECOND);
        assertThat(header(none, "x-ratelimit-remaining-tokens")).isEqualTo(String.valueOf(100_000 - 6 - 256));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"model\":",
                "400 | []",
                "400 | ''",
                "400 | {\"messages\":[{}]}",
                "400 | {\"model\":7,\"messages\":[{}]}",
                "400 | {\"model\":\"gpt-sim\"}",
                "400 | {\"model\":\"gpt-sim\",\"messages\":[]}",
                "400 | {\"model\":\"gpt-sim\",\"messages\":[1]}",
                "400 | {\"model\":\"gpt-sim\",\"messages\":[{}],\"max_tokens\":0}",
                "400 | {\"model\":\"gpt-sim\",\"messages\":[{}],\"max_tokens\":\"9\"}",
                "404 | {\"model\":\"other\",\"messages\":[{}]}",
            })
    void aWrongRequestIsToldSoAndNotCharged(int status, String body) {
        ProviderAtTime provider = provider(limited(9, 1_000));
        SimulatedAnswer answer = provider.arrive(null, body.getBytes(UTF_8), 0);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(json(answer).at("/error/type").asString()).isEqualTo("invalid_request_error");
        assertThat(provider.report().failed()).isEqualTo(1);
        assertThat(provider.report().highest("gpt-sim")).isEqualTo(HighestUse.NOTHING);
    }

    @Test
    void anUnknownModelHasOpenAisCode() {
        SimulatedAnswer answer =
                provider(limited(9, 9)).arrive(null, "{\"model\":\"x\",\"messages\":[{}]}".getBytes(UTF_8), 0);
        assertThat(json(answer).at("/error/code").asString()).isEqualTo("model_not_found");
    }

    @Test
    void aConfiguredKeyIsAskedForAndNeverShown() {
        ProviderAtTime provider = provider(limited(9, 1_000).apiKey("sk-right"));
        SimulatedAnswer missing = provider.arrive(null, ask("", 1), 0);
        SimulatedAnswer wrong = provider.arrive("Bearer sk-wrong", ask("", 1), 0);
        assertThat(missing.status()).isEqualTo(401);
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(json(wrong).at("/error/code").asString()).isEqualTo("invalid_api_key");
        assertThat(new String(wrong.body(), UTF_8)).doesNotContain("sk-");
        assertThat(provider.arrive("Bearer sk-right", ask("", 1), 0).status()).isEqualTo(200);
        assertThat(limited(9, 9).apiKey("sk-right").settings().toString()).doesNotContain("sk-");
    }

    @Test
    void theWildcardGivesEachModelItsOwnWindow() {
        ProviderAtTime provider = provider(Simulator.builder().anyModel(ModelLimits.of(1, 1_000)));
        byte[] a = "{\"model\":\"a\",\"messages\":[{}]}".getBytes(UTF_8);
        byte[] b = "{\"model\":\"b\",\"messages\":[{}]}".getBytes(UTF_8);
        assertThat(provider.arrive(null, a, 0).status()).isEqualTo(200);
        assertThat(provider.arrive(null, b, 0).status()).isEqualTo(200);
        assertThat(provider.arrive(null, a, 0).status()).isEqualTo(429);
    }

    @Test
    void theSameSeedAndRequestGiveTheSameReply() {
        byte[] request = ask("same", 50);
        JsonNode first = json(provider(limited(9, 1_000).seed(7)).arrive(null, request, 0));
        JsonNode again = json(provider(limited(9, 1_000).seed(7)).arrive(null, request, 0));
        JsonNode other = json(provider(limited(9, 1_000).seed(8)).arrive(null, request, 0));
        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void theCapCutsTheReply() {
        SimulatorBuilder talkative = limited(9, 1_000).replyTokens(30, 30);
        JsonNode cut = json(provider(talkative).arrive(null, ask("", 29), 0));
        assertThat(cut.at("/choices/0/finish_reason").asString()).isEqualTo("length");
        assertThat(cut.at("/usage/completion_tokens").asLong()).isEqualTo(29);
        JsonNode whole = json(provider(talkative).arrive(null, ask("", 30), 0));
        assertThat(whole.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
        assertThat(whole.at("/usage/completion_tokens").asLong()).isEqualTo(30);
    }

    @Test
    void theCapStaysChargedUnlessActualUsageIs() {
        for (Charging charging : Charging.values()) {
            ProviderAtTime provider = provider(Simulator.builder()
                    .model("gpt-sim", ModelLimits.of(9, 1_000).charging(charging))
                    .replyTokens(10, 10));
            SimulatedAnswer first = provider.arrive(null, ask("", 900), 0);
            first.end();
            first.end();
            SimulatedAnswer second = provider.arrive(null, ask("", 100), SECOND);
            assertThat(second.status()).isEqualTo(charging == Charging.CAP ? 429 : 200);
            assertThat(header(second, "x-ratelimit-remaining-tokens"))
                    .isEqualTo(
                            switch (charging) {
                                case CAP -> "96";
                                case CAP_THEN_ACTUAL -> String.valueOf(1_000 - 14 - 104);
                                case ACTUAL -> String.valueOf(1_000 - 14 - 4);
                            });
        }
    }

    @Test
    void latenciesAreEvenlySpreadBetweenTheirBounds() {
        ProviderAtTime provider =
                provider(limited(5_000, 1_000_000).latency(Duration.ofMillis(100), Duration.ofMillis(200)));
        long sum = 0;
        for (int i = 0; i < 2_000; i++) {
            Duration latency = provider.arrive(null, ask("", 1), 0).course().latency();
            assertThat(latency).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
            sum += latency.toMillis();
        }
        assertThat(sum / 2_000).isBetween(145L, 155L);
        assertThat(provider.report().maxInFlight()).isEqualTo(2_000);
    }

    @Test
    void aPoisonedRequestIsChargedAndFails() {
        ProviderAtTime provider = provider(limited(1, 1_000)
                .failWhen(body -> body.at("/messages/0/content").asString("").contains("poison"), 503));
        SimulatedAnswer answer = provider.arrive(null, ask("poison", 1), 0);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(json(answer).at("/error/code").asString()).isEqualTo("server_is_overloaded");
        assertThat(provider.arrive(null, ask("good", 1), 0).status()).isEqualTo(429);
        answer.end();
        SimulatorReport report = provider.report();
        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.admitted()).isZero();
        assertThat(report.refused()).isEqualTo(1);
        assertThat(report.inFlight()).isZero();
        assertThat(report.received()).isEqualTo(2);
    }

    @Test
    void aRuleThatThrowsIsAServerError() {
        ProviderAtTime provider =
                provider(limited(1, 1_000).failWhen(body -> body.get("none").isNull(), 400));
        assertThat(provider.arrive(null, ask("", 1), 0).status()).isEqualTo(500);
    }

    @Test
    void theReportKnowsTheOrderOfServiceByUser() {
        ProviderAtTime provider = provider(limited(2, 1_000));
        provider.arrive(null, "{\"model\":\"gpt-sim\",\"user\":\"ann\",\"messages\":[{}]}".getBytes(UTF_8), 0);
        provider.arrive(null, ask("", 1), 0);
        provider.arrive(null, ask("", 1), 0);
        assertThat(provider.report().served()).containsExactly("ann", "req_1");
    }

    @Test
    void aHundredThousandRequestsKeepNoMoreThanTheWindowHolds() {
        ProviderAtTime provider = provider(limited(1_000, 1_000_000).window(Duration.ofSeconds(1)));
        byte[] request = ask("hello", 10);
        for (int i = 0; i < 120_000; i++) {
            provider.arrive(null, request, i * SECOND / 1_000).end();
        }
        SimulatorReport report = provider.report();
        assertThat(report.admitted()).isEqualTo(120_000);
        assertThat(report.highest("gpt-sim").requests()).isEqualTo(1_000);
        assertThat(report.served()).hasSize(Tally.MAX_SERVED);
    }
}
