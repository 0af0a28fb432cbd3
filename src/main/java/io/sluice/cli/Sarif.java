package io.sluice.cli;

import io.sluice.loopcheck.Finding;
import io.sluice.loopcheck.Report;
import io.sluice.loopcheck.Severity;
import io.sluice.loopcheck.Skipped;
import io.sluice.support.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A report in the form that code hosts read: SARIF 2.1.0, as OASIS published it (errata 1, August 2023). Each kind of
 * finding is a rule of its own, {@code H11/unbounded-loop} and so on.
 */
final class Sarif {

    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    private static final List<Finding.Kind> RULES = List.of(Finding.Kind.values());

    private Sarif() {}

    static ObjectNode of(Report report, String version) {
        ObjectNode document = Json.mapper().createObjectNode();
        document.put("$schema", SCHEMA).put("version", "2.1.0");
        ObjectNode run = document.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "sluice check-loops").put("version", version);
        ArrayNode rules = driver.putArray("rules");
        for (Finding.Kind kind : RULES) {
            ObjectNode rule = rules.addObject().put("id", id(kind));
            rule.putObject("shortDescription").put("text", description(kind));
            rule.putObject("defaultConfiguration").put("level", level(kind.severity()));
        }
        ArrayNode results = run.putArray("results");
        report.findings().forEach(finding -> result(results.addObject(), finding));
        ObjectNode invocation = run.putArray("invocations").addObject();
        invocation.put("executionSuccessful", true);
        ArrayNode notes = invocation.putArray("toolExecutionNotifications");
        for (Skipped skipped : report.skipped()) {
            ObjectNode note = notes.addObject().put("level", "warning");
            note.putObject("message").put("text", "not checked: " + skipped.reason());
            location(note, skipped.file());
        }
        return document;
    }

    private static void result(ObjectNode result, Finding finding) {
        result.put("ruleId", id(finding.kind()))
                .put("ruleIndex", RULES.indexOf(finding.kind()))
                .put("level", level(finding.severity()));
        result.putObject("message").put("text", finding.message() + ". " + finding.remedy());
        location(result, finding.file()).putObject("region").put("startLine", finding.line());
    }

    /** Adds where it is, and returns the place to say the line. */
    private static ObjectNode location(ObjectNode of, String file) {
        ObjectNode place = of.putArray("locations").addObject().putObject("physicalLocation");
        place.putObject("artifactLocation").put("uri", uri(file));
        return place;
    }

    private static String uri(String file) {
        try {
            boolean absolute = file.startsWith("/") || file.matches("[A-Za-z]:/.*");
            String path = absolute && !file.startsWith("/") ? "/" + file : file;
            return absolute
                    ? new URI("file", "", path, null).toASCIIString()
                    : new URI(null, null, "./" + path, null).toASCIIString().substring(2);
        } catch (URISyntaxException unusable) {
            return "unnamed";
        }
    }

    private static String id(Finding.Kind kind) {
        return Finding.RULE + "/" + kind.id();
    }

    private static String level(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    private static String description(Finding.Kind kind) {
        return switch (kind) {
            case UNBOUNDED_LOOP -> "A loop has a deadline, a cap or a read that ends it.";
            case SILENT_LIMIT -> "A loop that gives up says so.";
            case WAIT_WITHOUT_TIMEOUT -> "A wait has a time-out.";
            case SUPPRESSION_WITHOUT_REASON -> "A suppression gives a reason.";
        };
    }
}
