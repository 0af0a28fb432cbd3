package io.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.simulator.Way.Got;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

class FaultTest {

    private static final String PLAIN =
            "{\"model\":\"m\",\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final String STREAMED = PLAIN.replace("{\"model\"", "{\"stream\":true,\"model\"");

    @BeforeAll
    static void warmUp() {
        Way.warmUp();
    }

    private record Ran(Got got, SimulatorReport report) {}

    private static SimulatorBuilder simulator() {
        return Simulator.builder().anyModel(ModelLimits.unlimited()).replyTokens(4, 4);
    }

    private static Ran openAi(Way way, Fault fault, String body) {
        return Objects.requireNonNull(way.with(
                        simulator().fault(fault, Occasion.always()),
                        (transport, run) -> Way.openAi(transport, run, body)
                                .map(got -> new Ran(got, run.report()))
                                .flux())
                .single()
                .block(Way.LONG));
    }

    private static Got anthropic(Fault fault, String body) {
        return Objects.requireNonNull(Way.IN_PROCESS
                .with(
                        simulator().fault(fault, Occasion.always()),
                        (transport, run) -> Way.anthropic(transport, run, body).flux())
                .single()
                .block(Way.LONG));
    }

    private static JsonNode json(Got got) {
        return OpenAiDialect.MAPPER.readTree(got.body());
    }

