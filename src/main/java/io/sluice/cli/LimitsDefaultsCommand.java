package io.sluice.cli;

import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** {@code sluice limits defaults}: the tables that hold where a project says nothing, and a copy of them on request. */
@Command(
        name = "defaults",
        description = "Show the built-in profiles; with --install, copy them into the project's file.")
final class LimitsDefaultsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Mixin
    private final ProjectOption project = new ProjectOption();

    @Option(names = "--current", description = "Show the dated table of today's models instead.")
    private boolean current;

    @Option(
            names = "--install",
            description = "Add the built-in rows that the project's file does not have. Rows with the source"
                    + " \"default\" give way to newer built-in ones.")
    private boolean install;

    @Option(
            names = "--json",
            description = "Print {\"profiles\": [...]} instead of rows; with --install also \"installed\", how many"
                    + " were added.")
    private boolean json;

    @Override
    public Integer call() {
        if (current && install) {
            throw new ParameterException(
                    command.commandLine(), "--install adds the built-in rows and cannot be combined with --current");
        }
        Output output = Output.of(command);
        List<RateLimitProfile> rows =
                current ? CurrentTable.rows() : RateLimitProfiles.builtin().defaults();
        Integer added = install ? install(rows, output) : null;
        if (json) {
            ObjectNode document = ProfileJson.document(rows, row -> current ? CurrentTable.dateOf(row) : null);
            if (added != null) {
                document.put("installed", added);
            }
            output.json(document);
            return ExitCode.OK;
        }
        print(rows, output);
        if (added != null) {
            output.line("");
            output.line("✓ Installed " + added
                    + " new default(s) to .sluice/model-rate-limits.json (existing profiles preserved).");
        }
        return ExitCode.OK;
    }

    private int install(List<RateLimitProfile> rows, Output output) {
        int added = project.profileFile().install(rows).size();
        project.read(output);
        return added;
    }

    private void print(List<RateLimitProfile> rows, Output output) {
        output.line(current ? "Rate-limit profiles of today's models" : "Built-in model rate-limit profiles");
        output.line(
                current
                        ? "(lowest tier of each provider — local overrides and built-in names take precedence)"
                        : "(conservative defaults — local overrides take precedence)");
        output.line("");
        ProfileRows.aligned(rows.stream().map(this::cells).toList()).forEach(output::line);
    }

    private String[] cells(RateLimitProfile row) {
        String[] cells = ProfileRows.ofTable(row);
        if (current) {
            cells = Arrays.copyOf(cells, cells.length + 2);
            cells[cells.length - 2] = "as of " + CurrentTable.dateOf(row);
            cells[cells.length - 1] = String.join(" ", ProfileRows.further(row));
        }
        return cells;
    }
}
