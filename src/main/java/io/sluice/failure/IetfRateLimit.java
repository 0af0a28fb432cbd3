package io.sluice.failure;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code RateLimit} fields of draft-ietf-httpapi-ratelimit-headers, in the three shapes that are in use: the list of
 * -10 ({@code "default";r=50;t=30}), the dictionary of -07 ({@code limit=100, remaining=50, reset=5}), and the three
 * fields of -03 ({@code RateLimit-Remaining: 50}). A malformed field counts as missing, as the draft says.
 *
 * @param remaining what is left; -1 where it is not said
 * @param reset until more is available; {@link Nanos#NONE} where it is not said
 */
record IetfRateLimit(long remaining, long reset) {

    private static final int MOST_MEMBERS = 16;

    /** All limits that the headers state. */
    static List<IetfRateLimit> all(HeaderFields headers) {
        List<IetfRateLimit> limits = new ArrayList<>();
        for (String field : headers.values("ratelimit")) {
            List<IetfRateLimit> read = field(field);
            if (read != null) {
                limits.addAll(read);
            }
        }
        String reset = headers.first("ratelimit-reset");
        if (reset != null) {
            String remaining = headers.first("ratelimit-remaining");
            limits.add(new IetfRateLimit(remaining == null ? -1 : Scan.whole(remaining), seconds(reset)));
        }
        return limits;
    }

    private static @Nullable List<IetfRateLimit> field(String field) {
        List<String> members = split(field, ',');
        if (members.isEmpty()) {
            return null;
        }
        String first = members.get(0);
        return first.startsWith("\"") || first.indexOf(';') >= 0 ? list(members) : dictionary(members);
    }

    private static @Nullable List<IetfRateLimit> list(List<String> members) {
        List<IetfRateLimit> limits = new ArrayList<>();
        for (String member : members) {
            List<String> parameters = split(member, ';');
            String remaining = value(parameters, "r");
            if (remaining == null || Scan.whole(remaining) < 0) {
                return null;
            }
            String reset = value(parameters, "t");
            long nanos = reset == null ? Nanos.NONE : seconds(reset);
            if (reset != null && nanos == Nanos.NONE) {
                return null;
            }
            limits.add(new IetfRateLimit(Scan.whole(remaining), nanos));
        }
        return limits;
    }

    private static @Nullable List<IetfRateLimit> dictionary(List<String> members) {
        String reset = value(members, "reset");
        String remaining = value(members, "remaining");
        if (reset == null || seconds(reset) == Nanos.NONE) {
            return null;
        }
        return List.of(new IetfRateLimit(remaining == null ? -1 : Scan.whole(remaining), seconds(reset)));
    }

    private static @Nullable String value(List<String> members, String key) {
        for (String member : members) {
            if (member.startsWith(key + "=")) {
                return member.substring(key.length() + 1);
            }
        }
        return null;
    }

    /** A delay in whole seconds; never an instant. */
    private static long seconds(String text) {
        return Scan.whole(text) < 0 ? Nanos.NONE : Nanos.of(text, Nanos.SECOND);
    }

    /** The parts of a structured field; empty where it has too many of them or a quote that does not end. */
    private static List<String> split(String field, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int at = 0; at <= field.length(); at++) {
            boolean end = at == field.length();
            if (!end && field.charAt(at) == '"') {
                quoted = !quoted;
            } else if (end || (!quoted && field.charAt(at) == separator)) {
                parts.add(field.substring(start, at).strip());
                start = at + 1;
            }
        }
        return quoted || parts.size() > MOST_MEMBERS ? List.of() : parts;
    }
}
