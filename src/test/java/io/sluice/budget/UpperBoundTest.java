package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpperBoundTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "Grüße",
                "日本語",
                "a😀b",
                "👩‍👩‍👧‍👦",
                "ਪੰਜਾਬੀ",
                "\u0000\u007f\u0080\u07ff\u0800\uffff"
            })
    void aTextHasAtMostAsManyTokensAsBytes(String text) {
        assertThat(UpperBound.ofInput(List.of(text))).isEqualTo(16 + text.getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void halfAPairCountsAsWhatReplacesIt() {
        assertThat(UpperBound.ofInput(List.of("a\ud83d", "\ude00b"))).isEqualTo(24 + 4 + 4);
    }

    @Test
    void aStrictChargeReservesTheWholeCap() {
        Charge charge = Charge.strict(ModelKey.of("p", "m"), List.of("be brief", "why?"), 500);
        assertThat(charge.estimate()).isEqualTo(TokenEstimate.of(24 + 12, 500));
    }
}
