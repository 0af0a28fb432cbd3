package io.sluice.simulator;

/** Writes durations as Go does, which is how OpenAI writes them: {@code 0s}, {@code 120ms}, {@code 8.64s}, {@code 6m0s}. */
final class GoDuration {

    private static final long MILLI = 1_000_000;

    private GoDuration() {}

    /** The duration, rounded up to whole milliseconds so that whoever waits for it waits long enough. */
    static String of(long nanos) {
        long millis = Math.floorDiv(nanos + MILLI - 1, MILLI);
        if (millis <= 0) {
            return "0s";
        }
        if (millis < 1_000) {
            return millis + "ms";
        }
        long minutes = millis / 60_000;
        String seconds = seconds(millis % 60_000);
        if (minutes == 0) {
            return seconds;
        }
        return minutes < 60 ? minutes + "m" + seconds : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
    }

    private static String seconds(long millis) {
        long fraction = millis % 1_000;
        if (fraction == 0) {
            return millis / 1_000 + "s";
        }
        String digits = String.valueOf(1_000 + fraction).substring(1).replaceAll("0+$", "");
        return millis / 1_000 + "." + digits + "s";
    }
}
