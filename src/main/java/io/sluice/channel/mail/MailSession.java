package io.sluice.channel.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Service;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import java.util.Properties;

/** Connections to mail servers. Blocks; no wait is longer than ten seconds, except for one that is told when mail arrives. */
final class MailSession {

    /** How long a server may take to connect, to answer, and to take what is written, in milliseconds. */
    private static final String LIMIT = "10000";

    private MailSession() {}

    static Transport transport(MailServer server) throws MessagingException {
        return connected(session(server, "smtp", LIMIT).getTransport("smtp"), server);
    }

    static Store store(MailServer server) throws MessagingException {
        return connected(session(server, "imap", LIMIT).getStore("imap"), server);
    }

    /**
     * For a connection that waits until mail arrives.
     *
     * @param silenceMillis how long nothing may come in before the connection counts as lost
     */
    static Store waitingStore(MailServer server, long silenceMillis) throws MessagingException {
        return connected(session(server, "imap", Long.toString(silenceMillis)).getStore("imap"), server);
    }

    static Session session(MailServer server, String protocol, String readLimit) {
        Properties settings = new Properties();
        String prefix = "mail." + protocol + ".";
        boolean encrypted = server.protection() != MailServer.Protection.NONE;
        settings.setProperty(prefix + "connectiontimeout", LIMIT);
        settings.setProperty(prefix + "timeout", readLimit);
        settings.setProperty(prefix + "writetimeout", LIMIT);
        settings.setProperty(prefix + "ssl.enable", String.valueOf(server.protection() == MailServer.Protection.TLS));
        settings.setProperty(
                prefix + "starttls.enable", String.valueOf(server.protection() == MailServer.Protection.STARTTLS));
        settings.setProperty(
                prefix + "starttls.required", String.valueOf(server.protection() == MailServer.Protection.STARTTLS));
        settings.setProperty(prefix + "ssl.checkserveridentity", String.valueOf(encrypted));
        settings.setProperty(prefix + "auth", String.valueOf(server.user() != null));
        settings.setProperty("mail.mime.charset", "UTF-8");
        settings.setProperty("mail.mime.address.strict", "true");
        return Session.getInstance(settings);
    }

    private static <S extends Service> S connected(S service, MailServer server) throws MessagingException {
        String password = server.password() == null ? null : server.password().get();
        service.connect(server.host(), server.port(), server.user(), password);
        return service;
    }
}
