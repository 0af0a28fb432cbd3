package io.sluice.simulator;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a simulator has seen up to one moment. Each request is counted once: as admitted, refused or failed.
 *
 * @param admitted requests that were let in and get their whole answer
 * @param refused requests that a limit refused with 429, those that can never fit included
 * @param failed requests that got any other error, or a broken answer, those that a {@link Fault} made to fail included
 * @param tokens the tokens that the admitted requests really use, input and output together
 * @param inFlight requests that are being worked on now
 * @param maxInFlight the most requests that were worked on at once. The end of a call that the client gave up is seen when
 *     its connection closes, a moment after the client went on.
 * @param highest the highest use of any window, by model
 * @param served the admitted requests in the order in which they were let in: their {@code user}, with Anthropic their
 *     {@code metadata.user_id}, where they have one, else their request id; the first 10,000
 */
public record SimulatorReport(
        long admitted,
        long refused,
        long failed,
        long tokens,
        int inFlight,
        int maxInFlight,
        Map<String, HighestUse> highest,
        List<String> served) {

    public SimulatorReport {
        highest = Collections.unmodifiableMap(new LinkedHashMap<>(highest));
        served = List.copyOf(served);
    }

    /** All requests that came. */
    public long received() {
        return admitted + refused + failed;
    }

    /** The highest use of a model; nothing where no request named it. */
    public HighestUse highest(String model) {
        HighestUse use = highest.get(model);
        return use == null ? HighestUse.NOTHING : use;
    }

    /** The numbers, without the list. */
    @Override
    public String toString() {
        return "SimulatorReport[admitted=" + admitted + ", refused=" + refused + ", failed=" + failed + ", tokens="
                + tokens + ", inFlight=" + inFlight + ", maxInFlight=" + maxInFlight + ", highest=" + highest + "]";
    }
}
