package io.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.simulator.Way.Got;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

class StreamTest {

    private static final String ASK =
            "{\"model\":\"m\\\"x\",\"stream\":true,\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    @BeforeAll
    static void warmUp() {
        Way.warmUp();
    }

    private static SimulatorBuilder talkative() {
        return Simulator.builder().anyModel(ModelLimits.unlimited()).replyTokens(9, 9);
    }

    private static JsonNode data(String event) {
        return OpenAiDialect.MAPPER.readTree(event.substring(event.indexOf("data: ") + 6));
    }

    private static <T> T one(Flux<T> flux) {
        return Objects.requireNonNull(flux.single().block(Way.LONG));
    }

    @ParameterizedTest
    @EnumSource
    void aCompletionIsStreamedTokenByTokenAsOpenAiDoes(Way way) {
        Got got = one(way.with(
                talkative(), (transport, run) -> Way.openAi(transport, run, ASK).flux()));
        assertThat(got.status()).isEqualTo(200);
        List<String> events = got.events();
        assertThat(events).hasSize(1 + 4 + 1 + 1).last().isEqualTo("data: [DONE]");
        List<JsonNode> chunks =
                events.subList(0, 6).stream().map(StreamTest::data).toList();
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.path("object").asString()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.path("id").asString()).isEqualTo("chatcmpl-req_0");
            assertThat(chunk.path("model").asString()).isEqualTo("m\"x");
            assertThat(chunk.has("usage")).isFalse();
        });
        assertThat(chunks.get(0).at("/choices/0/delta/role").asString()).isEqualTo("assistant");
        assertThat(chunks.subList(1, 5))
                .extracting(chunk -> chunk.at("/choices/0/delta/content").asString())
                .allMatch(text -> text.matches(" ?[a-z]{3}"));
        assertThat(chunks.get(5).at("/choices/0/delta").isEmpty()).isTrue();
        assertThat(chunks.get(5).at("/choices/0/finish_reason").asString()).isEqualTo("length");
    }

    @ParameterizedTest
    @EnumSource
    void usageComesLastWhereItIsAskedFor(Way way) {
        String withUsage =
                ASK.replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        Got got = one(way.with(
                talkative(),
                (transport, run) -> Way.openAi(transport, run, withUsage).flux()));
        List<JsonNode> chunks =
                got.events().subList(0, 7).stream().map(StreamTest::data).toList();
        assertThat(chunks.subList(0, 6))
                .allMatch(chunk -> chunk.has("usage") && chunk.path("usage").isNull());
        assertThat(chunks.get(6).path("choices").isEmpty()).isTrue();
        assertThat(chunks.get(6).at("/usage/prompt_tokens").asLong()).isEqualTo(6);
        assertThat(chunks.get(6).at("/usage/completion_tokens").asLong()).isEqualTo(4);
        assertThat(chunks.get(6).at("/usage/total_tokens").asLong()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource
    void aMessageIsStreamedAsAnthropicDoes(Way way) {
        Got got = one(way.with(
                talkative(),
                (transport, run) -> Way.anthropic(transport, run, ASK).flux()));
        assertThat(got.events())
                .extracting(event -> event.substring(7, event.indexOf('\n')))
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "ping",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(got.events())
                .allMatch(event ->
                        event.startsWith("event: " + data(event).path("type").asString("") + "\n"));
        JsonNode start = data(got.events().get(0)).path("message");
        assertThat(start.path("model").asString()).isEqualTo("m\"x");
        assertThat(start.at("/usage/input_tokens").asLong()).isEqualTo(6);
        JsonNode delta = data(got.events().get(8));
        assertThat(delta.at("/delta/stop_reason").asString()).isEqualTo("max_tokens");
        assertThat(delta.at("/usage/output_tokens").asLong()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void aStreamIsInFlightUntilItsLastPiece(Way way) {
        SimulatorReport report = one(way.with(
                talkative().streamGap(Duration.ofMillis(5)),
                (transport, run) -> Way.openAi(transport, run, ASK)
                        .then(Mono.fromSupplier(run::report))
                        .flux()));
        assertThat(report.inFlight()).isZero();
        assertThat(report.maxInFlight()).isEqualTo(1);
        assertThat(report.admitted()).isEqualTo(1);
        assertThat(report.tokens()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatTheClientLeavesIsNoLongerInFlight(Way way) {
        Integer inFlight = one(way.with(
                talkative().streamGap(Duration.ofMinutes(5)),
                (transport, run) -> Flux.interval(Duration.ofMillis(5))
                        .map(tick -> run.report().inFlight())
                        .takeUntilOther(Way.openAi(transport, run, ASK))
                        .doOnNext(n -> assertThat(n).isBetween(0, 1))
                        .filter(n -> n == 1)
                        .take(1)
                        .thenMany(Flux.interval(Duration.ofMillis(5))
                                .map(tick -> run.report().inFlight())
                                .filter(n -> n == 0)
                                .take(1))));
        assertThat(inFlight).isZero();
    }
}
