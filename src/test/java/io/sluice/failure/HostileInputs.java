package io.sluice.failure;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes failures that nobody means well with, and failures that went through a bad wire; the same for the same seed. */
final class HostileInputs {

    private static final String[] WORDS = {
        "rate",
        "limit",
        "limits",
        "rate limit",
        "Rate-Limit",
        "too many requests",
        "retry",
        "after",
        "in",
        "again",
        "try",
        "wait",
        "resets",
        "Limit",
        "Requested",
        "Used",
        "limit:",
        "requested ~",
        "overloaded",
        "quota",
        "insufficient_quota",
        "error",
        "code",
        "status",
        "HTTP",
        "429",
        "503",
        "4290",
        "-429",
        "429.5",
        "1",
        "0",
        "-1",
        "1e9",
        "1e400",
        "1e-400",
        "nan",
        "inf",
        "Infinity",
        "0x1p3",
        "9223372036854775807",
        "99999999999999999999",
        "0.000000000001",
        ".5",
        "5.",
        "s",
        "ms",
        "m",
        "h",
        "d",
        "\u00b5s",
        "seconds",
        "1m2.5s",
        "6m0s",
        "1h23m31s",
        "120ms",
        "retryDelay",
        "'34s'",
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        ".",
        ";",
        "|",
        "\n",
        "\u0000",
        "\ud800",
        "\udc00",
        "\ufeff",
        "\u0130",
        "\uffff",
        "~",
        "%",
        "usage limit reached|",
        "resets 8:20pm (",
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "2024-03-26T20:00:00Z",
        "2024-13-99T99:99:99Z",
        "+999999999-01-01T00:00:00Z",
        "sk-abcdefghijklmnopqrst",
        "1,000",
        "10-20",
        " to ",
        "00:02:15",
        "2.01:02:03",
        "PT30S",
        "P1DT",
        "weeks",
        "resets Nov 25, 5pm (",
        "Asia/Singapore)",
        "quotaId",
        "quotaValue",
        "PerDay",
        "://",
        "@",
        "%22",
        "%2522",
        "\\u0022",
        "password=",
        "Authorization: Basic ",
        "RateLimitError",
        "400 Items were ",
        "1795348830.5",
    };

    private static final String[] KEYS = {
        "error",
        "errors",
        "code",
        "status",
        "type",
        "message",
        "detail",
        "details",
        "metadata",
        "raw",
        "headers",
        "response",
        "violations",
        "quotaId",
        "quotaValue",
        "retryDelay",
        "seconds",
        "nanos",
        "reason",
        "is_error",
        "result",
        "status_code",
        "promptFeedback",
        "blockReason",
        "quotaResetDelay",
        "retry_after",
        "retryAfterMs",
        "rate_limit_info",
        "resetsAt",
        "subtype",
        "terminal_reason",
        "throttlingException",
        "provider_code",
        "ERROR",
        "retry-after",
        "x",
    };

    private static final String[] HEADERS = {
        "retry-after",
        "retry-after-ms",
        "x-ms-retry-after-ms",
        "date",
        "ratelimit",
        "ratelimit-reset",
        "ratelimit-remaining",
        "x-ratelimit-reset-after",
        "x-ratelimit-limit-tokens",
        "x-ratelimit-remaining-tokens",
        "x-ratelimit-reset-tokens",
        "x-ratelimit-reset-requests",
        "x-ratelimit-remaining-requests",
        "anthropic-ratelimit-tokens-reset",
        "anthropic-ratelimit-tokens-remaining",
        "anthropic-ratelimit-tokens-limit",
        "anthropic-ratelimit-input-tokens-limit",
        "anthropic-ratelimit-unified-status",
        "anthropic-ratelimit-unified-reset",
        "x-ratelimitbysize-remaining-month",
        "x-ratelimit-reset",
        "x-amzn-errortype",
    };

    private static final int[] STATUSES = {
        0, 200, 400, 401, 402, 403, 408, 413, 429, 429, 429, 500, 503, 529, -1, 99, 1_000, Integer.MIN_VALUE
    };

