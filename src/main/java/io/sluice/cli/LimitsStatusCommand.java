package io.sluice.cli;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.ratelimit.RateLimitSnapshot;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice limits status}: the limits that hold for a model, and how much of them is used. */
@Command(
        name = "status",
        description = "Show the limits that hold for a model, the project's before built-in ones, and their use.")
final class LimitsStatusCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Mixin
    private final ProjectOption project = new ProjectOption();

    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Option(
            names = "--json",
            description = "Print one object instead of lines: the model's limits, counts, averages and shares,"
                    + " and limits_from, the profile that they come from.")
    private boolean json;

    @Override
    public Integer call() {
        ModelKey key = model.key();
        Output output = Output.of(command);
        RateLimitProfiles builtin = RateLimitProfiles.current();
        RateLimitProfiles profiles = builtin.with(project.read(output).overrides(builtin));
        if (profiles.find(key) == null) {
            throw new NoSuchProfileException(model.asGiven());
        }
        RateLimitSnapshot now = snapshot(profiles, key);
        if (json) {
            output.json(ProfileJson.ofStatus(now));
        } else {
            StatusLines.of(now).forEach(output::line);
        }
        return ExitCode.OK;
    }

    private static RateLimitSnapshot snapshot(RateLimitProfiles profiles, ModelKey key) {
        ModelRateLimiter limiter = ModelRateLimiter.builder().profiles(profiles).build();
        try {
            return limiter.snapshot(key);
        } finally {
            limiter.dispose();
        }
    }
}
