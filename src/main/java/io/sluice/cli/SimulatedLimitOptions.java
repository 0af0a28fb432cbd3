package io.sluice.cli;

import io.sluice.simulator.Charging;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.WindowKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the simulated provider allows, and how it counts. */
final class SimulatedLimitOptions {

    /** The kinds of windows, as a person writes them. */
    enum Kind {
        rolling(WindowKind.ROLLING),
        bucket(WindowKind.TOKEN_BUCKET),
        fixed(WindowKind.FIXED);

        private final WindowKind kind;

        Kind(WindowKind kind) {
            this.kind = kind;
        }
    }

    /** The ways of charging, as a person writes them. */
    enum Charge {
        cap(Charging.CAP),
        settled(Charging.CAP_THEN_ACTUAL),
        actual(Charging.ACTUAL);

        private final Charging charging;

        Charge(Charging charging) {
            this.charging = charging;
        }
    }

    @Option(
            names = "--rpm",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "Requests per window (default: no limit).")
    private @Nullable Long rpm;

    @Option(
            names = "--tpm",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "Tokens per window, input and output together (default: no limit).")
    private @Nullable Long tpm;

    @Option(
            names = "--input-tpm",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "Tokens of input per window (default: no limit).")
    private @Nullable Long inputTpm;

    @Option(
            names = "--output-tpm",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "Tokens of output per window (default: no limit).")
    private @Nullable Long outputTpm;

    @Option(
            names = "--window",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "The span that the limits hold for (default: 60s).")
    private Duration window = Duration.ofSeconds(60);

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "How it counts: rolling, bucket (which refills continuously) or fixed (by the wall clock)"
                    + " (default: rolling).")
    private Kind kind = Kind.rolling;

    @Option(
            names = "--quantum",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Even requests out over such spans, as 1s or 10s (default: a whole window may come at once).")
    private @Nullable Duration quantum;

    @Option(
            names = "--charge",
            paramLabel = "HOW",
            description =
                    "When output counts: cap (the whole cap on arrival), settled (the cap, and what was not used is"
                            + " given back at the end) or actual (at the end) (default: cap).")
    private Charge charge = Charge.cap;

    /**
     * @throws IllegalArgumentException if a value is out of its range
     */
    ModelLimits limits() {
        ModelLimits limits = new ModelLimits(
                orNone(rpm),
                orNone(tpm),
                orNone(inputTpm),
                orNone(outputTpm),
                kind.kind,
                window,
                null,
                charge.charging);
        return quantum == null ? limits : limits.quantised(quantum);
    }

    private static long orNone(@Nullable Long limit) {
        return limit == null ? ModelLimits.UNLIMITED : limit;
    }
}
