package io.sluice.failure;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A provider's answer that is, or holds, an error, in whatever form a client has it. Immutable; each wither returns a
 * new one. It does not copy what it is given, and shows none of it in {@link #toString()}.
 */
public final class ProviderAnswer {

    private final int status;
    private final Function<? super String, ? extends @Nullable List<String>> headers;
    private final @Nullable Object body;

    private final @Nullable String secret;

    private ProviderAnswer(
            int status,
            Function<? super String, ? extends @Nullable List<String>> headers,
            @Nullable Object body,
            @Nullable String secret) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.secret = secret;
    }

    /**
     * An answer without headers and body.
     *
     * @param status the HTTP status; 0 where there is none, such as for an error within a stream
     */
    public static ProviderAnswer of(int status) {
        return new ProviderAnswer(status, name -> List.of(), null, null);
    }

    /**
     * With headers.
     *
     * @param headers gives all values of a header, an empty list or null where it is missing; asked with names in lower
     *     case, and answers without regard to case
     */
    public ProviderAnswer headers(Function<? super String, ? extends @Nullable List<String>> headers) {
        return new ProviderAnswer(status, Objects.requireNonNull(headers, "headers"), body, secret);
    }

    /** With headers by name, in any case; each value is a string or several of them. */
    public ProviderAnswer headers(Map<String, ?> headers) {
        Map<String, List<String>> fields = HeaderFields.of(headers);
        return new ProviderAnswer(status, fields::get, body, secret);
    }

    /**
     * With a body: bytes, characters, a Jackson tree, or maps and lists. Its first 64 KiB and 32 levels are looked at.
     *
     * @param body the body, or null for none
     */
    public ProviderAnswer body(@Nullable Object body) {
        return new ProviderAnswer(status, headers, body, secret);
    }

    /**
     * With a secret that was sent, in case the provider quotes it: it is taken out of the words before anything else is.
     *
     * @param secret the key or token; null for none, and one of fewer than eight characters is not looked for
     */
    public ProviderAnswer secret(@Nullable String secret) {
        return new ProviderAnswer(status, headers, body, secret);
    }

    @Nullable
    String secret() {
        return secret;
    }

    /** The HTTP status; 0 where there is none. */
    public int status() {
        return status;
    }

    Function<? super String, ? extends @Nullable List<String>> headers() {
        return headers;
    }

    @Nullable
    Object body() {
        return body;
    }

    @Override
    public String toString() {
        return "ProviderAnswer[status=" + status + "]";
    }
}
