package io.sluice.failure;

import java.util.Locale;
import java.util.Set;

/** What a word says about the one that follows it: that it is a secret, and how sure that is. */
enum SecretName {
    /** Nothing. */
    NONE,
    /** A password, secret or signature: whatever follows is one, however short. */
    SECRET,
    /** A key or token of something: whatever follows is one, unless it is too short. */
    KEY,
    /** "key" or "token" alone, which people write too: "Invalid token: unexpected end". */
    WORD,
    /** The header, which is followed by the name of a scheme or by the secret itself. */
    AUTHORIZATION,
    /** The name of a scheme of HTTP, which people write too: "basic authentication". */
    SCHEME;

    private static final int LONGEST = 64;

    private static final Set<String> SECRETS = Set.of(
            "secret", "password", "passwd", "pwd", "passphrase", "signature", "sig", "credential", "credentials");

    private static final Set<String> SCHEMES =
            Set.of("bearer", "basic", "token", "digest", "apikey", "negotiate", "ntlm", "aws4-hmac-sha256");

    /** Words that may stand between a name and what it names. */
    private static final Set<String> BETWEEN = Set.of("provided", "given", "supplied", "is", "was", "value");

    /** What a word of letters, digits, hyphens and underscores says. */
    static SecretName of(String word) {
        if (word.length() > LONGEST) {
            return NONE;
        }
        String lower = word.toLowerCase(Locale.ROOT);
        String last = lower.substring(Math.max(lower.lastIndexOf('_'), lower.lastIndexOf('-')) + 1);
        if (SECRETS.contains(last) || lower.endsWith("secret") || lower.endsWith("password")) {
            return SECRET;
        }
        if (lower.equals("key") || lower.equals("token")) {
            return WORD;
        }
        if (last.equals("key") || last.endsWith("token") || last.endsWith("apikey") || last.endsWith("accesskey")) {
            return KEY;
        }
        if (last.equals("authorization")) {
            return AUTHORIZATION;
        }
        return lower.equals("bearer") || lower.equals("basic") ? SCHEME : NONE;
    }

    /** Whether a word in an authorization header is the name of its scheme. */
    static boolean isScheme(String word) {
        return SCHEMES.contains(word.toLowerCase(Locale.ROOT));
    }

    /** Whether what was said about the next word still holds behind this one. */
    static boolean isBetween(String word) {
        return BETWEEN.contains(word.toLowerCase(Locale.ROOT));
    }
}
