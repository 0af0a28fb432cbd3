package io.sluice.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/** Whatever goes wrong, the key is in nothing that a log could show. */
class KeySecrecyTest extends OnServer {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"Incorrect API key provided: KEY.\",\"type\":\"auth\",\"code\":\"KEY\"}}",
                "{\"error\":{\"message\":\"bad\",\"type\":\"KEY\"}}",
                "{\"error\":\"Bearer KEY is not known\"}",
                "{\"message\":\"KEY\",\"code\":\"no KEY here\"}",
                "<html>KEY</html>",
                "KEY",
                "{\"error\":{\"message\":\"KEY"
            })
    void aServerThatQuotesItIsNotRepeated(String body) {
        for (int status : new int[] {200, 401, 500}) {
            server.answers(status, body.replace("KEY", KEY), "x-request-id", KEY);
            assertThat(shown(failed())).doesNotContain(KEY);
        }
    }

    @Test
    void aKeyAcrossTheEndOfALongMessageIsNotRepeatedInPart() {
        for (int before = 1_970; before <= 2_000; before++) {
            server.answers(401, "{\"error\":{\"message\":\"" + ".".repeat(before) + KEY + "\"}}");
            assertThat(shown(failed())).doesNotContain(KEY.substring(0, 8));
        }
    }

    @Test
    void aBrokenExchangeDoesNotShowIt() {
        for (boolean reset : new boolean[] {false, true}) {
            assertThat(shown(brokenOff("200 OK", "{\"key\":\"" + KEY, reset))).doesNotContain(KEY);
            assertThat(shown(brokenOff("200 OK\r\n" + KEY, KEY, reset))).doesNotContain(KEY);
            assertThat(shown(brokenOff("500 " + KEY, KEY, reset))).doesNotContain(KEY);
            assertThat(shown(brokenOff(KEY, KEY, reset))).doesNotContain(KEY);
        }
        server.answers((request, response) -> {
            request.withConnection(Connection::dispose);
            return Mono.never();
        });
        assertThat(shown(failed())).doesNotContain(KEY);
    }

    @Test
    void aKeyThatNoHeaderCanCarryIsNotShown() {
        for (String bad : new String[] {"sk-secret\nx-evil: 1", "sk-secret\u0000", "sk-secret-größe"}) {
            OpenAiAdapter adapter = OpenAiAdapter.builder()
                    .baseUrl(server.baseUrl())
                    .transport(TRANSPORT)
                    .apiKey(() -> bad)
                    .build();
            Throwable error = failed(adapter.execute(hello()));
            assertThat(error).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("authorization");
            assertThat(shown(error)).doesNotContain("sk-secret");
        }
        assertThat(server.asked).isEmpty();
    }

    @Test
    void neitherTheAdapterNorADebuggedErrorShowsIt() {
        assertThat(adapter.toString()).isEqualTo("OpenAiAdapter[provider=openai, host=127.0.0.1]");
        Hooks.onOperatorDebug();
        try {
            server.answers(500, "{\"error\":\"" + KEY + "\"}");
            assertThat(shown(failed())).doesNotContain(KEY);
        } finally {
            Hooks.resetOnOperatorDebug();
        }
    }
}
