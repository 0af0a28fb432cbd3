package io.sluice.simulator;

import io.sluice.simulator.Standing.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All limits of one model. Plain arithmetic in nanoseconds, not thread-safe. A time before the latest one counts as the
 * latest.
 */
final class ModelMeter {

    private final ModelLimits limits;
    private final Gauge requests;

    /** The second gauge of requests, over a quantum; null where they are not evened out. */
    private final @Nullable Gauge quantum;

    private final Gauge tokens;
    private final Gauge input;
    private final Gauge output;
    private long latest = Long.MIN_VALUE;

    /**
     * @param window the span of limits that name none
     */
    ModelMeter(ModelLimits limits, Duration window) {
        Duration span = limits.window() == null ? window : limits.window();
        long length = span.toNanos();
        this.limits = limits;
        this.requests = Gauge.of(limits.kind(), limits.requests(), length);
        this.quantum = limits.quantum() == null
                ? null
                : quantum(limits, length, limits.quantum().toNanos());
        this.tokens = Gauge.of(limits.kind(), limits.tokens(), length);
        this.input = Gauge.of(limits.kind(), limits.inputTokens(), length);
        this.output = Gauge.of(limits.kind(), limits.outputTokens(), length);
    }

    private static Gauge quantum(ModelLimits limits, long length, long quantumNanos) {
        long many = Math.max(
                1, WideQuotient.of(limits.requests(), quantumNanos, 0, length).whole());
        // Rounded down: a client that rounds its own spans up is never refused for it.
        long span = WideQuotient.of(many, length, 0, limits.requests()).whole();
        return Gauge.of(limits.kind(), many, Math.max(1, span));
    }

    /** Decides about a request with such a prompt and cap, and charges it if it is let in. */
    Verdict offer(long now, long promptTokens, long cap) {
        latest = Math.max(latest, now);
        boolean upFront = limits.charging() != Charging.ACTUAL;
        long charged = upFront ? cap : 0;
        // Where output counts later, there must be room for the first of it.
        long outputNeed = upFront ? cap : 1;
        Verdict tooLarge = tooLarge(promptTokens, charged, outputNeed);
        if (tooLarge != null) {
            return tooLarge;
        }
        Wait wait = new Wait();
        wait.over(Dimension.REQUESTS, 1, requests);
        if (quantum != null) {
            wait.over(Dimension.REQUESTS, 1, quantum);
        }
        wait.over(Dimension.TOKENS, promptTokens + charged, tokens);
        wait.over(Dimension.INPUT, promptTokens, input);
        wait.over(Dimension.OUTPUT, outputNeed, output);
        if (wait.nanos > 0) {
            return new Verdict.Refused(wait.dimension, wait.amount, wait.nanos, standing());
        }
        requests.charge(1, latest);
        if (quantum != null) {
            quantum.charge(1, latest);
        }
        input.charge(promptTokens, latest);
        long tokensMark = tokens.charge(promptTokens + charged, latest);
        long outputMark = charged == 0 ? 0 : output.charge(charged, latest);
        return new Verdict.Admitted(new Verdict.Charge(charged, tokensMark, outputMark), standing());
    }

    /** The call has ended, and has written so much. */
    void end(long now, Verdict.Charge charge, long written) {
        latest = Math.max(latest, now);
        switch (limits.charging()) {
            case CAP -> {}
            case CAP_THEN_ACTUAL -> {
                long back = Math.max(0, charge.output() - written);
                tokens.giveBack(charge.tokensMark(), back, latest);
                output.giveBack(charge.outputMark(), back, latest);
            }
            case ACTUAL -> {
                if (written > 0) {
                    tokens.charge(written, latest);
                    output.charge(written, latest);
                }
            }
        }
    }

    HighestUse highest() {
        return new HighestUse(requests.highest(), tokens.highest(), input.highest(), output.highest());
    }

    private @Nullable Verdict tooLarge(long promptTokens, long charged, long outputNeed) {
        if (promptTokens + charged > limits.tokens()) {
            return new Verdict.TooLarge(Dimension.TOKENS, promptTokens + charged, standing());
        }
        if (promptTokens > limits.inputTokens()) {
            return new Verdict.TooLarge(Dimension.INPUT, promptTokens, standing());
        }
        return outputNeed > limits.outputTokens()
                ? new Verdict.TooLarge(Dimension.OUTPUT, outputNeed, standing())
                : null;
    }

    private Standing standing() {
        return new Standing(limits, level(requests), level(tokens), level(input), level(output));
    }

    private Level level(Gauge gauge) {
        return new Level(gauge.used(latest), gauge.reset(latest));
    }

    /** The limit that keeps a request out longest. */
    private final class Wait {

        private Dimension dimension = Dimension.REQUESTS;
        private long amount;
        private long nanos;

        private void over(Dimension which, long asked, Gauge gauge) {
            long delay = gauge.delay(asked, latest);
            if (delay > nanos) {
                dimension = which;
                amount = asked;
                nanos = delay;
            }
        }
    }
}
