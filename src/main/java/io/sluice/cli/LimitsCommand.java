package io.sluice.cli;

import picocli.CommandLine.Command;

/** The group of commands about limit profiles. */
@Command(
        name = "limits",
        description = "Manage persisted per-model RPM/TPM profiles.",
        subcommands = {
            LimitsDefaultsCommand.class,
            LimitsListCommand.class,
            LimitsSetCommand.class,
            LimitsStatusCommand.class
        })
final class LimitsCommand {}
