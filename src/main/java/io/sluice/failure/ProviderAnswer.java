package io.sluice.failure;

import io.sluice.model.TokenUsage;
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
    private final boolean nothingSent;
    private final TokenUsage usage;

    private ProviderAnswer(
            int status,
            Function<? super String, ? extends @Nullable List<String>> headers,
            @Nullable Object body,
            @Nullable String secret,
            boolean nothingSent,
            TokenUsage usage) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.secret = secret;
        this.nothingSent = nothingSent;
        this.usage = usage;
    }

    /**
     * An answer without headers and body.
     *
     * @param status the HTTP status; 0 where there is none, such as for an error within a stream
     */
    public static ProviderAnswer of(int status) {
        return new ProviderAnswer(status, name -> List.of(), null, null, false, TokenUsage.UNKNOWN);
    }

    /**
     * With headers.
     *
     * @param headers gives all values of a header, an empty list or null where it is missing; asked with names in lower
     *     case, and answers without regard to case
     */
    public ProviderAnswer headers(Function<? super String, ? extends @Nullable List<String>> headers) {
        return new ProviderAnswer(status, Objects.requireNonNull(headers, "headers"), body, secret, nothingSent, usage);
    }

    /** With headers by name, in any case; each value is a string or several of them. */
    public ProviderAnswer headers(Map<String, ?> headers) {
        Map<String, List<String>> fields = HeaderFields.of(headers);
        return new ProviderAnswer(status, fields::get, body, secret, nothingSent, usage);
    }

    /**
     * With a body: bytes, characters, a Jackson tree, or maps and lists. Its first 64 KiB and 32 levels are looked at.
     *
     * @param body the body, or null for none
     */
    public ProviderAnswer body(@Nullable Object body) {
        return new ProviderAnswer(status, headers, body, secret, nothingSent, usage);
    }

    /**
     * With a secret that was sent, in case the provider quotes it: it is taken out of the words before anything else is.
     *
     * @param secret the key or token; null for none, and one of fewer than eight characters is not looked for
     */
    public ProviderAnswer secret(@Nullable String secret) {
        return new ProviderAnswer(status, headers, body, secret, nothingSent, usage);
    }

    /** For what is no answer at all: the client knows that the request never left, so that nobody can have counted it. */
    public ProviderAnswer nothingSent() {
        return new ProviderAnswer(status, headers, body, secret, true, usage);
    }

    /** With what the call is known to have used although it failed. */
    public ProviderAnswer usage(TokenUsage usage) {
        return new ProviderAnswer(status, headers, body, secret, nothingSent, Objects.requireNonNull(usage, "usage"));
    }

    boolean isNothingSent() {
        return nothingSent;
    }

    TokenUsage usage() {
        return usage;
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
