package io.sluice.loopcheck;

import java.util.List;

/**
 * What a check found.
 *
 * @param files how many scripts there were, with those that were skipped
 * @param findings by file and line
 * @param skipped scripts that could not be judged, by file
 * @param suppressed how many findings a comment in the script suppressed
 */
public record Report(int files, List<Finding> findings, List<Skipped> skipped, int suppressed) {

    /** Copies its lists. */
    public Report {
        findings = List.copyOf(findings);
        skipped = List.copyOf(skipped);
    }

    /** How many findings are as bad as that. */
    public long count(Severity severity) {
        return findings.stream().filter(one -> one.severity() == severity).count();
    }
}
