package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Comments that suppress findings: {@code sluice:allow H11 the reason}, at the end of the line or on one before it. Each
 * suppresses one.
 */
final class Suppressions {

    private static final Pattern ALLOW =
            Pattern.compile("(?i)\\bsluice:\\s*allow\\s+" + Finding.RULE + "\\b[\\s:–—-]*(.*)", Pattern.DOTALL);

    private final List<Finding> left = new ArrayList<>();
    private int suppressed;

    private Suppressions() {}

    static Suppressions apply(String file, List<Finding> findings, List<Comment> comments) {
        Suppressions result = new Suppressions();
        result.left.addAll(findings);
        Set<Integer> commented = new HashSet<>();
        comments.forEach(comment -> commented.add(comment.line()));
        for (Comment comment : comments) {
            Matcher allow = ALLOW.matcher(comment.text());
            if (!allow.find()) {
                continue;
            }
            if (allow.group(1).isBlank()) {
                result.left.add(new Finding(
                        file,
                        comment.line(),
                        Finding.Kind.SUPPRESSION_WITHOUT_REASON,
                        "a comment suppresses a finding and gives no reason, so it does not count",
                        "Write why: sluice:allow " + Finding.RULE + " <reason>."));
            } else {
                result.suppressAt(comment.line(), commented);
            }
        }
        return result;
    }

    private void suppressAt(int line, Set<Integer> commented) {
        int at = line;
        do {
            int here = at;
            Finding found = left.stream()
                    .filter(one -> one.line() == here && one.kind() != Finding.Kind.SUPPRESSION_WITHOUT_REASON)
                    .max(Comparator.comparing(Finding::severity))
                    .orElse(null);
            if (found != null) {
                left.remove(found);
                suppressed++;
                return;
            }
            at++;
        } while (at == line + 1 || commented.contains(at) || commented.contains(at - 1));
    }

    List<Finding> left() {
        return left;
    }

    int suppressed() {
        return suppressed;
    }
}
