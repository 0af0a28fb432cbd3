package io.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.HttpResponseFor;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicIoException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The official client of Anthropic, which knows nothing of this library, takes the simulator for Anthropic. */
class AnthropicSdkTest {

    private RunningSimulator simulator;
    private AnthropicClient client;

    @BeforeAll
    static void warmUp() {
        Way.warmUp();
    }

    @BeforeEach
    void start() {
        simulator = Objects.requireNonNull(Simulator.builder()
                .model(
                        "claude-sim",
                        ModelLimits.apart(50, 30_000, 12)
                                .kind(WindowKind.TOKEN_BUCKET)
                                .charging(Charging.ACTUAL))
                .replyTokens(5, 5)
                .apiKey("sk-right")
                .build()
                .start()
                .block(Way.LONG));
        client = client("sk-right");
    }

    @AfterEach
    void stop() {
        client.close();
        simulator.disposeLater().block(Way.LONG);
    }

    private AnthropicClient client(String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(simulator.anthropicBaseUrl())
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    private static MessageCreateParams ask(String model) {
        return MessageCreateParams.builder()
                .model(model)
                .system("be brief")
                .addUserMessage("hello")
                .maxTokens(1_000)
                .build();
    }

    private Message create() {
        return client.messages().create(ask("claude-sim"));
    }

    private Message stream() {
        MessageAccumulator whole = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(ask("claude-sim"))) {
            events.stream().peek(RawMessageStreamEvent::validate).forEach(whole::accumulate);
        }
        return whole.message();
    }

    private static void assertWhole(Message message) {
        assertThat(message.model().asString()).isEqualTo("claude-sim");
        assertThat(message.content())
                .singleElement()
                .satisfies(block -> assertThat(block.asText().text().split(" ")).hasSize(5));
        assertThat(message.stopReason()).contains(StopReason.END_TURN);
        assertThat(message.usage().inputTokens()).isEqualTo(2 + 4 + 2 + 4);
        assertThat(message.usage().outputTokens()).isEqualTo(5);
    }

    @Test
    void aPlainCallIsAnsweredWithUsage() {
        assertWhole(create().validate());
    }

    @Test
    void aStreamedCallIsAnsweredWithUsage() {
        assertWhole(stream());
        assertThat(simulator.report().tokens()).isEqualTo(17);
    }

    @Test
    void theHeadersTellHowTheLimitsStand() {
        try (HttpResponseFor<Message> answer =
                client.messages().withRawResponse().create(ask("claude-sim"))) {
            assertThat(answer.headers().values("anthropic-ratelimit-requests-limit"))
                    .containsExactly("50");
            assertThat(answer.headers().values("anthropic-ratelimit-requests-remaining"))
                    .containsExactly("49");
            assertThat(answer.headers().values("anthropic-ratelimit-input-tokens-limit"))
                    .containsExactly("30000");
            assertThat(answer.headers().values("anthropic-ratelimit-input-tokens-remaining"))
                    .as("rounded to thousands")
                    .containsExactly("30000");
            assertThat(answer.headers().values("anthropic-ratelimit-output-tokens-limit"))
                    .containsExactly("12");
            assertThat(answer.headers().values("anthropic-ratelimit-tokens-limit"))
                    .as("the tightest")
                    .containsExactly("12");
            assertThat(answer.headers().values("anthropic-ratelimit-input-tokens-reset"))
                    .singleElement()
                    .satisfies(reset -> assertThat(Instant.parse(reset)).isAfter(Instant.EPOCH));
            assertThat(answer.requestId()).contains("req_0");
        }
    }

    @Test
    void aReachedLimitOfTheOutputIsARateLimitThatSaysHowLongToWait() {
        for (int i = 0; i < 3; i++) {
            create();
        }
        RateLimitException refused = catchThrowableOfType(RateLimitException.class, this::create);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().values("retry-after"))
                .singleElement()
                .satisfies(seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 20));
        assertThat(refused)
                .hasMessageContaining("rate_limit_error")
                .hasMessageContaining("rate limit of 12 output tokens per minute");
        assertThatThrownBy(this::stream).isInstanceOf(RateLimitException.class);
        assertThat(simulator.report().highest("claude-sim").outputTokens()).isBetween(13L, 15L);
    }

    @Test
    void anOverloadIs529() {
        simulator.inject(Fault.status(529), Occasion.always());
        for (Runnable call : new Runnable[] {this::create, this::stream}) {
            InternalServerException overloaded = catchThrowableOfType(InternalServerException.class, call::run);
            assertThat(overloaded.statusCode()).isEqualTo(529);
            assertThat(overloaded).hasMessageContaining("overloaded_error");
        }
    }

    @Test
    void aSpentLimitSaysSoAndGivesNoHint() {
        simulator.inject(Fault.insufficientQuota(), Occasion.always());
        RateLimitException refused = catchThrowableOfType(RateLimitException.class, this::create);
        assertThat(refused).hasMessageContaining("enforced_spend_limit_reached");
        assertThat(refused.headers().values("retry-after")).isEmpty();
    }

    @Test
    void otherErrorsHaveTheirTypes() {
        assertThatThrownBy(() -> client.messages().create(ask("claude-none"))).isInstanceOf(NotFoundException.class);
        AnthropicClient stranger = client("sk-wrong");
        assertThatThrownBy(() -> stranger.messages().create(ask("claude-sim")))
                .isInstanceOf(UnauthorizedException.class);
        stranger.close();
        simulator.inject(Fault.resetBeforeHeaders(), Occasion.first(1));
        assertThatThrownBy(this::create).isInstanceOf(AnthropicIoException.class);
        simulator.clearFaults();
        simulator.inject(Fault.errorInStream(3), Occasion.first(1));
        assertThatThrownBy(this::stream)
                .isInstanceOfSatisfying(
                        SseException.class,
                        error -> assertThat(error.statusCode()).isEqualTo(200))
                .hasMessageContaining("Overloaded");
    }
}
