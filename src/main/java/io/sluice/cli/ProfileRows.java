package io.sluice.cli;

import io.sluice.ratelimit.RateLimit;
import io.sluice.ratelimit.RateLimitProfile;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Profiles as lines of text whose columns stand below one another, however long the names are. */
final class ProfileRows {

    static final List<RateLimit> FURTHER = List.of(RateLimit.ITPM, RateLimit.OTPM, RateLimit.RPD, RateLimit.TPD);

    private ProfileRows() {}

    /** A row of the built-in tables: {@code   openai/gpt-4o RPM=500    TPM=  30,000,000 target=0.70}. */
    static String[] ofTable(RateLimitProfile profile) {
        return new String[] {
            profile.key().toString(),
            String.format(Locale.ROOT, "RPM=%-6s", limit(profile.rpm(), "%d")),
            String.format(Locale.ROOT, "TPM=%12s", limit(profile.tpm(), "%,d")),
            "target=" + target(profile)
        };
    }

    /**
     * A declared profile: {@code   openai/gpt-5.4 RPM=120 TPM=600000 target=0.80 concurrency=2}, with a range where the
     * concurrency may grow: {@code concurrency=2..32}.
     */
    static String[] ofFile(RateLimitProfile profile) {
        return new String[] {
            profile.key().toString(),
            "RPM=" + limit(profile.rpm(), "%d"),
            "TPM=" + limit(profile.tpm(), "%d"),
            "target=" + target(profile),
            "concurrency=" + concurrency(profile),
            String.join(" ", further(profile))
        };
    }

    /** What most profiles do not have: {@code ITPM=2000000}, {@code day=UTC}, {@code pool=opus}. */
    static List<String> further(RateLimitProfile profile) {
        List<String> further = new ArrayList<>();
        for (RateLimit limit : FURTHER) {
            if (profile.limit(limit) != null) {
                further.add(limit + "=" + profile.limit(limit));
            }
        }
        if (profile.day().isCalendar()) {
            further.add("day=" + profile.day().zone());
        }
        if (profile.pool() != null) {
            further.add("pool=" + profile.pool());
        }
        if (!profile.aliases().isEmpty()) {
            further.add("aliases=" + String.join(",", profile.aliases()));
        }
        return further;
    }

    /** A built-in row that was copied grows because it is one, which needs no saying. */
    private static String concurrency(RateLimitProfile profile) {
        boolean grows = profile.maxConcurrency() > profile.concurrencyCap()
                && !profile.source().equals("default");
        return profile.concurrencyCap() + (grows ? ".." + profile.maxConcurrency() : "");
    }

    /** Two decimals, rounded as the earlier system rounds them. */
    static String target(RateLimitProfile profile) {
        return new BigDecimal(profile.utilizationTarget())
                .setScale(2, RoundingMode.HALF_EVEN)
                .toPlainString();
    }

    /** Each column as wide as its widest cell. */
    static List<String> aligned(List<String[]> rows) {
        List<Integer> widths = new ArrayList<>();
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                if (i == widths.size()) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), width(row[i])));
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(String[] row, List<Integer> widths) {
        StringBuilder line = new StringBuilder(" ");
        for (int i = 0; i < row.length; i++) {
            line.append(' ').append(PlainText.of(row[i])).append(" ".repeat(widths.get(i) - width(row[i])));
        }
        return line.toString().stripTrailing();
    }

    private static int width(String cell) {
        String shown = PlainText.of(cell);
        return shown.codePointCount(0, shown.length());
    }

    static String limit(@Nullable Long limit, String format) {
        return limit == null ? "none" : String.format(Locale.ROOT, format, limit);
    }
}
