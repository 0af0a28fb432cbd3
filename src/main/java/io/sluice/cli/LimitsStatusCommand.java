package io.sluice.cli;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.store.file.SavedState;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code sluice limits status}: the limits that hold for a model, and how much of them is used, by what a running program
 * saved of it last.
 */
@Command(
        name = "status",
        description =
                "Show the limits that hold for a model, the project's before built-in ones, and what a running batch"
                        + " uses of them.")
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
                    + " and limits_from, the profile that they come from; further limits, and the pool; where a program saved its state, also saved_at,"
                    + " window_seconds and paused_until.")
    private boolean json;

    @Override
    public Integer call() {
        ModelKey key = model.key();
        Output output = Output.of(command);
        RateLimitProfiles builtin = RateLimitProfiles.current();
        RateLimitProfiles profiles = builtin.with(project.read(output).overrides(builtin));
        RateLimitProfile profile = profiles.find(key);
        SavedState saved =
                project.readState(output).find(profiles.properName(key), profile == null ? null : profile.pool());
        ModelStatus now = ModelStatus.of(key, profile, saved, Instant.now());
        if (now == null) {
            throw new NoSuchProfileException(model.asGiven());
        }
        if (json) {
            output.json(ProfileJson.ofStatus(now));
        } else {
            StatusLines.of(now).forEach(output::line);
        }
        return ExitCode.OK;
    }
}
