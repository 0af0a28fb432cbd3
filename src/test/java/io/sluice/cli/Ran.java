package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import picocli.CommandLine;

/** What one run of the program printed, and its exit code. */
record Ran(int code, String out, String err) {

    /** Runs a command in a project: {@code --project-dir} is added. */
    static Ran in(Path project, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--project-dir");
        all.add(project.toString());
        return with(program -> program, all.toArray(String[]::new));
    }

    static Ran sluice(String... arguments) {
        return with(program -> program, arguments);
    }

    static Ran with(UnaryOperator<CommandLine> change, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(change.apply(Main.commandLine(new PrintWriter(out), new PrintWriter(err))), arguments);
        return new Ran(code, text(out), text(err));
    }

    /** It went well and warned of nothing. */
    Ran printed(String expected) {
        assertThat(err).isEmpty();
        assertThat(code).isEqualTo(ExitCode.OK);
        assertThat(out).isEqualTo(expected);
        return this;
    }

    /** It ended with one line of error, and printed no result. */
    Ran failed(int expectedCode, String message) {
        assertThat(err).isEqualTo("sluice: " + message + "\n");
        assertThat(out).isEmpty();
        assertThat(code).isEqualTo(expectedCode);
        return this;
    }

    private static String text(StringWriter writer) {
        return writer.toString().replace(System.lineSeparator(), "\n");
    }
}
