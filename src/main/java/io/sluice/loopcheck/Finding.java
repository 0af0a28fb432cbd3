package io.sluice.loopcheck;

import java.util.Comparator;

/**
 * One place in a script that breaks rule H11.
 *
 * @param file the script, as the report names it: relative to what was checked, with {@code /}
 * @param line where the loop or the wait begins, from 1
 * @param kind what is wrong with it
 * @param message what was found, in one sentence
 * @param remedy what would satisfy the rule
 */
public record Finding(String file, int line, Kind kind, String message, String remedy) implements Comparable<Finding> {

    /** The rule: each loop and each blocking wait has a deadline or a cap, a way out, and says when it gave up. */
    public static final String RULE = "H11";

    private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::file)
            .thenComparingInt(Finding::line)
            .thenComparing(Finding::kind)
            .thenComparing(Finding::message);

    /** What can be wrong. */
    public enum Kind {
        /** A loop that no deadline, no cap and no read ends. */
        UNBOUNDED_LOOP(Severity.ERROR, "unbounded-loop"),
        /** A loop that gives up without a word. */
        SILENT_LIMIT(Severity.WARNING, "silent-limit"),
        /** A command that may wait for ever. */
        WAIT_WITHOUT_TIMEOUT(Severity.WARNING, "wait-without-timeout"),
        /** A comment that suppresses a finding and gives no reason. */
        SUPPRESSION_WITHOUT_REASON(Severity.WARNING, "suppression-without-reason");

        private final Severity severity;
        private final String id;

        Kind(Severity severity, String id) {
            this.severity = severity;
            this.id = id;
        }

        /** How bad it is. */
        public Severity severity() {
            return severity;
        }

        /** Its name in reports; stable. */
        public String id() {
            return id;
        }
    }

    /** The rule that is broken, {@value #RULE}. */
    public String rule() {
        return RULE;
    }

    /** How bad it is. */
    public Severity severity() {
        return kind.severity();
    }

    /** By file, line, kind. */
    @Override
    public int compareTo(Finding other) {
        return ORDER.compare(this, other);
    }
}
