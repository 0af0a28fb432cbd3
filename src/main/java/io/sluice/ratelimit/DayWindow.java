package io.sluice.ratelimit;

import java.time.ZoneId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a day is for limits on days.
 *
 * @param zone the zone whose midnight begins it; null for any 86,400 seconds
 */
public record DayWindow(@Nullable ZoneId zone) {

    /** Any 86,400 seconds. Also right, if a little careful, for a provider that counts by the calendar. */
    public static final DayWindow ROLLING = new DayWindow(null);

    /**
     * From midnight to midnight, 23 or 25 hours where the clocks of the zone change. The instants come from the limiter's
     * {@link ModelRateLimiter.Builder#instantSource}, so that a machine that slept over midnight notices the new day.
     */
    public static DayWindow calendar(ZoneId zone) {
        return new DayWindow(Objects.requireNonNull(zone, "zone"));
    }

    /** Whether it goes by the calendar. */
    public boolean isCalendar() {
        return zone != null;
    }
}
