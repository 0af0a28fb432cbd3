package io.sluice.cli;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.budget.BudgetPicture;
import io.sluice.budget.BudgetSnapshot;
import io.sluice.store.file.BudgetFile;
import io.sluice.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code sluice budget show}: how a budget stands by its file, also while a program spends it. */
@Command(
        name = "show",
        description = {
            "Show how the project's budgets stand, by their files in .sluice/budgets; a program that spends them may be"
                    + " running."
        })
final class BudgetShowCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "The file of one budget, or its name; all of the project where none is named.")
    private @Nullable String file;

    @Mixin
    private final ProjectOption project = new ProjectOption();

    @Option(names = "--json", description = "Print {\"budgets\": [...]} instead of lines.")
    private boolean json;

    @Override
    public Integer call() {
        Instant now = Instant.now();
        List<BudgetSnapshot> budgets = new ArrayList<>();
        for (BudgetFile one : files()) {
            BudgetSnapshot budget = one.read().snapshot(now);
            if (budget != null) {
                budgets.add(budget);
            }
        }
        Output output = Output.of(command);
        if (json) {
            ObjectNode document = Json.mapper().createObjectNode();
            ArrayNode rows = document.putArray("budgets");
            budgets.forEach(budget -> BudgetJson.write(budget, rows.addObject()));
            output.json(document);
        } else if (budgets.isEmpty()) {
            output.line("No budgets are kept in files.");
        } else {
            budgets.forEach(budget -> BudgetPicture.of(budget, now, false).forEach(output::line));
        }
        return ExitCode.OK;
    }

    private List<BudgetFile> files() {
        Path directory = project.budgetDirectory();
        if (file != null) {
            Path named = PathConverter.path(file);
            BudgetFile found = Files.exists(named) ? BudgetFile.at(named) : project.budgetFile(file);
            if (!Files.exists(found.path())) {
                throw new BudgetsUnreadableException(
                        "there is neither a file nor a budget of the project that is called '" + file + "'");
            }
            return List.of(found);
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(one -> one.getFileName().toString().endsWith(".jsonl"))
                    .sorted()
                    .map(BudgetFile::at)
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException failure) {
            throw new BudgetsUnreadableException("cannot read " + directory + ": " + failure.getMessage());
        }
    }

    /** There is no such file, or no way to look for it. */
    private static final class BudgetsUnreadableException extends SluiceException {

        BudgetsUnreadableException(String message) {
            super(message, null, FailureClass.CALLER, null, false);
        }
    }
}
