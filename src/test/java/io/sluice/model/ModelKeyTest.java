package io.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelKeyTest {

    @Test
    void partsAreStrippedAndLowerCased() {
        ModelKey key = new ModelKey(" OpenAI\t", "\u2003GPT-4o ", " Team-A ");
        assertThat(key).isEqualTo(ModelKey.of("openai", "gpt-4o").account("team-a"));
        assertThat(key).hasSameHashCodeAs(ModelKey.of("openai", "gpt-4o").account("TEAM-A"));
        assertThat(key).hasToString("openai/gpt-4o@team-a");
    }

    @Test
    void lowerCaseDoesNotDependOnTheCountry() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr"));
        try {
            assertThat(ModelKey.of("MINI", "GEMINI").toString()).isEqualTo("mini/gemini");
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-4o, openai, gpt-4o",
        "openrouter/meta/llama-3, openrouter, meta/llama-3",
        "a//, a, /",
        "' A / B ', a, b",
        "*/*, *, *"
    })
    void theFirstSlashDivides(String text, String provider, String model) {
        assertThat(ModelKey.parse(text)).isEqualTo(ModelKey.of(provider, model));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-4o", "", "   "})
    void aTextWithoutASlashIsRefusedAndShown(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelKey.parse(text))
                .withMessage("a model key is written provider/model, was \"%s\"", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "a/", "/b", " / ", "a/\t"})
    void aBlankPartIsRefusedByName(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelKey.parse(text))
                .withMessageMatching("(provider|model) must not be blank");
    }

    @Test
    void aBlankAccountIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelKey.of("p", "m").account(" "))
                .withMessage("account must not be blank");
    }

    @Test
    void partsStayApart() {
        assertThat(ModelKey.of("a/b", "c")).isNotEqualTo(ModelKey.of("a", "b/c"));
        assertThat(ModelKey.of("a", "b")).isNotEqualTo(ModelKey.of("a", "b").account("b"));
        assertThat(ModelKey.of("a", "b").account("c"))
                .isNotEqualTo(ModelKey.of("a", "b").account("d"));
    }

    @Test
    void aStarAloneIsAWildcard() {
        assertThat(ModelKey.of("*", "m").isWildcard()).isTrue();
        assertThat(ModelKey.of("p", " * ").isWildcard()).isTrue();
        assertThat(ModelKey.of("p", "m*").isWildcard()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o-2024-08-06, gpt-4o",
        "claude-opus-4-20250514, claude-opus-4",
        "claude-opus-4@20250514, claude-opus-4",
        "gpt-4-0613, gpt-4",
        "gemini-2.0-flash-001, gemini-2.0-flash",
        "claude-3-5-haiku-latest, claude-3-5-haiku"
    })
    void aVersionIsADateThreeDigitsOrLatest(String model, String without) {
        assertThat(ModelKey.of("p", model).account("a").withoutVersion())
                .isEqualTo(ModelKey.of("p", without).account("a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"claude-opus-4-5", "gpt-4o", "gpt-4o-mini", "mistral-large-2512", "m-2024-13-01", "-latest"})
    void whatIsNoVersionIsPartOfTheName(String model) {
        assertThat(ModelKey.of("p", model).withoutVersion()).isNull();
    }
}
