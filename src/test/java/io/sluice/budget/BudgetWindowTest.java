package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where windows of the calendar begin and end, by tables. */
class BudgetWindowTest {

    @ParameterizedTest
    @CsvSource({
        // zone, an instant, its window, how long that is
        "UTC, 2026-03-01T00:00:00Z, HOUR, 2026-03-01T00:00:00Z, PT1H",
        "UTC, 2026-03-01T00:59:59.999Z, HOUR, 2026-03-01T00:00:00Z, PT1H",
        "UTC, 2026-03-01T23:59:59.999Z, DAY, 2026-03-01T00:00:00Z, PT24H",
        // Half an hour off.
        "Asia/Kolkata, 2026-03-01T00:10:00Z, HOUR, 2026-02-28T23:30:00Z, PT1H",
        "Asia/Kathmandu, 2026-03-01T00:10:00Z, HOUR, 2026-02-28T23:15:00Z, PT1H",
        "Asia/Kolkata, 2026-03-01T00:10:00Z, DAY, 2026-02-28T18:30:00Z, PT24H",
        // Berlin: the clock goes from 2 to 3 on 29 March, from 3 to 2 on 25 October 2026.
        "Europe/Berlin, 2026-03-29T00:30:00Z, HOUR, 2026-03-29T00:00:00Z, PT1H",
        "Europe/Berlin, 2026-03-29T01:00:00Z, HOUR, 2026-03-29T01:00:00Z, PT1H",
        "Europe/Berlin, 2026-03-29T12:00:00Z, DAY, 2026-03-28T23:00:00Z, PT23H",
        "Europe/Berlin, 2026-10-25T00:30:00Z, HOUR, 2026-10-25T00:00:00Z, PT1H",
        "Europe/Berlin, 2026-10-25T01:30:00Z, HOUR, 2026-10-25T01:00:00Z, PT1H",
        "Europe/Berlin, 2026-10-25T12:00:00Z, DAY, 2026-10-24T22:00:00Z, PT25H",
        "Europe/Berlin, 2026-03-15T12:00:00Z, MONTH, 2026-02-28T23:00:00Z, PT743H",
        "Europe/Berlin, 2026-10-15T12:00:00Z, MONTH, 2026-09-30T22:00:00Z, PT745H",
        // New York: 8 March and 1 November 2026.
        "America/New_York, 2026-03-08T07:00:00Z, HOUR, 2026-03-08T07:00:00Z, PT1H",
        "America/New_York, 2026-03-08T12:00:00Z, DAY, 2026-03-08T05:00:00Z, PT23H",
        "America/New_York, 2026-11-01T05:59:00Z, HOUR, 2026-11-01T05:00:00Z, PT1H",
        "America/New_York, 2026-11-01T06:01:00Z, HOUR, 2026-11-01T06:00:00Z, PT1H",
        "America/New_York, 2026-11-01T12:00:00Z, DAY, 2026-11-01T04:00:00Z, PT25H",
        // Lord Howe: by half an hour. From 2:00 to 1:30 on 5 April, from 2:00 to 2:30 on 4 October 2026.
        "Australia/Lord_Howe, 2026-04-04T14:10:00Z, HOUR, 2026-04-04T14:00:00Z, PT90M",
        "Australia/Lord_Howe, 2026-04-04T15:20:00Z, HOUR, 2026-04-04T14:00:00Z, PT90M",
        "Australia/Lord_Howe, 2026-04-04T15:30:00Z, HOUR, 2026-04-04T15:30:00Z, PT1H",
        "Australia/Lord_Howe, 2026-04-05T00:00:00Z, DAY, 2026-04-04T13:00:00Z, PT24H30M",
        "Australia/Lord_Howe, 2026-10-03T15:10:00Z, HOUR, 2026-10-03T14:30:00Z, PT1H",
        "Australia/Lord_Howe, 2026-10-03T15:45:00Z, HOUR, 2026-10-03T15:30:00Z, PT30M",
        "Australia/Lord_Howe, 2026-10-03T16:00:00Z, HOUR, 2026-10-03T16:00:00Z, PT1H",
        "Australia/Lord_Howe, 2026-10-04T00:00:00Z, DAY, 2026-10-03T13:30:00Z, PT23H30M",
        // Months of all lengths.
        "UTC, 2026-01-31T23:59:59Z, MONTH, 2026-01-01T00:00:00Z, P31D",
        "UTC, 2026-02-28T23:59:59Z, MONTH, 2026-02-01T00:00:00Z, P28D",
        "UTC, 2028-02-29T12:00:00Z, MONTH, 2028-02-01T00:00:00Z, P29D",
        "UTC, 2100-02-28T12:00:00Z, MONTH, 2100-02-01T00:00:00Z, P28D",
        "UTC, 2028-02-29T12:00:00Z, DAY, 2028-02-29T00:00:00Z, P1D",
        "UTC, 2026-12-31T12:00:00Z, MONTH, 2026-12-01T00:00:00Z, P31D",
        // Midnight is skipped in Beirut on 29 March 2026, comes twice in Havana on 1 November 2026.
        "Asia/Beirut, 2026-03-29T06:00:00Z, DAY, 2026-03-28T22:00:00Z, PT23H",
        "America/Havana, 2026-11-01T05:30:00Z, DAY, 2026-11-01T04:00:00Z, PT25H",
        // Samoa had no 30 December 2011.
        "Pacific/Apia, 2011-12-30T05:00:00Z, DAY, 2011-12-29T10:00:00Z, PT24H"
    })
    void aWindowBeginsWhereTheClockOfItsZoneBeginsIt(
            ZoneId zone, Instant at, BudgetWindow.Period period, Instant start, Duration length) {
        BudgetWindow window = new BudgetWindow(period, zone);
        assertThat(window.startOf(at)).isEqualTo(start);
        assertThat(window.endOf(at)).isEqualTo(start.plus(length));
        assertThat(window.startOf(start)).isEqualTo(start);
        assertThat(window.endOf(start)).isEqualTo(start.plus(length));
        assertThat(window.startOf(start.plus(length)))
                .as("where one ends the next begins")
                .isEqualTo(start.plus(length));
    }

