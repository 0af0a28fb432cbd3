package io.sluice.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.FailureClass;
import io.sluice.support.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.StringNode;

class ToolCallPartsTest {

    private final ToolCallParts parts = new ToolCallParts();

    @Test
    void piecesOfSeveralCallsAreKeptApart() {
        parts.about(0, "a", "weather");
        parts.about(1, "b", "time");
        parts.argument(0, "{\"city\":");
        parts.argument(1, "{}");
        parts.argument(0, "\"Bonn\"}");
        assertThat(parts.endAll())
                .containsExactly(
                        new LlmToolCall("a", "weather", Json.read("{\"city\":\"Bonn\"}")),
                        new LlmToolCall("b", "time", Json.read("{}")));
        assertThat(parts.endAll()).isEmpty();
    }

    @Test
    void argumentsThatAreNoJsonAreWhatTheModelWrote() {
        parts.about(3, null, "weather");
        parts.argument(3, "{\"city");
        assertThat(parts.end(3)).containsExactly(new LlmToolCall(null, "weather", StringNode.valueOf("{\"city")));
    }

    @Test
    void aCallWithoutANameIsNone() {
        parts.argument(0, "{}");
        assertThat(parts.end(0)).isEmpty();
        assertThat(parts.end(7)).isEmpty();
    }

    @Test
    void argumentsWithoutEndAreRefusedAndThoseThatWereToldAreForgotten() {
        String megabyte = "x".repeat(1 << 20);
        for (int call = 0; call < 3; call++) {
            parts.about(call, null, "weather");
            for (int i = 0; i < 31; i++) {
                parts.argument(call, megabyte);
            }
            assertThat(parts.end(call)).hasSize(1);
        }
        assertThatExceptionOfType(EventTooLargeException.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 33; i++) {
                        parts.argument(0, megabyte);
                    }
                })
                .satisfies(error -> assertThat(error.failureClass()).isEqualTo(FailureClass.TOO_LARGE));
    }
}
