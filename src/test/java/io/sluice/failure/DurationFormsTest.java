package io.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations that are written otherwise than as numbers with units. */
class DurationFormsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,000 seconds | PT16M40S",
                "1,234,567ms | PT20M34.567S",
                "1,000.5s | PT16M40.5S",
                "1 week | P7D",
                "2w | P14D",
                "PT30S | PT30S",
                "pt1h2m3.5s | PT1H2M3.5S",
                "P1DT2H | P1DT2H",
                "P2W | P14D",
                "00:02:15 | PT2M15S",
                "0:00:07 | PT7S",
                "100:00:00 | PT100H",
                "00:00:07.2500000 | PT7.25S",
                "2.01:02:03 | P2DT1H2M3S",
            })
    void eachFormIsRead(String text, Duration expected) {
        assertThat(DurationText.whole(text)).isEqualTo(expected.toNanos());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,00s",
                "1,0000s",
                "1000,000s",
                "1,000",
                "p",
                "pt",
                "p1",
                "p1x",
                "pt1d",
                "p1dt2hx",
                "pt30s5",
                "00:02",
                "00:60:00",
                "00:00:60",
                "0:0:0",
                "00:00:000",
                "00:00:00:00",
                "00000:00:00",
                "2.1:00:00",
                "00:00:07.",
                ":00:00",
                "00:00:07x"
            })
    void whatOnlyLooksLikeOneIsNone(String text) {
        assertThat(DurationText.whole(text)).as(text).isEqualTo(Nanos.NONE);
    }
}
