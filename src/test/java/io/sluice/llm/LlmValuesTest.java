package io.sluice.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.budget.Budget;
import io.sluice.call.Sluice;
import io.sluice.model.TokenUsage;
import io.sluice.support.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.util.context.Context;
import tools.jackson.databind.JsonNode;

class LlmValuesTest {

    private static final JsonNode SECRET = Json.read("\"what was said\"");

    @Test
    void aRequestHoldsWhatItWasGivenInOrder() {
        LlmRequest request = LlmRequest.builder("gpt-5-mini")
                .system("be brief")
                .user("hello")
                .maxOutput(200)
                .extra("seed", Json.read("7"))
                .extra("temperature", Json.read("0"))
                .build();
        assertThat(request.model()).isEqualTo("gpt-5-mini");
        assertThat(request.messages())
                .containsExactly(LlmMessage.of("system", "be brief"), LlmMessage.of("user", "hello"));
        assertThat(request.maxOutput()).isEqualTo(200);
        assertThat(request.extra())
                .containsExactly(Map.entry("seed", Json.read("7")), Map.entry("temperature", Json.read("0")));
    }

    @Test
    void aRequestDoesNotChangeWithItsBuilder() {
        LlmRequest.Builder builder = LlmRequest.builder("m").user("one");
        LlmRequest first = builder.build();
        LlmRequest second =
                builder.user("two").extra("n", Json.read("1")).maxOutput(5).build();
        assertThat(first.messages()).hasSize(1);
        assertThat(first.extra()).isEmpty();
        assertThat(first.maxOutput()).isNull();
        assertThat(second.messages()).hasSize(2);
        LlmRequest third = second.toBuilder().user("three").build();
        assertThat(third.messages()).hasSize(3);
        assertThat(third.maxOutput()).isEqualTo(5);
        assertThat(third.extra()).containsKey("n");
        assertThat(second.messages()).hasSize(2);
        assertThatThrownBy(() -> second.messages().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> second.extra().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatIsNoRequestIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LlmRequest.builder("  "))
                .withMessage("model must not be blank");
        LlmRequest.Builder builder = LlmRequest.builder("m");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxOutput(0))
                .withMessage("maxOutput must be at least 1 token, was 0");
        for (String name : List.of("model", "messages")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.extra(name, SECRET))
                    .withMessageStartingWith(name + " is not an extra field");
        }
    }

    @Test
    void anotherModelIsAskedTheSame() {
        Budget budget = Budget.root("run").calls(3).build();
        LlmRequest asked = LlmRequest.builder("m")
                .user("a")
                .deadline(Duration.ofSeconds(3))
                .budget(budget)
                .build();
        LlmRequest other = asked.toBuilder().model("n").build();
        assertThat(other.model()).isEqualTo("n");
        assertThat(other.messages()).isEqualTo(asked.messages());
        Context written = other.call().apply(Context.empty());
        assertThat(Sluice.deadline(written)).isEqualTo(Duration.ofSeconds(3));
        assertThat(Sluice.budget(written)).isSameAs(budget);
        assertThatIllegalArgumentException().isThrownBy(() -> asked.toBuilder().deadline(Duration.ZERO));
    }

    @Test
    void aMessageNeedsARoleAndKeepsItsFieldsApart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LlmMessage.of(" ", "hello"))
                .withMessageContaining("role");
        for (String name : List.of("role", "content")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new LlmMessage("tool", SECRET, Map.of(name, SECRET)))
                    .withMessageContaining("not extra fields")
                    .withMessageNotContaining("said");
        }
    }

    @Test
    void aMessageDoesNotChangeWithTheMapItWasMadeOf() {
        Map<String, JsonNode> extra = new HashMap<>(Map.of("name", SECRET));
        LlmMessage message = new LlmMessage("tool", SECRET, extra);
        extra.put("tool_call_id", SECRET);
        assertThat(message.extra()).containsOnlyKeys("name");
        assertThatThrownBy(() -> message.extra().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"message", "request", "response"})
    void whatWasSaidIsNotShown(String which) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        fields.put("name", SECRET);
        LlmMessage message = new LlmMessage("user", SECRET, fields);
        Object shown = switch (which) {
            case "message" -> message;
            case "request" ->
                LlmRequest.builder("m")
                        .message(message)
                        .extra("metadata", SECRET)
                        .build();
            default -> new LlmResponse("what was said", "stop", TokenUsage.of(1, 2), "req_1", SECRET);
        };
        assertThat(shown.toString()).startsWith("Llm").doesNotContain("said");
    }

    @Test
    void theRestIsShown() {
        assertThat(LlmRequest.builder("m").user("a").extra("seed", SECRET).build())
                .hasToString("LlmRequest[model=m, messages=1, maxOutput=null, extra=[seed]]");
        assertThat(new LlmResponse("", null, TokenUsage.output(3), null, SECRET))
                .hasToString(
                        "LlmResponse[finishReason=null, usage=TokenUsage[input=unknown, output=3], cost=null, requestId=null]");
    }
}
