package io.sluice.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenEstimatorTest {

    private final TokenEstimator estimator = TokenEstimator.characters();

    @Test
    void anEmptyTextCostsNothing() {
        assertThat(estimator.text("")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"a,1", "abcd,1", "abcde,2", "abcdefgh,2", "abcdefghi,3"})
    void fourCharactersAreATokenRoundedUp(String text, long tokens) {
        assertThat(estimator.text(text)).isEqualTo(tokens);
    }

    @Test
    @DisplayName("D-L1-05: 80 Chinese characters are 80 tokens, not 20")
    void aChineseCharacterIsAToken() {
        assertThat(estimator.text("漢".repeat(80))).isEqualTo(80);
    }

    @ParameterizedTest
    @CsvSource({"漢字,2", "ひらがな,4", "カタカナ,4", "ㄅㄆㄇ,3", "ภาษาไทย,7", "ພາສາ,4", "ភាសា,4", "မြန်မာ,6", "བོད,3", "𠀀𠀁,2"})
    void everyCharacterOfAScriptWithoutSpacesIsAToken(String text, long tokens) {
        assertThat(estimator.text(text)).isEqualTo(tokens);
    }

    @Test
    void mixedTextIsTheSumOfItsScripts() {
        assertThat(estimator.text("GPT-5 は速い")).isEqualTo(2 + 3);
    }

    @Test
    void anEmojiIsOneCharacter() {
        assertThat(estimator.text("😀😀😀😀")).isEqualTo(1);
        assertThat(estimator.text("😀😀😀😀😀")).isEqualTo(2);
    }

    @Test
    void loneSurrogatesAreCharacters() {
        assertThat(estimator.text("\ud83d")).isEqualTo(1);
        assertThat(estimator.text("\ude00\ud83d\ude00\ude00\ud83d")).isEqualTo(1);
    }

    @Test
    void noTextIsTooStrange() {
        Random random = new Random(42);
        for (int round = 0; round < 200; round++) {
            int length = 1 + random.nextInt(500);
            StringBuilder text = new StringBuilder(length);
            for (int i = 0; i < length; i++) {
                text.append((char) random.nextInt(0x10000));
            }
            assertThat(estimator.text(text)).isBetween(1L, (long) length);
        }
    }

    @Test
    void everyMessageCostsEightTokensMore() {
        assertThat(estimator.messages(List.of("abcd", "", "漢字"))).isEqualTo(9 + 8 + 10);
        assertThat(estimator.messages(List.of())).isZero();
    }

    @Test
    void aConversationNeverExceedsWhatAnEstimateMayBe() {
        TokenEstimator huge = text -> TokenEstimator.MAX_TOKENS;
        assertThat(huge.messages(Collections.nCopies(3, "x"))).isEqualTo(TokenEstimator.MAX_TOKENS);
    }

    @Test
    void aMillionCharactersAreCountedAtOnce() {
        assertThat(estimator.text("a漢".repeat(500_000))).isEqualTo(500_000 + 125_000);
    }
}
