package io.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

    @ParameterizedTest
    @CsvSource({
        "5, 5000000000, $5.00",
        "5.00, 5000000000, $5.00",
        "0, 0, $0.00",
        "0.5, 500000000, $0.50",
        "0.000000075, 75, $0.000000075",
        "120.125, 120125000000, $120.125",
        "9223372036.854775807, 9223372036854775807, $9223372036.854775807"
    })
    void dollarsAreReadAndShownExactly(String text, long nanos, String shown) {
        assertThat(Money.usd(text).nanos()).isEqualTo(nanos);
        assertThat(Money.usd(text)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "$5",
                "5 ",
                "5.",
                ".5",
                "1e3",
                "1,5",
                "NaN",
                "Infinity",
                "0.0000000001",
                "12345678901",
                "9223372036.854775808",
                "9999999999",
                "٥"
            })
    void whatIsNoAmountIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Money.usd(text)).withMessageContaining("amount");
    }

    @ParameterizedTest
    @CsvSource({
        // dollars, rounded up, half even
        "0.0000000010, 1, 1",
        "0.0000000011, 2, 1",
        "0.0000000005, 1, 0",
        "0.0000000015, 2, 2",
        "0.0000000025, 3, 2",
        "0.00000000051, 1, 1",
        "0, 0, 0"
    })
    void priceIsRoundedUpToReserveAndToTheNearestToSpend(BigDecimal dollars, long up, long nearest) {
        assertThat(Money.roundedUp(dollars).nanos()).isEqualTo(up);
        assertThat(Money.roundedHalfEven(dollars).nanos()).isEqualTo(nearest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "9223372036.8547758071", "9223372037", "-0.1", "-1e-999999999"})
    void whatCannotBeHeldIsRefusedAtOnce(BigDecimal dollars) {
        assertThatIllegalArgumentException().isThrownBy(() -> Money.roundedUp(dollars));
        assertThatIllegalArgumentException().isThrownBy(() -> Money.exactly(dollars));
    }

    @Test
    void nothingFinerThanANanoDollarIsExact() {
        assertThat(Money.exactly(new BigDecimal("0.0100000000000")).nanos()).isEqualTo(10_000_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Money.exactly(new BigDecimal("0.0000000001")))
                .withMessageContaining("nano-dollar");
    }

    @Test
    void aSumThatCannotBeHeldIsRefused() {
        assertThat(Money.usd("0.10").plus(Money.usd("0.20"))).isEqualTo(Money.usd("0.30"));
        Money most = new Money(Long.MAX_VALUE);
        assertThat(most.plus(Money.ZERO)).isEqualTo(most);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> most.plus(new Money(1)))
                .withMessageContaining("9223372036.854775807");
    }

    @Test
    void lessMoneyComesFirst() {
        assertThat(Money.usd("0.10")).isLessThan(Money.usd("0.11")).isEqualByComparingTo(Money.usd("0.1"));
    }
}
