package io.sluice.transport;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * A request to send: immutable, each change gives a new one. Headers and body hold keys and prompts, so that neither
 * appears in {@link #toString()} or in an error.
 */
public final class TransportRequest {

    /** A token of RFC 9110 section 5.6.2: what a method or the name of a header may be. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private static final byte[] NOTHING = {};

    private record Header(String name, String value) {}

    private final String method;
    private final URI uri;
    private final List<Header> headers;
    private final byte[] body;

    private TransportRequest(String method, URI uri, List<Header> headers, byte[] body) {
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
    }

    /**
     * A request without headers and body.
     *
     * @param method such as {@code POST}
     * @param uri an absolute {@code http} or {@code https} address
     * @throws IllegalArgumentException if either is not that
     */
    public static TransportRequest of(String method, URI uri) {
        if (!TOKEN.matcher(method).matches()) {
            throw new IllegalArgumentException("not an HTTP method");
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        boolean port = uri.getPort() != 0 && uri.getPort() <= 65_535;
        if (!http || !port || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "the address must be absolute, with http or https and a host, such as https://api.example.com/v1; a port in it is between 1 and 65535");
        }
        return new TransportRequest(method, uri, List.of(), NOTHING);
    }

    /** A POST of JSON. */
    public static TransportRequest postJson(URI uri, byte[] json) {
        return of("POST", uri).header("content-type", "application/json").body(json);
    }

    /**
     * The same request with one more header; a name may come more than once.
     *
     * @throws IllegalArgumentException if the name is not a token, or the value holds a control or non-ASCII character.
     *     The message names the header, never its value.
     */
    public TransportRequest header(String name, String value) {
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of an HTTP header");
        }
        if (!value.chars().allMatch(c -> (c >= ' ' && c < 127) || c == '\t')) {
            throw new IllegalArgumentException("the value of the header " + name
                    + " holds a line break or another character that a header cannot carry");
        }
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new TransportRequest(method, uri, List.copyOf(more), body);
    }

    /** The same request with this body, which is copied. */
    public TransportRequest body(byte[] body) {
        return new TransportRequest(method, uri, headers, body.clone());
    }

    /** The method, such as {@code POST}. */
    public String method() {
        return method;
    }

    /** Where it goes, with its query. */
    public URI uri() {
        return uri;
    }

    /** Calls {@code action} with the name and value of each header, in the order they were given. */
    public void forEachHeader(BiConsumer<? super String, ? super String> action) {
        Objects.requireNonNull(action, "action");
        headers.forEach(header -> action.accept(header.name(), header.value()));
    }

    /** A copy of the body; empty where there is none. */
    public byte[] body() {
        return body.clone();
    }

    /** The body itself, for a transport that does not change it. */
    byte[] sharedBody() {
        return body;
    }

    /** Method and address without user, query, headers and body. */
    @Override
    public String toString() {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return method + " " + uri.getScheme() + "://" + uri.getHost() + port + Objects.toString(uri.getRawPath(), "");
    }
}
