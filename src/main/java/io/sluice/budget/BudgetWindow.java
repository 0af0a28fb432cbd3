package io.sluice.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The span of time that the limits of a budget count for. Immutable.
 *
 * <pre>{@code
 * Budget.root("team").usd("20.00").per(BudgetWindow.daily(ZoneId.of("Europe/Berlin")))
 * }</pre>
 *
 * <p><b>By the calendar</b> a window begins where the clock of a zone begins an hour, a day or a month, and everything that was
 * spent before is forgotten at that moment. A day that the zone's clock is changed in has 23 or 25 hours, or whatever it has
 * there; where midnight is skipped, the day begins with what follows. An hour begins where the clock comes to a full hour, or
 * jumps over one: so the hour that is repeated in autumn is two windows, and on Lord Howe Island, whose clock is changed by
 * half an hour, one hour of the year has 90 minutes and one has 30.
 *
 * <p><b>Rolling</b>, what was spent counts for an hour, for 24 hours or for 30 days from then on, whatever any calendar says;
 * so there is no moment at which a whole limit is free at once, and none around which two limits can be spent.
 *
 * @param period how long it is
 * @param zone whose calendar it follows; null for a rolling one
 */
public record BudgetWindow(Period period, @Nullable ZoneId zone) {

    /** How long a window is. */
    public enum Period {
        /** An hour. */
        HOUR(Duration.ofHours(1)),
        /** A day of the calendar, or 24 hours. */
        DAY(Duration.ofDays(1)),
        /** A month of the calendar, or 30 days. */
        MONTH(Duration.ofDays(30));

        private final Duration rolling;

        Period(Duration rolling) {
            this.rolling = rolling;
        }

        /** How long a rolling window of this period is. */
        public Duration rolling() {
            return rolling;
        }
    }

    public BudgetWindow {
        Objects.requireNonNull(period, "period");
    }

    /** An hour of a zone's clock. */
    public static BudgetWindow hourly(ZoneId zone) {
        return new BudgetWindow(Period.HOUR, Objects.requireNonNull(zone, "zone"));
    }

    /** A day of a zone's calendar. */
    public static BudgetWindow daily(ZoneId zone) {
        return new BudgetWindow(Period.DAY, Objects.requireNonNull(zone, "zone"));
    }

    /** A month of a zone's calendar. */
    public static BudgetWindow monthly(ZoneId zone) {
        return new BudgetWindow(Period.MONTH, Objects.requireNonNull(zone, "zone"));
    }

    /** The last hour, 24 hours or 30 days at any moment. */
    public static BudgetWindow rolling(Period period) {
        return new BudgetWindow(period, null);
    }

    /** Whether it has no beginning and no end, but always reaches back from now. */
    public boolean isRolling() {
        return zone == null;
    }

    /**
     * When the window of the calendar begins that this instant is in.
     *
     * @throws IllegalStateException if it is a rolling one
     */
    public Instant startOf(Instant at) {
        return calendar().startOf(at);
    }

    /**
     * When the next window of the calendar begins; later than this instant.
     *
     * @throws IllegalStateException if it is a rolling one
     */
    public Instant endOf(Instant at) {
        return calendar().endOf(at);
    }

    private CalendarWindow calendar() {
        if (zone == null) {
            throw new IllegalStateException("a rolling window begins nowhere; ask one of a calendar");
        }
        return new CalendarWindow(period, zone);
    }

    @Override
    public String toString() {
        String name = period.name().toLowerCase(java.util.Locale.ROOT);
        return zone == null ? "rolling " + name : name + " in " + zone;
    }
}