    private static void failed(Ran ran) {
        assertThat(ran.report().failed()).isEqualTo(1);
        assertThat(ran.report().admitted()).isZero();
        assertThat(ran.report().inFlight()).isZero();
        assertThat(ran.report().highest("m").requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionIsResetBeforeTheHeaders(Way way) {
        for (String body : List.of(PLAIN, STREAMED)) {
            Ran ran = openAi(way, Fault.resetBeforeHeaders(), body);
            assertThat(ran.got().status()).isZero();
            assertThat(ran.got().broken()).isNotNull();
            failed(ran);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionIsResetAfterTheHeaders(Way way) {
        for (String body : List.of(PLAIN, STREAMED)) {
            Ran ran = openAi(way, Fault.resetAfterHeaders(), body);
            assertThat(ran.got().status()).isEqualTo(200);
            assertThat(ran.got().body()).isEmpty();
            assertThat(ran.got().broken()).isNotNull();
            failed(ran);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamIsCutAfterSoManyPieces(Way way) {
        Ran ran = openAi(way, Fault.cut(3), STREAMED);
        assertThat(ran.got().status()).isEqualTo(200);
        assertThat(ran.got().events()).hasSize(3).noneMatch(event -> event.contains("[DONE]"));
        assertThat(ran.got().broken()).isNotNull();
        failed(ran);
    }

    @ParameterizedTest
    @EnumSource
    void aPlainAnswerIsCutInHalf(Way way) {
        Ran ran = openAi(way, Fault.cut(0), PLAIN);
        assertThat(ran.got().body()).startsWith("{\"id\":\"chatcmpl-").doesNotContain("usage");
        assertThat(ran.got().broken()).isNotNull();
        failed(ran);
    }

    @ParameterizedTest
    @EnumSource
    void anErrorComesInsideAStream(Way way) {
        Ran ran = openAi(way, Fault.errorInStream(2), STREAMED);
        assertThat(ran.got().status()).isEqualTo(200);
        assertThat(ran.got().broken()).isNull();
        assertThat(ran.got().events()).hasSize(3).last().asString().contains("\"type\":\"server_error\"");
        failed(ran);
        assertThat(openAi(way, Fault.errorInStream(2), PLAIN).report().admitted())
                .as("a plain answer has no stream")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void theJsonOfAnAnswerBreaksOff(Way way) {
        Ran plain = openAi(way, Fault.malformedJson(), PLAIN);
        assertThat(plain.got().broken()).isNull();
        assertThatJsonIsBroken(plain.got().body());
        failed(plain);
        Ran streamed = openAi(way, Fault.malformedJson(), STREAMED);
        assertThat(streamed.got().events()).hasSize(1);
        assertThatJsonIsBroken(streamed.got().body().substring("data: ".length()));
        failed(streamed);
    }

    private static void assertThatJsonIsBroken(String text) {
        assertThat(text).startsWith("{");
        assertThatThrownBy(() -> OpenAiDialect.MAPPER.readTree(text)).isInstanceOf(JacksonException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aSlowFirstByteDelaysAGoodAnswer(Way way) {
        for (String body : List.of(PLAIN, STREAMED)) {
            Ran ran = openAi(way, Fault.slowFirstByte(Duration.ofMillis(30)), body);
            assertThat(ran.got().status()).isEqualTo(200);
            assertThat(ran.got().body()).contains("chatcmpl-");
            assertThat(ran.report().admitted()).isEqualTo(1);
            assertThat(ran.report().failed()).isZero();
        }
    }

    @Test
    void rateLimitsComeWithAHintAndWithout() {
        Got without = openAi(Way.IN_PROCESS, Fault.rateLimited(), PLAIN).got();
        assertThat(without.status()).isEqualTo(429);
        assertThat(without.retryAfter()).isNull();
        assertThat(json(without).at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
        assertThat(json(without).at("/error/message").asString()).doesNotContain("try again");
        Got with = openAi(Way.IN_PROCESS, Fault.rateLimited(Duration.ofMillis(1_378)), PLAIN)
                .got();
        assertThat(with.retryAfter()).isEqualTo("2");
        assertThat(json(with).at("/error/message").asString()).contains("Please try again in 1.378s.");
        Got anthropic = anthropic(Fault.rateLimited(Duration.ofSeconds(7)), PLAIN);
        assertThat(anthropic.status()).isEqualTo(429);
        assertThat(anthropic.retryAfter()).isEqualTo("7");
        assertThat(json(anthropic).at("/error/type").asString()).isEqualTo("rate_limit_error");
    }

    @Test
    void eachProviderHasItsOwnWordsForTheRest() {
        assertThat(code(Fault.insufficientQuota())).isEqualTo("429 insufficient_quota insufficient_quota");
        assertThat(code(Fault.slowDown())).isEqualTo("429 rate_limit_error slow_down");
        assertThat(code(Fault.status(503))).isEqualTo("503 service_unavailable_error server_is_overloaded");
        assertThat(code(Fault.status(500))).isEqualTo("500 server_error ");
        Got spent = anthropic(Fault.insufficientQuota(), PLAIN);
        assertThat(spent.status()).isEqualTo(429);
        assertThat(spent.retryAfter()).isNull();
        assertThat(json(spent).at("/error/details/error_code").asString()).isEqualTo("enforced_spend_limit_reached");
        assertThat(json(spent).at("/error/message").asString())
                .matches(".* access on \\d{4}-\\d{2}-01 at 00:00 UTC\\.");
        assertThat(anthropic(Fault.status(529), PLAIN).body())
                .isEqualTo(
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":\"req_0\"}");
        assertThat(anthropic(Fault.errorInStream(1), STREAMED).events())
                .last()
                .asString()
                .startsWith("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"");
    }

    private static String code(Fault fault) {
        Got got = openAi(Way.IN_PROCESS, fault, PLAIN).got();
        JsonNode error = json(got).path("error");
        return got.status() + " " + error.path("type").asString() + " "
                + error.path("code").asString();
    }

    /** The statuses of so many calls, one after the other; each has its number as its user. */
    private static List<Integer> statuses(SimulatorBuilder simulator, int calls) {
        return Way.IN_PROCESS
                .with(
                        simulator,
                        (transport, run) -> Flux.range(1, calls)
                                .concatMap(i -> Way.openAi(
                                                transport,
                                                run,
                                                PLAIN.replace("{\"model\"", "{\"user\":\"" + i + "\",\"model\""))
                                        .map(Got::status)))
                .collectList()
                .blockOptional(Way.LONG)
                .orElseThrow();
    }

    @Test
    void faultsComeByCount() {
        assertThat(statuses(simulator().fault(Fault.status(500), Occasion.first(2)), 4))
                .containsExactly(500, 500, 200, 200);
        assertThat(statuses(simulator().fault(Fault.status(500), Occasion.nth(3)), 4))
                .containsExactly(200, 200, 500, 200);
        assertThat(statuses(simulator().fault(Fault.status(500), Occasion.every(2)), 5))
                .containsExactly(200, 500, 200, 500, 200);
    }

    @Test
    void faultsComeByRequest() {
        Occasion even = Occasion.of(body -> body.path("user").asInt(0) % 2 == 0);
        assertThat(statuses(simulator().fault(Fault.status(500), even), 4)).containsExactly(200, 500, 200, 500);
        assertThat(statuses(simulator().fault(Fault.status(500), even.onlyFirst(1)), 4))
                .containsExactly(200, 500, 200, 200);
    }

    @Test
    void faultsComeByProbabilityAndTheSameOnesWithTheSameSeed() {
        SimulatorBuilder shaky = simulator().fault(Fault.status(500), Occasion.withProbability(0.2));
        List<Integer> first = statuses(shaky.seed(3), 1_000);
        assertThat(Stream.of(first.toArray())
                        .filter(status -> status.equals(500))
                        .count())
                .isBetween(150L, 250L);
        assertThat(statuses(shaky.seed(3), 1_000)).isEqualTo(first);
        assertThat(statuses(shaky.seed(4), 1_000)).isNotEqualTo(first);
        assertThat(statuses(simulator().fault(Fault.status(500), Occasion.withProbability(0)), 20))
                .containsOnly(200);
    }

    @Test
    void theFirstOfSeveralFaultsDecides() {
        assertThat(statuses(
                        simulator()
                                .fault(Fault.status(500), Occasion.first(1))
                                .fault(Fault.status(503), Occasion.first(2)),
                        3))
                .containsExactly(500, 503, 200);
    }

    @Test
    void aReachedLimitComesBeforeAFaultAndDoesNotUseItUp() {
        assertThat(statuses(
                        Simulator.builder()
                                .model("m", ModelLimits.of(1, 1_000))
                                .fault(Fault.status(500), Occasion.nth(2)),
                        3))
                .containsExactly(200, 429, 429);
    }

    @ParameterizedTest
    @EnumSource
    void faultsAreSwitchedOnAndOffWhileItRuns(Way way) {
        List<Integer> statuses = way.with(simulator(), (transport, run) -> {
                    Mono<Integer> call = Way.openAi(transport, run, PLAIN).map(Got::status);
                    return Flux.concat(
                            call,
                            call.doFirst(() -> run.inject(Fault.status(503), Occasion.first(1))),
                            call,
                            call.doFirst(() -> run.inject(Fault.slowDown(), Occasion.always())),
                            call.doFirst(run::clearFaults));
                })
                .collectList()
                .blockOptional(Way.LONG)
                .orElseThrow();
        assertThat(statuses).containsExactly(200, 503, 200, 429, 200);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.status(429)).withMessageContaining("rateLimited()");
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.status(399));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.cut(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.slowFirstByte(Duration.ofDays(2)));
        assertThatIllegalArgumentException().isThrownBy(() -> Occasion.first(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Occasion.withProbability(1.01));
        assertThatIllegalArgumentException().isThrownBy(() -> Occasion.withProbability(Double.NaN));
    }
}
