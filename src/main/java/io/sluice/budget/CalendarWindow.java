package io.sluice.budget;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/** Where hours, days and months of a zone begin, whatever is done to its clock. */
record CalendarWindow(BudgetWindow.Period period, ZoneId zone) {

    private static final long HOUR = 3_600;

    Instant startOf(Instant at) {
        ZonedDateTime local = at.atZone(zone);
        return switch (period) {
            case HOUR -> local.truncatedTo(ChronoUnit.HOURS).toInstant();
            case DAY -> startOf(local.toLocalDate());
            case MONTH -> startOf(local.toLocalDate().withDayOfMonth(1));
        };
    }

    Instant endOf(Instant at) {
        if (period == BudgetWindow.Period.HOUR) {
            return endOfHour(at);
        }
        LocalDate first = at.atZone(zone).toLocalDate();
        if (period == BudgetWindow.Period.MONTH) {
            first = first.withDayOfMonth(1);
        }
        // More than one step only where the clock was put back over midnight: that day had begun before.
        for (long steps = 1; ; steps++) {
            Instant end = startOf(period == BudgetWindow.Period.DAY ? first.plusDays(steps) : first.plusMonths(steps));
            if (end.isAfter(at)) {
                return end;
            }
        }
    }

    private Instant startOf(LocalDate date) {
        return date.atStartOfDay(zone).toInstant();
    }

    /** The next full hour, unless the clock is changed before it: then where it jumps to a full hour or over one. */
    private Instant endOfHour(Instant from) {
        ZoneRules rules = zone.getRules();
        for (Instant at = from; ; ) {
            long offset = rules.getOffset(at).getTotalSeconds();
            Instant full =
                    Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond() + offset, HOUR) * HOUR + HOUR - offset);
            ZoneOffsetTransition change = rules.nextTransition(at);
            if (change == null || change.getInstant().isAfter(full)) {
                return full;
            }
            at = change.getInstant();
            if (startOf(at).equals(at)) {
                return at;
            }
        }
    }
}
