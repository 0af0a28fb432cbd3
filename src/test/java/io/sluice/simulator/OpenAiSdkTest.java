package io.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The official client of OpenAI, which knows nothing of this library, takes the simulator for OpenAI. */
class OpenAiSdkTest {

    private RunningSimulator simulator;
    private OpenAIClient client;

    @BeforeAll
    static void warmUp() {
        Way.warmUp();
    }

    @BeforeEach
    void start() {
        simulator = Objects.requireNonNull(Simulator.builder()
                .model("gpt-sim", ModelLimits.of(3, 1_000).kind(WindowKind.TOKEN_BUCKET))
                .replyTokens(5, 5)
                .apiKey("sk-right")
                .build()
                .start()
                .block(Way.LONG));
        client = client("sk-right", 0);
    }

    @AfterEach
    void stop() {
        client.close();
        simulator.disposeLater().block(Way.LONG);
    }

    private OpenAIClient client(String key, int retries) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(simulator.baseUrl())
                .apiKey(key)
                .maxRetries(retries)
                .build();
    }

    private static ChatCompletionCreateParams ask(String model, long cap) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage("hello")
                .maxCompletionTokens(cap)
                .build();
    }

    private ChatCompletion create() {
        return client.chat().completions().create(ask("gpt-sim", 20));
    }

    private List<ChatCompletionChunk> stream() {
        ChatCompletionCreateParams params = ask("gpt-sim", 20).toBuilder()
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(params)) {
            return chunks.stream().toList();
        }
    }

    private static void assertUsage(CompletionUsage usage) {
        assertThat(usage.promptTokens()).isEqualTo(6);
        assertThat(usage.completionTokens()).isEqualTo(5);
        assertThat(usage.totalTokens()).isEqualTo(11);
    }

    @Test
    void aPlainCallIsAnsweredWithUsage() {
        ChatCompletion answer = create().validate();
        assertThat(answer.model()).isEqualTo("gpt-sim");
        assertThat(answer.choices()).singleElement().satisfies(choice -> {
            assertThat(choice.message().content().orElseThrow().split(" ")).hasSize(5);
            assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        });
        assertUsage(answer.usage().orElseThrow());
        assertThat(simulator.report().admitted()).isEqualTo(1);
    }

    @Test
    void aStreamedCallIsAnsweredWithUsage() {
        List<ChatCompletionChunk> chunks = stream();
        assertThat(chunks).allSatisfy(ChatCompletionChunk::validate);
        String text = chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .flatMap(choice -> choice.delta().content().stream())
                .collect(Collectors.joining());
        assertThat(text.split(" ")).hasSize(5);
        assertUsage(chunks.get(chunks.size() - 1).usage().orElseThrow());
    }

    @Test
    void aReachedLimitIsARateLimitThatSaysHowLongToWait() {
        for (int i = 0; i < 3; i++) {
            create();
        }
        RateLimitException refused = catchThrowableOfType(RateLimitException.class, this::create);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.code()).contains("rate_limit_exceeded");
        assertThat(refused.type()).contains("requests");
        assertThat(refused.headers().values("retry-after"))
                .singleElement()
                .satisfies(seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 20));
        assertThat(refused).hasMessageContaining("requests per min (RPM): Limit 3, Used 3, Requested 1.");
        assertThatThrownBy(this::stream).isInstanceOf(RateLimitException.class);
        assertThat(simulator.report().refused()).isEqualTo(2);
    }

    @Test
    void anEmptyAccountIsOneThatNoRetryMends() {
        simulator.inject(Fault.insufficientQuota(), Occasion.always());
        RateLimitException refused = catchThrowableOfType(RateLimitException.class, this::create);
        assertThat(refused.code()).contains("insufficient_quota");
        assertThat(refused.type()).contains("insufficient_quota");
    }

    @Test
    void otherErrorsHaveTheirTypes() {
        simulator.inject(Fault.status(529), Occasion.first(1));
        InternalServerException overloaded = catchThrowableOfType(InternalServerException.class, this::create);
        assertThat(overloaded.statusCode()).isEqualTo(529);
        assertThatThrownBy(() -> client.chat().completions().create(ask("gpt-none", 20)))
                .isInstanceOfSatisfying(
                        NotFoundException.class,
                        error -> assertThat(error.code()).contains("model_not_found"));
        OpenAIClient stranger = client("sk-wrong", 0);
        assertThatThrownBy(() -> stranger.chat().completions().create(ask("gpt-sim", 20)))
                .isInstanceOf(UnauthorizedException.class);
        stranger.close();
    }

    @Test
    void brokenConnectionsAndStreamsAreErrorsToo() {
        simulator.inject(Fault.resetBeforeHeaders(), Occasion.first(1));
        assertThatThrownBy(this::create).isInstanceOf(OpenAIIoException.class);
        simulator.clearFaults();
        simulator.inject(Fault.errorInStream(3), Occasion.first(1));
        assertThatThrownBy(this::stream)
                .isInstanceOfSatisfying(
                        SseException.class,
                        error -> assertThat(error.statusCode()).isEqualTo(200));
        simulator.clearFaults();
        simulator.inject(Fault.cut(3), Occasion.first(1));
        assertThatThrownBy(this::stream).isInstanceOf(OpenAIIoException.class);
    }

    @Test
    void theClientsOwnRetriesGetThrough() {
        simulator.inject(Fault.rateLimited(Duration.ZERO), Occasion.first(1));
        simulator.inject(Fault.status(503), Occasion.nth(2));
        OpenAIClient patient = client("sk-right", 2);
        assertThat(patient.chat().completions().create(ask("gpt-sim", 20)).usage())
                .isPresent();
        patient.close();
        assertThat(simulator.report().failed()).isEqualTo(2);
        assertThat(simulator.report().admitted()).isEqualTo(1);
    }
}
