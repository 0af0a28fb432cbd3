package io.sluice.cli;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimit;
import io.sluice.ratelimit.RateLimitProfile;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code sluice limits set}: adds a profile to the project's file, or changes it. Target, concurrency and all that the
 * command has no option for stay as they are in a profile that is there.
 */
@Command(
        name = "set",
        description = "Add a profile to the project's file, or change it; what is not given stays as it is.")
final class LimitsSetCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Mixin
    private final ProjectOption project = new ProjectOption();

    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Option(
            names = "--rpm",
            required = true,
            paramLabel = "N",
            converter = GivenLimit.Converter.class,
            description = "Requests per minute, the provider's number, or none.")
    @SuppressWarnings("NullAway.Init")
    private GivenLimit rpm;

    @Option(
            names = "--tpm",
            required = true,
            paramLabel = "N",
            converter = GivenLimit.Converter.class,
            description = "Tokens per minute, the provider's number, or none, as where input and output have limits of"
                    + " their own.")
    @SuppressWarnings("NullAway.Init")
    private GivenLimit tpm;

    @Mixin
    private final FurtherLimitOptions further = new FurtherLimitOptions();

    @Option(
            names = "--target",
            paramLabel = "SHARE",
            converter = DecimalNumber.class,
            description =
                    "The share of the limits to use: greater than 0, at most 1. For a new profile 0.7 by default.")
    private @Nullable Double target;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "Calls in flight. For a new profile 1 by default.")
    private @Nullable Long concurrency;

    @Option(
            names = "--burst",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "How much of a minute may be spent at once, such as 1s for a provider that enforces its limit per"
                            + " second; 60s is no bound, the default.")
    private @Nullable Duration burst;

    @Option(
            names = "--skew",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Within what time of sending the provider counts a call, such as 2s.")
    private @Nullable Duration skew;

    @Override
    public Integer call() {
        ModelKey key = model.key();
        Output output = Output.of(command);
        // Refused before anything is created.
        profile(key, null);
        RateLimitProfile saved = project.profileFile().change(key, old -> profile(key, old));
        project.read(output);
        output.line("✓ Saved " + key + " (RPM=" + ProfileRows.limit(saved.rpm(), "%d") + ", TPM="
                + ProfileRows.limit(saved.tpm(), "%d") + ", target=" + ProfileRows.target(saved) + ", concurrency="
                + saved.concurrencyCap()
                + ProfileRows.further(saved).stream().map(", "::concat).collect(Collectors.joining()) + ")");
        return ExitCode.OK;
    }

    /**
     * @throws ParameterException if a given value is out of its range
     */
    private RateLimitProfile profile(ModelKey key, @Nullable RateLimitProfile old) {
        RateLimitProfile.Builder profile = begin(key, old)
                .limit(RateLimit.RPM, rpm.number())
                .limit(RateLimit.TPM, tpm.number())
                .source("override");
        if (target != null) {
            profile.utilizationTarget(target);
        }
        try {
            further.into(profile, old);
            if (burst != null) {
                profile.burst(burst);
            }
            if (skew != null) {
                profile.skew(skew);
            }
            if (concurrency != null) {
                int cap = Math.toIntExact(concurrency);
                profile.concurrency(cap);
                if (old != null && old.maxConcurrency() < cap) {
                    profile.maxConcurrency(cap);
                }
            }
            return profile.build();
        } catch (ArithmeticException tooLarge) {
            throw refused("concurrency_cap must be at most " + Integer.MAX_VALUE + ", was " + concurrency);
        } catch (IllegalArgumentException outOfRange) {
            throw refused(String.valueOf(outOfRange.getMessage()));
        }
    }

    /** From a profile that is there, with all that the command has no option for. */
    private static RateLimitProfile.Builder begin(ModelKey key, @Nullable RateLimitProfile old) {
        if (old == null) {
            return RateLimitProfile.builder(key);
        }
        if (old.source().equals("default")) {
            // The growth of a built-in row comes with its being one.
            return RateLimitProfile.builder(key)
                    .utilizationTarget(old.utilizationTarget())
                    .concurrency(old.concurrencyCap());
        }
        return old.toBuilder();
    }

    private ParameterException refused(String rule) {
        return new ParameterException(command.commandLine(), rule);
    }
}
