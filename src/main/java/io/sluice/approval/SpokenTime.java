package io.sluice.approval;

import java.time.Duration;

/** A time as a person says it: in the largest unit that tells it exactly. */
final class SpokenTime {

    private SpokenTime() {}

    static String of(Duration time) {
        long seconds = time.toSeconds();
        if (time.toNanosPart() != 0) {
            return time.toMillis() + " milliseconds";
        }
        if (seconds % 86_400 == 0 && seconds > 86_400) {
            return said(seconds / 86_400, "day");
        }
        if (seconds % 3_600 == 0) {
            return said(seconds / 3_600, "hour");
        }
        return seconds % 60 == 0 ? said(seconds / 60, "minute") : said(seconds, "second");
    }

    private static String said(long count, String unit) {
        return count + " " + unit + (count == 1 ? "" : "s");
    }
}
