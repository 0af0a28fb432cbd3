package io.sluice.cli;

import io.sluice.loopcheck.Finding;
import io.sluice.loopcheck.Report;
import io.sluice.loopcheck.Severity;
import io.sluice.loopcheck.Skipped;
import io.sluice.support.Json;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How {@code check-loops} prints what it found. Keys may be added in later releases; those that are there keep their name and
 * meaning.
 */
final class LoopReports {

    private LoopReports() {}

    /** For a person: a line for each finding, a line beneath it that says what to do, and a line of numbers. */
    static void lines(Report report, Output output) {
        for (Finding finding : report.findings()) {
            output.line(
                    finding.file() + ":" + finding.line() + ": " + name(finding.severity()) + ": " + finding.message()
                            + " [" + finding.rule() + " " + finding.kind().id() + "]");
            output.line("    " + finding.remedy());
        }
        for (Skipped skipped : report.skipped()) {
            output.line(skipped.file() + ": warning: not checked: " + skipped.reason());
        }
        if (report.files() > 0) {
            output.line(summary(report));
        }
    }

    private static String summary(Report report) {
        StringBuilder line = new StringBuilder(report.files() + " script file(s) checked — ");
        long errors = report.count(Severity.ERROR);
        line.append(errors == 0 ? "no unbounded loops found" : errors + " unbounded loop(s) found");
        long warnings = report.count(Severity.WARNING);
        if (warnings > 0) {
            line.append("; ").append(warnings).append(" warning(s)");
        }
        if (!report.skipped().isEmpty()) {
            line.append("; ").append(report.skipped().size()).append(" not checked");
        }
        if (report.suppressed() > 0) {
            line.append("; ").append(report.suppressed()).append(" suppressed");
        }
        return line.toString();
    }

    private static String name(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    /** One object: counts, {@code findings} and {@code skipped}. */
    static ObjectNode json(Report report) {
        ObjectNode document = Json.mapper().createObjectNode();
        document.put("rule", Finding.RULE)
                .put("files", report.files())
                .put("errors", report.count(Severity.ERROR))
                .put("warnings", report.count(Severity.WARNING))
                .put("suppressed", report.suppressed());
        ArrayNode findings = document.putArray("findings");
        for (Finding finding : report.findings()) {
            findings.addObject()
                    .put("file", finding.file())
                    .put("line", finding.line())
                    .put("rule", finding.rule())
                    .put("kind", finding.kind().id())
                    .put("severity", name(finding.severity()))
                    .put("message", finding.message())
                    .put("remedy", finding.remedy());
        }
        ArrayNode skipped = document.putArray("skipped");
        for (Skipped one : report.skipped()) {
            skipped.addObject().put("file", one.file()).put("reason", one.reason());
        }
        return document;
    }
}
