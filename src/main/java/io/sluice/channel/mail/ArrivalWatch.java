package io.sluice.channel.mail;

import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.jspecify.annotations.Nullable;

/**
 * Is told by the server when mail arrives (IMAP IDLE, RFC 2177), where it offers that. Holds one connection and one thread of
 * the bounded elastic ones while it waits.
 */
final class ArrivalWatch {

    /** Servers may end a connection on which nothing was said for half an hour (RFC 9051 section 5.4). In milliseconds. */
    private static final long SILENCE = 29 * 60 * 1000;

    private final MailServer server;
    private final String folder;
    private final AtomicReference<@Nullable Folder> waiting = new AtomicReference<>();
    private volatile boolean closed;

    ArrivalWatch(MailServer server, String folder) {
        this.server = server;
        this.folder = folder;
    }

    /**
     * Waits once, until something arrives, the connection ends, or {@link #close}.
     *
     * @param watching told when the server reports what arrives from now on, so that what arrived before can be looked for
     * @return whether the server offers it; if not, there is no use in waiting again
     */
    boolean await(Runnable watching) throws MessagingException {
        try (IMAPStore store = (IMAPStore) MailSession.waitingStore(server, SILENCE)) {
            if (!store.hasCapability("IDLE")) {
                return false;
            }
            try (IMAPFolder opened = (IMAPFolder) store.getFolder(folder)) {
                opened.open(Folder.READ_ONLY);
                waiting.set(opened);
                if (!closed) {
                    watching.run();
                    opened.idle(true);
                }
            }
            return true;
        } finally {
            waiting.set(null);
        }
    }

    /** Ends a wait that is under way, and all later ones. Blocks for as long as it takes to say goodbye. */
    void close() {
        closed = true;
        Folder opened = waiting.get();
        if (opened != null) {
            try {
                opened.close(false);
            } catch (MessagingException | IllegalStateException gone) {
                // It has ended by itself.
            }
        }
    }

    boolean closed() {
        return closed;
    }
}