    /** Where the clock is put back over midnight, the day before is not begun again. */
    @Test
    void aDayThatHasBegunDoesNotEndBeforeItBegan() {
        BudgetWindow daily = BudgetWindow.daily(ZoneId.of("America/St_Johns"));
        // On 29 October 2006 the clock went from 0:01 back to 23:01.
        Instant again = ZonedDateTime.parse("2006-10-28T23:30:00-03:30[America/St_Johns]")
                .toInstant();
        assertThat(daily.endOf(again)).isAfter(again).isEqualTo(Instant.parse("2006-10-30T03:30:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTC",
                "Europe/Berlin",
                "America/New_York",
                "Australia/Lord_Howe",
                "America/Sao_Paulo",
                "Asia/Tehran",
                "Africa/Casablanca",
                "Antarctica/Troll"
            })
    void windowsFollowOnEachOtherWithoutGapsForTenYears(String zone) {
        Random random = new Random(zone.hashCode());
        for (BudgetWindow.Period period : BudgetWindow.Period.values()) {
            BudgetWindow window = new BudgetWindow(period, ZoneId.of(zone));
            Instant at = window.startOf(Instant.parse("2020-01-01T00:00:00Z"));
            Instant last = at.plus(Duration.ofDays(period == BudgetWindow.Period.HOUR ? 800 : 3_650));
            while (at.isBefore(last)) {
                Instant end = window.endOf(at);
                assertThat(end).isAfter(at);
                long length = end.toEpochMilli() - at.toEpochMilli();
                Instant within = at.plusMillis(random.nextLong(length));
                assertThat(window.startOf(within)).as("%s %s", window, within).isEqualTo(at);
                assertThat(window.endOf(within)).as("%s %s", window, within).isEqualTo(end);
                at = end;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRollingWindowBeginsNowhere(BudgetWindow.Period period) {
        BudgetWindow rolling = BudgetWindow.rolling(period);
        assertThat(rolling.isRolling()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> rolling.startOf(Instant.EPOCH));
        assertThatIllegalStateException().isThrownBy(() -> rolling.endOf(Instant.EPOCH));
    }

    @Test
    void aWindowSaysWhatItIs() {
        assertThat(BudgetWindow.daily(ZoneId.of("Europe/Berlin"))).hasToString("day in Europe/Berlin");
        assertThat(BudgetWindow.rolling(BudgetWindow.Period.MONTH)).hasToString("rolling month");
    }
}
