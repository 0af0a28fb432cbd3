package io.sluice.channel.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one {@code Authentication-Results} header says (RFC 8601). Pure.
 *
 * @param authority whose word it is, in lower case
 * @param results what was found, each a method, its result and properties, in lower case
 */
record AuthenticationResults(String authority, List<List<String>> results) {

    static AuthenticationResults of(String header) {
        List<String> parts = parts(header);
        String first = parts.get(0).strip();
        int version = first.indexOf(' ');
        List<List<String>> results = parts.stream()
                .skip(1)
                .map(part -> List.of(part.strip().split("\\s+")))
                .toList();
        return new AuthenticationResults(version < 0 ? first : first.substring(0, version), results);
    }

    /** Cut at semicolons; without comments, without white space around signs of equality, in lower case. */
    private static List<String> parts(String header) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int comment = 0;
        boolean quoted = false;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '\\' && (quoted || comment > 0)) {
                i++;
            } else if (c == '"' && comment == 0) {
                quoted = !quoted;
            } else if (c == '(' && !quoted) {
                comment++;
            } else if (c == ')' && !quoted && comment > 0) {
                comment--;
                part.append(' ');
            } else if (comment == 0 && c == ';' && !quoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else if (comment == 0) {
                // What is quoted is one value, and must not look like several.
                boolean separates = quoted && (Character.isWhitespace(c) || c == '=');
                part.append(separates ? '_' : Character.isWhitespace(c) ? ' ' : c);
            }
        }
        parts.add(part.toString());
        return parts.stream()
                .map(one -> one.replaceAll(" *= *", "=").toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Whether the domain of a sender is authenticated: DMARC passed for it, or DKIM by itself or a domain above it. */
    boolean vouchFor(String domain) {
        return results.stream().noneMatch(one -> says(one, "dmarc") && !one.contains("dmarc=pass"))
                && results.stream().anyMatch(one -> byDmarc(one, domain) || byDkim(one, domain));
    }

    private static boolean says(List<String> result, String method) {
        return result.get(0).startsWith(method + "=")
                && !result.get(0).equals(method + "=none")
                && !result.get(0).equals(method + "=bestguesspass");
    }

    private static boolean byDmarc(List<String> result, String domain) {
        return result.get(0).equals("dmarc=pass") && result.contains("header.from=" + domain);
    }

    private static boolean byDkim(List<String> result, String domain) {
        return result.get(0).equals("dkim=pass")
                && result.stream()
                        .filter(property -> property.startsWith("header.d="))
                        .map(property -> property.substring("header.d=".length()))
                        .anyMatch(signer ->
                                domain.equals(signer) || (signer.indexOf('.') > 0 && domain.endsWith("." + signer)));
    }
}
