package io.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCountsTest {

    private static final long MOST = 1_099_511_627_776L;

    @Test
    void anEstimateIsBothSidesTogether() {
        assertThat(TokenEstimate.of(700, 300).total()).isEqualTo(1_000);
        assertThat(TokenEstimate.NONE.total()).isZero();
        assertThat(TokenEstimate.of(MOST, MOST).total()).isEqualTo(2 * MOST);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, MOST + 1, Long.MAX_VALUE})
    void whatCannotBeANumberOfTokensIsRefusedBySideAndValue(long tokens) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenEstimate.of(tokens, 0))
                .withMessage("input must be between 0 and 1099511627776 tokens, was " + tokens);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenEstimate.of(0, tokens))
                .withMessage("maxOutput must be between 0 and 1099511627776 tokens, was " + tokens);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenUsage.of(tokens, 0))
                .withMessageStartingWith("input must");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenUsage.of(0, tokens))
                .withMessageStartingWith("output must");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenUsage.input(tokens))
                .withMessageStartingWith("input must");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenUsage.output(tokens))
                .withMessageStartingWith("output must");
    }

    @Test
    void anUnknownSideIsNotZero() {
        TokenUsage onlyInput = TokenUsage.input(0);
        assertThat(onlyInput.hasInput()).isTrue();
        assertThat(onlyInput.inputOr(9)).isZero();
        assertThat(onlyInput.hasOutput()).isFalse();
        assertThat(onlyInput.outputOr(9)).isEqualTo(9);
        assertThat(onlyInput).isNotEqualTo(TokenUsage.of(0, 0)).hasToString("TokenUsage[input=0, output=unknown]");

        TokenUsage onlyOutput = TokenUsage.output(3);
        assertThat(onlyOutput.hasInput()).isFalse();
        assertThat(onlyOutput.inputOr(9)).isEqualTo(9);
        assertThat(onlyOutput.outputOr(9)).isEqualTo(3);
        assertThat(onlyOutput).hasToString("TokenUsage[input=unknown, output=3]");

        assertThat(TokenUsage.UNKNOWN.hasInput() || TokenUsage.UNKNOWN.hasOutput())
                .isFalse();
        assertThat(TokenUsage.UNKNOWN.inputOr(1) + TokenUsage.UNKNOWN.outputOr(2))
                .isEqualTo(3);
    }

    @Test
    void usageIsAValue() {
        assertThat(TokenUsage.of(1, 2)).isEqualTo(TokenUsage.of(1, 2)).hasSameHashCodeAs(TokenUsage.of(1, 2));
        assertThat(TokenUsage.of(1, 2)).isNotEqualTo(TokenUsage.of(2, 1)).isNotEqualTo(null);
        assertThat(TokenUsage.of(MOST, MOST).inputOr(0)).isEqualTo(MOST);
    }
}
