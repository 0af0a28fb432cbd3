package io.sluice.bench.pacing;

import io.sluice.bench.pacing.SimulatorProcess.Seen;
import io.sluice.bench.pacing.SimulatorProcess.Served;
import java.util.List;
import java.util.Locale;

/**
 * How one strategy did.
 *
 * @param seconds from the submission of all calls to the last answer
 * @param cpuSeconds of the client
 */
record Row(String name, Work work, double seconds, double cpuSeconds, Seen seen) {

    static final String HEAD = "| paced by | time / minimum | refused | places lost | client CPU |\n|---|---|---|---|---|\n";

    double overMinimum() {
        return seconds / work.minimumSeconds();
    }

    /** How far from the order of submission calls were served, on average. */
    double placesLost() {
        List<Served> served = seen.served();
        double lost = 0;
        for (int place = 0; place < served.size(); place++) {
            lost += Math.abs(place - Integer.parseInt(served.get(place).name()));
        }
        return lost / served.size();
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "| %s | %.3f | %,d | %.1f | %.1f s |",
                name,
                overMinimum(),
                seen.refused(),
                placesLost(),
                cpuSeconds);
    }
}
