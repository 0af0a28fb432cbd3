package io.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "-5000000, 0s",
        "1, 1ms",
        "1000000, 1ms",
        "1000001, 2ms",
        "120000000, 120ms",
        "999000001, 1s",
        "1378000000, 1.378s",
        "8640000000, 8.64s",
        "10050000000, 10.05s",
        "60000000000, 1m0s",
        "62500000000, 1m2.5s",
        "252172000000, 4m12.172s",
        "360000000000, 6m0s",
        "3600000000000, 1h0m0s",
        "83909144000000, 23h18m29.144s",
    })
    void itIsWrittenAsOpenAiWritesIt(long nanos, String text) {
        assertThat(GoDuration.of(nanos)).isEqualTo(text);
    }
}