    private final SplittableRandom random;
    private final List<FailureCase> real = FailureCase.all();

    HostileInputs(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** The next failure. One in 2,000 is large. */
    @Nullable
    Object next() {
        if (random.nextInt(2_000) == 0) {
            return answer(large());
        }
        return switch (random.nextInt(9)) {
            case 0 -> bytes(random.nextInt(200));
            case 1 -> sentence(random.nextInt(24));
            case 2 -> answer(mutated());
            case 3 -> answer(sentence(random.nextInt(12)));
            case 4 -> tree(0);
            case 5 -> answer(tree(0));
            case 6 -> exception(0);
            case 7 -> answer(bytes(random.nextInt(60)));
            default -> scalar();
        };
    }

    /** Headers that lie, throw, or are not there. */
    Function<String, List<String>> headers() {
        int kind = random.nextInt(12);
        if (kind == 0) {
            return name -> {
                throw new IllegalStateException(name);
            };
        }
        if (kind == 1) {
            return name -> null;
        }
        if (kind == 2) {
            return name -> Arrays.asList(null, "", null);
        }
        if (kind == 3) {
            return name -> new Endless();
        }
        Map<String, List<String>> some = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            some.put(pick(HEADERS), List.of(value(), value()));
        }
        return some::get;
    }

    private ProviderAnswer answer(@Nullable Object body) {
        return ProviderAnswer.of(STATUSES[random.nextInt(STATUSES.length)])
                .headers(headers())
                .body(body);
    }

    private String value() {
        return random.nextInt(50) == 0
                ? "9".repeat(random.nextInt(3_000))
                : sentence(1 + random.nextInt(3)).strip();
    }

