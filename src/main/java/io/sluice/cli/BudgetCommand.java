package io.sluice.cli;

import picocli.CommandLine.Command;

/** The group of commands about budgets. */
@Command(
        name = "budget",
        description = "Look at budgets that are kept in files.",
        subcommands = {BudgetShowCommand.class})
final class BudgetCommand {}
