package io.sluice.channel.mail;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server for mail: where it is, how the connection is protected, and who logs in. Immutable; each wither returns a new one.
 *
 * @param host its name; not blank
 * @param port 1 to 65,535
 * @param protection how the connection is protected
 * @param user who logs in; null for nobody
 * @param password asked for at every connection, off the event loop; null where nobody logs in
 */
public record MailServer(
        String host,
        int port,
        Protection protection,
        @Nullable String user,
        @Nullable Supplier<String> password) {

    /** How a connection is protected. Where it is, the server's certificate must be valid for its name. */
    public enum Protection {
        /** Encrypted from the first byte (RFC 8314). */
        TLS,
        /** Encrypted before anything is said that matters; a server that does not offer it is refused (RFC 3207, RFC 9051). */
        STARTTLS,
        /** Not at all; for a server on the same machine. */
        NONE
    }

    /**
     * @throws IllegalArgumentException if the host is blank or the port out of range
     */
    public MailServer {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host of a mail server must not be blank");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("the port of a mail server must be from 1 to 65535, was " + port);
        }
        Objects.requireNonNull(protection, "protection");
    }

    /** A server that takes mail with STARTTLS on port 587 (RFC 6409). */
    public static MailServer smtp(String host) {
        return new MailServer(host, 587, Protection.STARTTLS, null, null);
    }

    /** A server that keeps mail, with TLS on port 993 (RFC 8314). */
    public static MailServer imap(String host) {
        return new MailServer(host, 993, Protection.TLS, null, null);
    }

    /** The same server on another port. */
    public MailServer port(int port) {
        return new MailServer(host, port, protection, user, password);
    }

    /** The same server with another protection. */
    public MailServer protection(Protection protection) {
        return new MailServer(host, port, protection, user, password);
    }

    /** The same server with a login. */
    public MailServer login(String user, Supplier<String> password) {
        return new MailServer(host, port, protection, Objects.requireNonNull(user), Objects.requireNonNull(password));
    }

    /** Leaves out the login. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
