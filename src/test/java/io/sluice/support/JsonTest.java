package io.sluice.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonTest {

    private static final String DOCUMENT = "{\"name\":\"schön 漢 😀\"}";

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void aByteOrderMarkIsSkipped(String charset) {
        byte[] document = ("\ufeff" + DOCUMENT).getBytes(Charset.forName(charset));
        assertThat(Json.read(document).get("name").asString()).isEqualTo("schön 漢 😀");
    }

    @Test
    void plainUtf8NeedsNoMark() {
        assertThat(Json.read(DOCUMENT.getBytes(StandardCharsets.UTF_8))).isEqualTo(Json.read(DOCUMENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "[", "[1]]", "{} {}", "{\"a\":1}x", "{'a':1}", "[1,]", "nul", "// no\n1"})
    void whatIsNotOneJsonValueIsRefused(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(JacksonException.class);
        assertThatThrownBy(() -> Json.read(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(JacksonException.class);
    }

    @Test
    void latin1IsRefused() {
        assertThatThrownBy(() -> Json.read("[\"schön\"]".getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(JacksonException.class);
    }

    @Test
    void nestingHasABound() {
        String allowed = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
        assertThat(Json.compact(Json.read(allowed))).isEqualTo(allowed);
        assertThatThrownBy(() -> Json.read("[" + allowed + "]")).isInstanceOf(JacksonException.class);
    }

    @Test
    void numbersKeepTheirDigits() {
        String numbers = "[0.10,1,1.0,123456789012345678901234567890,0.1234567890123456789]";
        assertThat(Json.compact(Json.read(numbers))).isEqualTo(numbers);
    }

    @Test
    void prettyIsWhatPythonWrites() {
        assertThat(Json.pretty(Json.read("[{\"a\":[],\"b\":{},\"c\":[1,{\"d\":\"é😀\"}]}]")))
                .isEqualTo("""
                        [
                          {
                            "a": [],
                            "b": {},
                            "c": [
                              1,
                              {
                                "d": "\\u00e9\\ud83d\\ude00"
                              }
                            ]
                          }
                        ]""");
    }

    @Test
    void aLoneSurrogateSurvivesARewrite() {
        String lone = "[\n  \"\\ud83d\"\n]";
        assertThat(Json.pretty(Json.read(lone))).isEqualTo(lone);
    }
}
