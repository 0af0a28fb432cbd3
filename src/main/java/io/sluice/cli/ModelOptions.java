package io.sluice.cli;

import io.sluice.model.ModelKey;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which model a command is about. */
final class ModelOptions {

    /** What the JVM puts in place of bytes of an argument that it cannot read. */
    private static final char UNREADABLE = '\ufffd';

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Option(
            names = "--provider",
            required = true,
            paramLabel = "NAME",
            description = "Who serves the model, such as openai; * for any.")
    private String provider = "";

    @Option(
            names = "--model",
            required = true,
            paramLabel = "NAME",
            description = "The model, such as gpt-5.4; * for any.")
    private String model = "";

    /** As they were given, for messages. */
    String asGiven() {
        return provider + "/" + model;
    }

    /**
     * @throws ParameterException if a name is blank, or was not readable in the locale of this process
     */
    ModelKey key() {
        if (provider.indexOf(UNREADABLE) >= 0 || model.indexOf(UNREADABLE) >= 0) {
            throw new ParameterException(
                    command.commandLine(),
                    "the name " + asGiven()
                            + " cannot be read in this locale; set LC_ALL to a UTF-8 one, such as C.UTF-8");
        }
        try {
            return ModelKey.of(provider, model);
        } catch (IllegalArgumentException blank) {
            throw new ParameterException(command.commandLine(), String.valueOf(blank.getMessage()));
        }
    }
}
