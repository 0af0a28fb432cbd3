package io.sluice.cli;

import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Under which limits a batch runs. */
final class LimitOptions {

    /** What the embedded simulator allows: a few hundred prompts then take some seconds, most of it waiting. */
    private static final long SIMULATED_RPM = 120;

    private static final long SIMULATED_TPM = 60_000;
    private static final Duration SIMULATED_WINDOW = Duration.ofSeconds(4);

    private static final int MOST_CALLS = 256;

    @Option(
            names = "--rpm",
            paramLabel = "N",
            converter = WholeNumber.class,
            description =
                    "Requests per window. With --rpm or --tpm, these are the limits of every model, and profiles are not"
                            + " looked at.")
    private @Nullable Long rpm;

    @Option(
            names = "--tpm",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "Tokens per window, input and output together.")
    private @Nullable Long tpm;

    @Option(
            names = "--target",
            paramLabel = "SHARE",
            converter = DecimalNumber.class,
            description = "The share of the limits to use, above 0 and at most 1 (default: the profile's, else 0.7).")
    private @Nullable Double target;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            converter = WholeNumber.class,
            description =
                    "Calls in flight at once (default: the profile's, else as many as the limits keep busy, at most "
                            + MOST_CALLS + ").")
    private @Nullable Long concurrency;

    @Option(
            names = "--window",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "The span that the limits count for, such as 60s (default: 60s; with the simulator 4s).")
    private @Nullable Duration window;

    /** The span that the limits count for. */
    Duration window(boolean simulated) {
        if (window != null) {
            return window;
        }
        return simulated ? SIMULATED_WINDOW : Duration.ofSeconds(60);
    }

    /**
     * The most calls in flight.
     *
     * @throws IllegalArgumentException if more were asked for than a file of results can follow
     */
    int mostCalls() {
        if (concurrency == null) {
            return MOST_CALLS;
        }
        if (concurrency < 1 || concurrency > 10_000) {
            throw new IllegalArgumentException("--concurrency must be between 1 and 10,000, was " + concurrency);
        }
        return concurrency.intValue();
    }

    long simulatedRpm() {
        return rpm == null ? SIMULATED_RPM : rpm;
    }

    long simulatedTpm() {
        return tpm == null ? SIMULATED_TPM : tpm;
    }

    /**
     * @throws IllegalArgumentException if a value is out of its range
     */
    RateLimitProfiles profiles(boolean simulated, ProjectOption project, Output output) {
        if (simulated || rpm != null || tpm != null) {
            RateLimitProfile.Builder limits = RateLimitProfile.builder("*", "*").source("command line");
            if (simulated || rpm != null) {
                limits.rpm(simulatedRpm());
            }
            if (simulated || tpm != null) {
                limits.tpm(simulatedTpm());
            }
            return RateLimitProfiles.none()
                    .with(withConcurrency(withTarget(limits).build()));
        }
        RateLimitProfiles tables = RateLimitProfiles.current();
        RateLimitProfiles declared = tables.with(project.read(output).overrides(tables));
        return declared.changed(profile -> {
            RateLimitProfile changed = withTarget(profile.toBuilder()).build();
            return concurrency == null ? changed : withConcurrency(changed);
        });
    }

    private RateLimitProfile.Builder withTarget(RateLimitProfile.Builder profile) {
        return target == null ? profile : profile.utilizationTarget(target);
    }

    /** As many calls as were asked for; else from one upwards, as the provider keeps up. */
    private RateLimitProfile withConcurrency(RateLimitProfile profile) {
        if (concurrency != null) {
            return profile.toBuilder()
                    .concurrency(mostCalls())
                    .maxConcurrency(mostCalls())
                    .build();
        }
        return profile.toBuilder()
                .maxConcurrency((int) Math.min(MOST_CALLS, profile.effectiveRpm()))
                .build();
    }
}
