package io.sluice.cli;

import io.sluice.ratelimit.RateLimitProfile;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice limits list}: the profiles of the project's files, sorted; none of the built-in ones. */
@Command(name = "list", description = "List the profiles of the project's file, without built-in ones.")
final class LimitsListCommand implements Callable<Integer> {

    private static final Comparator<RateLimitProfile> BY_NAME = Comparator.comparing(
                    (RateLimitProfile profile) -> profile.key().provider())
            .thenComparing(profile -> profile.key().model())
            .thenComparing(profile -> profile.key().account(), Comparator.nullsFirst(Comparator.naturalOrder()));

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Mixin
    private final ProjectOption project = new ProjectOption();

    @Option(names = "--json", description = "Print {\"profiles\": [...]} instead of rows.")
    private boolean json;

    @Override
    public Integer call() {
        Output output = Output.of(command);
        List<RateLimitProfile> profiles =
                project.read(output).profiles().stream().sorted(BY_NAME).toList();
        if (json) {
            output.json(ProfileJson.document(profiles, profile -> null));
        } else if (profiles.isEmpty()) {
            output.line("No model rate-limit profiles configured.");
        } else {
            ProfileRows.aligned(profiles.stream().map(ProfileRows::ofFile).toList())
                    .forEach(output::line);
        }
        return ExitCode.OK;
    }
}