    private String sentence(int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(pick(WORDS)).append(random.nextInt(3) == 0 ? "" : " ");
        }
        return text.toString();
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A real body with a few characters changed, dropped or doubled. */
    private String mutated() {
        FailureCase example = real.get(random.nextInt(real.size()));
        String origin = example.body != null ? example.body : String.valueOf(example.text);
        StringBuilder text = new StringBuilder(origin);
        for (int i = random.nextInt(6); i > 0 && text.length() > 1; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(0x250));
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.insert(at, pick(WORDS));
                default -> text.setLength(at);
            }
        }
        return text.toString();
    }

    private @Nullable Object tree(int depth) {
        if (depth > 4 || random.nextInt(4) == 0) {
            return scalar();
        }
        switch (random.nextInt(12)) {
            case 0 -> {
                return new ThrowingMap();
            }
            case 1 -> {
                return new Endless();
            }
            case 2 -> {
                List<Object> circle = new ArrayList<>();
                circle.add(Map.of("error", circle));
                return circle;
            }
            case 3, 4 -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(tree(depth + 1));
                }
                return list;
            }
            default -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    map.put(random.nextInt(20) == 0 ? scalar() : pick(KEYS), tree(depth + 1));
                }
                if (random.nextInt(20) == 0) {
                    map.put("error", map);
                }
                return map;
            }
        }
    }

    private @Nullable Object scalar() {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> random.nextInt();
            case 2 -> random.nextBoolean() ? Double.NaN : Double.NEGATIVE_INFINITY;
            case 3 -> new BigDecimal("1e" + (random.nextInt(4_000_000) - 2_000_000));
            case 4 -> BigInteger.ONE.shiftLeft(random.nextInt(4_000));
            case 5 -> new Object();
            case 6 -> new ThrowingText();
            case 7 -> STATUSES[random.nextInt(STATUSES.length)];
            case 8 -> random.nextBoolean();
            default -> sentence(1 + random.nextInt(6));
        };
    }

    private Throwable exception(int depth) {
        Throwable cause = depth < 3 && random.nextInt(2) == 0 ? exception(depth + 1) : null;
        Throwable error = exceptionOf(cause);
        if (depth < 2 && random.nextInt(8) == 0) {
            for (int i = random.nextInt(40); i > 0; i--) {
                error.addSuppressed(exceptionOf(null));
            }
        }
        return error;
    }

    private Throwable exceptionOf(@Nullable Throwable cause) {
        return switch (random.nextInt(24)) {
            case 0 -> new java.io.IOException(sentence(4), cause);
            case 1 -> new IllegalArgumentException(sentence(4), cause);
            case 2 -> new SelfCaused();
            case 3 -> new ThrowingException();
            case 4 -> new StackOverflowError(sentence(3));
            case 5 -> circle();
            case 6 -> random.nextInt(500) == 0 ? new Recursive() : new IllegalStateException((String) null, cause);
            default -> new RuntimeException(sentence(random.nextInt(20)), cause);
        };
    }

    private static Throwable circle() {
        RuntimeException a = new RuntimeException("a");
        RuntimeException b = new RuntimeException("b", a);
        a.initCause(b);
        return b;
    }

    /** What makes backtracking, recursion and repeated looks expensive. */
    private Object large() {
        int times = 1 + random.nextInt(40_000);
        return switch (random.nextInt(24)) {
            case 0 -> "[".repeat(times);
            case 1 -> "{\"error\":".repeat(times);
            case 2 -> "1s ".repeat(times);
            case 3 -> "retry in 1 ".repeat(times);
            case 4 -> "9".repeat(times);
            case 5 -> "limit 1, requested ".repeat(times);
            case 6 -> "rate-rate limit ".repeat(times);
            case 7 -> "{\"message\":\"" + "in after at least for about ".repeat(times) + "\"}";
            case 8 -> "a".repeat(times) + "!";
            case 9 -> bytes(times * 4);
            case 10 -> quoted(random.nextInt(12));
            case 11 -> "{\"details\":[" + "{\"retryDelay\":\"1s\"},".repeat(times) + "]}";
            case 12 -> "Bearer ".repeat(times);
            case 13 -> "retry in 1,000 to 1,000 ".repeat(times);
            case 14 -> "resets 5pm (".repeat(times);
            case 15 -> "wait 00:00:00:".repeat(times);
            case 16 -> "quotaid quotavalue 1".repeat(times);
            case 17 -> "://a".repeat(times);
            case 18 -> "%25".repeat(times);
            case 19 -> "wait p1d".repeat(times);
            case 20 -> "password = ".repeat(times);
            case 21 -> "limit 1,111,111,111,111,111,111 ".repeat(times);
            case 22 -> "{\"retry_after\":1,\"error\":".repeat(times);
            default -> sentence(times).getBytes(StandardCharsets.UTF_16LE);
        };
    }

    /** JSON in a string of JSON in a string of JSON. */
    private static String quoted(int times) {
        String body = "{\"message\":\"rate limit\"}";
        for (int i = 0; i < times && body.length() < 200_000; i++) {
            body = "{\"message\":\"" + body.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
        }
        return body;
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }

    /** A list without an end. */
    private static final class Endless extends AbstractList<String> {
        @Override
        public String get(int index) {
            return "retry after " + index;
        }

        @Override
        public int size() {
            return Integer.MAX_VALUE;
        }
    }

    /** A map whose entries cannot be had. */
    private static final class ThrowingMap extends AbstractMap<String, Object> {
        @Override
        public Set<Entry<String, Object>> entrySet() {
            throw new IllegalStateException("no");
        }
    }

    /** Characters that cannot be had. */
    private static final class ThrowingText implements CharSequence {
        @Override
        public int length() {
            return Integer.MAX_VALUE;
        }

        @Override
        public char charAt(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return this;
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no");
        }
    }

    /** Its own cause, which Java itself would not allow. */
    private static final class SelfCaused extends RuntimeException {
        @Override
        public synchronized Throwable getCause() {
            return this;
        }
    }

    /** Throws whatever it is asked. */
    private static final class ThrowingException extends RuntimeException {
        @Override
        public String getMessage() {
            throw new AssertionError("no");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no");
        }
    }

    /** Asks itself for ever. */
    private static final class Recursive extends RuntimeException {
        @Override
        public String getMessage() {
            return getLocalizedMessage() + "x";
        }
    }
}
