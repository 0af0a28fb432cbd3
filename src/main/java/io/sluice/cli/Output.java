package io.sluice.cli;

import io.sluice.support.Json;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.JsonNode;

/**
 * Where a command prints: results to one stream, warnings to the other, so that a script reads only results.
 *
 * @param out for results
 * @param err for warnings
 */
record Output(PrintWriter out, PrintWriter err) {

    static Output of(CommandSpec command) {
        return new Output(command.commandLine().getOut(), command.commandLine().getErr());
    }

    void line(String text) {
        out.println(PlainText.of(text));
    }

    /** Indented, ASCII only. */
    void json(JsonNode value) {
        out.println(Json.pretty(value));
    }

    /** What goes on meanwhile, beside the results. */
    void progress(String text) {
        err.println("sluice: " + PlainText.of(text));
    }

    void warning(String text) {
        err.println("sluice: warning: " + PlainText.of(text));
    }
}
