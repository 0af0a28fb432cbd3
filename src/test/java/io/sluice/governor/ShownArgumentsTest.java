package io.sluice.governor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.call.Call;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.support.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShownArgumentsTest {

    private static String shown(Object arguments) {
        return ShownArguments.of(Call.tool("deploy", arguments));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "PASSWORD",
                "db_password",
                "passwd",
                "api_key",
                "apiKey",
                "X-Api-Key",
                "access-key",
                "key",
                "token",
                "refreshToken",
                "client_secret",
                "Authorization",
                "cookie",
                "sessionId",
                "credentials",
                "pin",
                "private_key",
                "signature",
                "otp",
                "jwt"
            })
    void whatItsNameSaysIsSecretIsNotShown(String name) {
        assertThat(shown(Map.of(name, "hunter2"))).isEqualTo("{" + name + "=[secret]}");
        assertThat(shown(Map.of(name, Map.of("value", "hunter2")))).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({"prompt", "messages", "system", "systemPrompt", "content", "text", "input", "instructions", "question"})
    void aPromptIsNotShown(String name) {
        assertThat(shown(Map.of(name, "tell me"))).isEqualTo("{" + name + "=a text of 7 characters}");
    }

    @ParameterizedTest
    @CsvSource({
        "city,      Paris,                                   {city=Paris}",
        "monkey,    banana,                                  {monkey=banana}",
        "pages,     12,                                      {pages=12}",
        "header,    Bearer sk-abcdefghijklmnop0123456789,    '{header=Bearer [key]}'",
        "path,      /srv/app/releases/current/index.html,    '{path=/srv/app/releases/current/index.html}'",
        "id,        eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln, '{id=[key]}'"
    })
    void whatElseItIsMadeWithIsShownButForKeys(String name, String value, String expected) {
        assertThat(shown(Map.of(name, value))).isEqualTo(expected);
    }

    @Test
    void aLongTextIsCutAndAKeyAtItsEdgeIsStillOne() {
        assertThat(shown(List.of("word ".repeat(100)))).hasSizeLessThan(70).endsWith("…]");
        assertThat(shown(List.of("x ".repeat(30) + "sk-abcdefghijklmnop0123456789")))
                .doesNotContain("sk-a");
    }

    @Test
    void muchIsCutInBreadthDepthAndLength() {
        assertThat(shown(IntStream.range(0, 1_000).boxed().toList())).endsWith("19, …]");
        Map<String, Object> deep = Map.of("a", Map.of("b", Map.of("c", Map.of("d", Map.of("e", "f")))));
        assertThat(shown(deep)).isEqualTo("{a={b={c={d={…}}}}}");
        Map<String, String> wide = IntStream.range(0, 20)
                .boxed()
                .collect(Collectors.toMap(n -> "name number " + n, n -> "value ".repeat(20)));
        assertThat(shown(wide)).hasSize(1_000).endsWith("…");
    }

    @Test
    void aLineIsOneLine() {
        assertThat(shown(Map.of("name", "a\nb\u001b[31m"))).isEqualTo("{name=a b [31m}");
    }

    @Test
    void jsonIsShownAsMapsAre() {
        assertThat(shown(Json.read("{\"city\": \"Paris\", \"days\": [1, 2], \"token\": \"t\", \"prompt\": \"hi\"}")))
                .isEqualTo("{city=Paris, days=[1, 2], token=[secret], prompt=a text of 2 characters}");
    }

    @Test
    void ofAnythingElseItIsShownOnlyWhatItIs() {
        record Secrets(String password) {}
        assertThat(shown(new Secrets("hunter2"))).isEqualTo("Secrets");
        assertThat(shown("hunter2")).isEqualTo("a text of 7 characters");
        assertThat(shown(Map.of("a", new Secrets("hunter2")))).isEqualTo("{a=Secrets}");
        assertThat(shown(42)).isEqualTo("42");
    }

    @Test
    void ofAModelsCallNothingIsShown() {
        Call<Object> call = Call.of(ModelKey.of("p", "m"), Map.of("city", "Paris"), TokenEstimate.NONE);
        assertThat(ShownArguments.of(call)).doesNotContain("Paris", "city");
    }
}
