package io.sluice.simulator;

import java.util.ArrayList;
import java.util.List;

/** Counts for the report. Not thread-safe. */
final class Tally {

    /** How many requests the order of service remembers. */
    static final int MAX_SERVED = 10_000;

    private final List<String> served = new ArrayList<>();
    private long admitted;
    private long refused;
    private long failed;
    private long tokens;
    private int inFlight;
    private int maxInFlight;

    void admitted(String name, long used) {
        admitted++;
        tokens += used;
        if (served.size() < MAX_SERVED) {
            served.add(name);
        }
    }

    void refused() {
        refused++;
    }

    void failed() {
        failed++;
    }

    void begin() {
        inFlight++;
        maxInFlight = Math.max(maxInFlight, inFlight);
    }

    void end() {
        inFlight--;
    }

    SimulatorReport report(SimulatedLimits limits) {
        return new SimulatorReport(admitted, refused, failed, tokens, inFlight, maxInFlight, limits.highest(), served);
    }
}
