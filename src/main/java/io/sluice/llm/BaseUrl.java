package io.sluice.llm;

import io.sluice.support.Internal;
import io.sluice.transport.TransportRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;

/** Where a server is. It can hold a user and a password, so that neither errors nor {@link #toString()} show it. */
@Internal
public final class BaseUrl {

    private static final String UNRESERVED = "-._~";

    private final String text;
    private final URI uri;

    private BaseUrl(String text, URI uri) {
        this.text = text;
        this.uri = uri;
    }

    /**
     * Takes spaces around the address and slashes at its end away.
     *
     * @throws IllegalArgumentException if it is not an absolute http or https address without query
     */
    public static BaseUrl of(String url) {
        String trimmed = url.strip().replaceAll("/+$", "");
        try {
            // A path makes "http://" and the like fail here and not at the first call.
            URI uri = TransportRequest.of("POST", new URI(trimmed + "/x")).uri();
            if (trimmed.indexOf('?') < 0 && trimmed.indexOf('#') < 0) {
                return new BaseUrl(trimmed, uri);
            }
        } catch (URISyntaxException | IllegalArgumentException notAnAddress) {
            // told below, without its words
        }
        throw new IllegalArgumentException(
                "baseUrl must be an absolute http or https address without query, such as https://api.openai.com/v1");
    }

    /**
     * The address of something beneath it.
     *
     * @param path begins with a slash; may have a query; parts of it that came from outside are {@link #segment}s
     */
    public URI at(String path) {
        return URI.create(text + path);
    }

    /** The host, for people. */
    public String host() {
        return uri.getHost();
    }

    /** A text as one segment of a path, whatever it holds (RFC 3986 section 3.3). */
    public static String segment(String text) {
        StringBuilder segment = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (one & 0xff);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (plain || UNRESERVED.indexOf(c) >= 0) {
                segment.append(c);
            } else {
                segment.append('%').append(hex(c >> 4)).append(hex(c & 15));
            }
        }
        // Dots alone would be resolved away.
        return segment.toString().matches("\\.{1,2}") ? segment.toString().replace(".", "%2E") : segment.toString();
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }

    @Override
    public String toString() {
        return host();
    }
}
