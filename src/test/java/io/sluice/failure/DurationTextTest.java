package io.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "6ms, PT0.006S",
        "120ms, PT0.12S",
        "1ms, PT0.001S",
        "0s, PT0S",
        "10.793s, PT10.793S",
        "1m2.5s, PT1M2.5S",
        "7m12s, PT7M12S",
        "28m48s, PT28M48S",
        "6m0s, PT6M",
        "4m12.172s, PT4M12.172S",
        "2h22m12.864s, PT2H22M12.864S",
        "23h18m29.144s, PT23H18M29.144S",
        "1m1.043333333s, PT1M1.043333333S",
        "1.991799999s, PT1.991799999S",
        "1m2.639999999s, PT1M2.639999999S",
        "290.979975ms, PT0.290979975S",
        "156h14m36.75s, PT156H14M36.75S",
        "10h17m5.723541104s, PT10H17M5.723541104S",
        "250us, PT0.00025S",
        "250µs, PT0.00025S",
        "250μs, PT0.00025S",
        "7ns, PT0.000000007S",
        "20 seconds, PT20S",
        "3 sec, PT3S",
        "1 second, PT1S",
        "2 minutes, PT2M",
        "1 minute 30 seconds, PT1M30S",
        "1 minute and 30 seconds, PT1M30S",
        "'1 hour, 2 min, 3 s', PT1H2M3S",
        "20 milliseconds, PT0.02S",
        "2 days, PT48H",
        "1.5h, PT1H30M",
        ".5s, PT0.5S",
        "2H, PT2H",
        "0.0000000001s, PT0.000000001S",
    })
    void aDurationIsReadToTheNanosecond(String text, Duration expected) {
        assertThat(DurationText.whole(text)).isEqualTo(expected.toNanos());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "s",
                "5 sessions",
                "5s3",
                "5sec_",
                "-5s",
                "+5s",
                "1,5s",
                "1.5.2s",
                "5.s",
                "1e3s",
                "5 s x",
                "x5s",
                "5mss",
                "five seconds",
                "5 0s",
                "1_0s",
                "\u0665s"
            })
    void anythingElseIsNoDuration(String text) {
        assertThat(DurationText.whole(text)).isEqualTo(Nanos.NONE);
    }

    @ParameterizedTest
    @CsvSource({"99999999999999999999s", "9999999999h", "9223372037s", "106752d"})
    void whatDoesNotFitIsTheLongestThereIs(String text) {
        assertThat(DurationText.whole(text)).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({
        "9.816s., PT9.816S",
        "5 seconds later, PT5S",
        "1m30s), PT1M30S",
        "1 minute 3 sessions, PT1M",
    })
    void aSentenceMayGoOnBehindIt(String text, Duration expected) {
        assertThat(DurationText.read(text, 0))
                .isNotNull()
                .extracting(DurationText::nanos)
                .isEqualTo(expected.toNanos());
    }
}
