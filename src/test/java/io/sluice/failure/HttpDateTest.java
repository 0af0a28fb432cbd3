package io.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 section 5.6.7. */
class HttpDateTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "sun, 6 nov 1994 08:49:37 gmt",
                "Sun, 06 Nov 1994 08:49:37 UTC",
            })
    void theThreeFormsAreOneInstant(String text) {
        assertThat(HttpDate.parse(text, NOW)).isEqualTo(Instant.parse("1994-11-06T08:49:37Z"));
    }

    @Test
    void aYearOfTwoDigitsIsAtMostFiftyYearsAhead() {
        assertThat(HttpDate.parse("Sunday, 22-Nov-76 12:00:00 GMT", NOW))
                .isEqualTo(Instant.parse("2076-11-22T12:00:00Z"));
        assertThat(HttpDate.parse("Monday, 22-Nov-77 12:00:00 GMT", NOW))
                .isEqualTo(Instant.parse("1977-11-22T12:00:00Z"));
        assertThat(HttpDate.parse("Monday, 22-Nov-01 12:00:00 GMT", Instant.parse("1999-06-01T00:00:00Z")))
                .isEqualTo(Instant.parse("2001-11-22T12:00:00Z"));
    }

    @Test
    void aLeapSecondIsTheSecondBefore() {
        assertThat(HttpDate.parse("Sat, 31 Dec 2016 23:59:60 GMT", NOW))
                .isEqualTo(Instant.parse("2016-12-31T23:59:59Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "120",
                "Sun, 06 Nov 1994 08:49:37",
                "Sun, 06 Nov 1994 08:49:37 CET",
                "Sun, 06 Nov 1994 08:49 GMT",
                "Sun, 32 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 24:00:00 GMT",
                "Sun, 06 Nov 1994 08:49:61 GMT",
                "Sun, 06 Foo 1994 08:49:37 GMT",
                "Sun, 06 Nov 19944 08:49:37 GMT",
                "Sun, 06 Nov 994 08:49:37 GMT",
                "Sun, 006 Nov 1994 08:49:37 GMT",
                "Sun, -6 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 GMT and so on and so on and so on and so on",
            })
    void anythingElseIsNoDate(String text) {
        assertThat(HttpDate.parse(text, NOW)).isNull();
    }
}
