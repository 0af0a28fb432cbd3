package io.sluice.llm.claudecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.EventTooLargeException;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmMessage;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.model.Money;
import io.sluice.model.TokenUsage;
import io.sluice.support.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Calls that come to an end by themselves, well or badly. */
class ClaudeCodeAdapterTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String KEY = "sk-ant-0123456789-abcdefgh";

    private static LlmRequest ask(String text) {
        return LlmRequest.builder("sonnet").user(text).build();
    }

    private static LlmResponse answered(ClaudeCodeBuilder adapter, LlmRequest request) {
        return Objects.requireNonNull(adapter.build().execute(request).block(LONG));
    }

    private static SluiceException failed(ClaudeCodeBuilder adapter, String text) {
        Throwable error = adapter.build()
                .execute(ask(text))
                .then(Mono.<Throwable>empty())
                .onErrorResume(Mono::just)
                .block(LONG);
        assertThat(error).isInstanceOf(SluiceException.class);
        return (SluiceException) Objects.requireNonNull(error);
    }

    private static List<LlmChunk> pieces(LlmRequest request) {
        List<LlmChunk> pieces = new ArrayList<>();
        FakeClaude.adapter().build().stream(request).doOnNext(pieces::add).blockLast(LONG);
        return pieces;
    }

    private static String text(List<LlmChunk> pieces) {
        return String.join("", pieces.stream().map(LlmChunk::text).toList());
    }

    // ---- what is said ----

    @Test
    void anAnswerHasTextUsageOfAllModelsCostAndSession() {
        LlmResponse response = answered(FakeClaude.adapter(), ask("good morning"));
        assertThat(response.text()).isEqualTo("heard: good morning");
        assertThat(response.usage()).isEqualTo(TokenUsage.of(116, 22).withCache(100, 5));
        assertThat(response.cost()).isEqualTo(Money.usd("0.050406"));
        assertThat(response.requestId()).isEqualTo("s-1");
        assertThat(response.finishReason()).isEqualTo("end_turn");
        assertThat(response.raw().path("type").asString()).isEqualTo("result");
    }

    @Test
    void whatIsSaidToTheModelIsNoArgumentAndItsRetriesAreOff(@TempDir Path directory) throws IOException {
        LlmRequest request = LlmRequest.builder("sonnet")
                .system("be brief")
                .system("and kind")
                .user("hello \"there\"")
                .maxOutput(900)
                .temperature(0.5)
                .extra(ClaudeCodeAdapter.RESUME, Json.read("\"s-0\""))
                .build();
        LlmResponse response = answered(
                FakeClaude.adapter()
                        .workingDirectory(directory)
                        .apiKey(() -> KEY)
                        .environment(() -> Map.of("CLAUDE_CODE_MAX_RETRIES", "10", "CLAUDECODE", "1"))
                        .permissionMode("plan")
                        .allowedTools("Read", "Bash(git log:*)")
                        .disallowedTools("WebFetch")
                        .maxTurns(3)
                        .arguments("--max-budget-usd", "2"),
                request);
        JsonNode raw = response.raw();
        List<String> argv = new ArrayList<>();
        raw.path("argv").forEach(argument -> argv.add(argument.asString()));
        int file = argv.indexOf("--system-prompt-file");
        Path system = Path.of(argv.get(file + 1));
        assertThat(argv.subList(0, file))
                .containsExactly(
                        "-p",
                        "--output-format",
                        "json",
                        "--model",
                        "sonnet",
                        "--resume",
                        "s-0",
                        "--permission-mode",
                        "plan",
                        "--allowedTools",
                        "Read,Bash(git log:*)",
                        "--disallowedTools",
                        "WebFetch",
                        "--max-turns",
                        "3",
                        "--max-budget-usd",
                        "2");
        assertThat(argv.toString())
                .doesNotContain("hello")
                .doesNotContain("brief")
                .doesNotContain(KEY);
        assertThat(raw.path("system").asString()).isEqualTo("be brief\n\nand kind");
        assertThat(system).doesNotExist();
        assertThat(response.text()).isEqualTo("heard: hello \"there\"");
        assertThat(raw.path("retries").asString()).isEqualTo("0");
        assertThat(raw.path("key").asString()).isEqualTo(KEY);
        assertThat(raw.path("cap").asString()).isEqualTo("900");
        assertThat(Path.of(raw.path("directory").asString())).isEqualTo(directory.toRealPath());
    }

    @Test
    void partsOfAMessageGoAsTheyAre() {
        JsonNode parts = Json.read(
                "[{\"type\":\"text\",\"text\":\"what is this?\"},{\"type\":\"image\",\"source\":{\"type\":\"base64\"}}]");
        LlmResponse response = answered(
                FakeClaude.adapter(),
                LlmRequest.builder("default")
                        .message(LlmMessage.of("user", parts))
                        .build());
        JsonNode line = Json.read(response.text().substring("heard: ".length()));
        assertThat(line.at("/message/content")).isEqualTo(parts);
        assertThat(line.at("/message/role").asString()).isEqualTo("user");
        assertThat(response.raw().path("argv").toString())
                .contains("\"--input-format\",\"stream-json\",\"--output-format\",\"stream-json\",\"--verbose\"")
                .doesNotContain("--model");
    }

    @Test
    void whatCannotBeSaidInThisWayIsRefusedBeforeAnythingIsStarted() {
        ClaudeCodeAdapter adapter =
                ClaudeCodeAdapter.builder().command("/no/such/program").build();
        for (LlmRequest wrong : List.of(
                LlmRequest.builder("sonnet").build(),
                LlmRequest.builder("sonnet").user("a").assistant("b").user("c").build(),
                LlmRequest.builder("--dangerous").user("a").build(),
                ask("a").toBuilder()
                        .extra("resume", Json.read("\"--dangerous\""))
                        .build(),
                ask("a").toBuilder().extra("resume", Json.read("7.5")).build())) {
            StepVerifier.create(adapter.execute(wrong))
                    .expectError(IllegalArgumentException.class)
                    .verify(LONG);
            StepVerifier.create(adapter.stream(wrong))
                    .expectError(IllegalArgumentException.class)
                    .verify(LONG);
        }
        ClaudeCodeBuilder builder = ClaudeCodeAdapter.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.permissionMode("--x"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.allowedTools("Read", " "));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxTurns(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxProcesses(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.command(" "));
    }

    // ---- streams ----

    @Test
    void aStreamTellsTextAsItIsWrittenAndAtItsEndWhatItUsed() {
        List<LlmChunk> pieces = pieces(ask("good morning"));
        assertThat(text(pieces)).isEqualTo("heard: good morning");
        LlmChunk last = pieces.get(pieces.size() - 1);
        assertThat(last.usage()).isEqualTo(TokenUsage.of(116, 22).withCache(100, 5));
        assertThat(last.cost()).isEqualTo(Money.usd("0.050406"));
        assertThat(last.finishReason()).isEqualTo("end_turn");
        assertThat(pieces).extracting(LlmChunk::requestId).contains("s-1");
        assertThat(pieces)
                .extracting(piece -> piece.raw().path("type").asString())
                .containsExactly("system", "stream_event", "stream_event", "stream_event", "assistant", "result");
        assertThat(pieces.get(4).usage()).isEqualTo(TokenUsage.input(103));
        assertThat(pieces.toString()).doesNotContain("heard");
    }

    @Test
    void aSlowConsumerHoldsUpItsProcessAndMissesNothing() {
        StepVerifier.create(FakeClaude.adapter().build().stream(ask("pieces 3000")), 2)
                .expectNextCount(2)
                .thenRequest(5)
                .expectNextCount(5)
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(3000 - 7)
                .assertNext(last -> assertThat(last.finishReason()).isEqualTo("success"))
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void anAnswerWithoutPiecesIsToldInTheLastOne() {
        List<LlmChunk> pieces = new ArrayList<>();
        FakeClaude.adapter().build().stream(ask("pieces 0"))
                .doOnNext(pieces::add)
                .blockLast(LONG);
        assertThat(text(pieces)).isEqualTo("done");
    }

    // ---- much of it ----

    @Test
    void linesOfMegabytesAreReadAndLongerOnesAreRefused() {
        assertThat(answered(FakeClaude.adapter(), ask("large 8000000")).text()).hasSize(8_000_000);
        SluiceException tooLarge = failed(FakeClaude.adapter().maxLine(100_000), "large 8000000");
        assertThat(tooLarge).isInstanceOf(EventTooLargeException.class).hasMessageContaining("100000 bytes");
        assertThat(tooLarge.failureClass()).isEqualTo(FailureClass.TOO_LARGE);
    }

    @Test
    void aProgramThatSaysMuchAboutItselfIsNotHeldUp() {
        assertThat(answered(FakeClaude.adapter(), ask("noisy")).text()).isEqualTo("quiet now");
    }

    @Test
    void aMessageThatIsLargerThanAPipeIsRead() {
        String large = "z".repeat(2_000_000);
        assertThat(answered(FakeClaude.adapter(), ask(large)).text()).hasSize(large.length() + 7);
    }

    // ---- what goes wrong ----

    @Test
    void anErrorThatSaysSuccessIsAFailureWithStatusUsageAndMeaning() {
        ProviderFailure failure =
                (ProviderFailure) failed(FakeClaude.adapter(), "error 429 API Error: Rate limit reached");
        assertThat(failure.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(failure.status()).isEqualTo(429);
        assertThat(failure.usage()).isEqualTo(TokenUsage.of(116, 22).withCache(100, 5));
        assertThat(failed(FakeClaude.adapter(), "error 529 Overloaded").failureClass())
                .isEqualTo(FailureClass.OVERLOADED);
        StepVerifier.create(FakeClaude.adapter().build().stream(ask("error 500 Internal server error")))
                .expectErrorSatisfies(error ->
                        assertThat(((ProviderFailure) error).failureClass()).isEqualTo(FailureClass.TRANSIENT))
                .verify(LONG);
    }

    @Test
    void anEndWithoutAnAnswerIsAFailureThoughNothingCallsItAnError() {
        ProviderFailure failure = (ProviderFailure) failed(FakeClaude.adapter(), "turns");
        assertThat(failure).hasMessageContaining("maximum number of turns");
        assertThat(failure.usage().outputOr(0)).isEqualTo(22);
    }

    @Test
    void aCrashTellsItsExitCodeAndItsLastWordsWithoutSecrets() {
        SluiceException failure = failed(
                FakeClaude.adapter().apiKey(() -> KEY).environment(() -> Map.of("PASSWORD", "correct-horse")),
                "crash it went wrong with correct-horse and " + KEY);
        assertThat(failure)
                .hasMessageStartingWith("claude-code ended with exit code 7 and without a result: ")
                .hasMessageContaining("it went wrong")
                .hasMessageNotContaining("correct-horse")
                .hasMessageNotContaining(KEY);
        assertThat(failure.failureClass()).isEqualTo(FailureClass.TRANSIENT);
    }

    @Test
    void wordsInPlaceOfAResultSayWhatItIs() {
        ProviderFailure limit =
                (ProviderFailure) failed(FakeClaude.adapter(), "words Claude AI usage limit reached|4102444800");
        assertThat(limit.failureClass()).isIn(FailureClass.RATE_LIMIT, FailureClass.QUOTA);
        SluiceException garbage = failed(FakeClaude.adapter(), "garbage");
        assertThat(garbage.failureClass()).isEqualTo(FailureClass.TRANSIENT);
        assertThat(garbage).hasMessageStartingWith("claude-code ended with exit code 0 and without a result");
    }

    @Test
    void aProgramThatIsNotThereIsSaidToBeMissing() {
        SluiceException failure = failed(ClaudeCodeAdapter.builder().command("/no/such/claude"), "hello");
        assertThat(failure)
                .isInstanceOf(ClaudeCodeUnavailableException.class)
                .hasMessageContaining("could not be started")
                .hasMessageContaining("/no/such/claude");
        assertThat(failure.failureClass()).isEqualTo(FailureClass.REJECTED);
    }

    @Test
    void nothingOfTheSettingsIsShown() {
        assertThat(ClaudeCodeAdapter.builder()
                        .apiKey(() -> KEY)
                        .environment(() -> Map.of("PASSWORD", "correct-horse"))
                        .arguments("--append-system-prompt", "secret plan")
                        .build())
                .hasToString("ClaudeCodeAdapter[provider=claude-code, program=claude]");
    }
}
