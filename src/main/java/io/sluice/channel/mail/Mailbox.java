package io.sluice.channel.mail;

import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Store;
import jakarta.mail.UIDFolder;
import jakarta.mail.search.ComparisonTerm;
import jakarta.mail.search.ReceivedDateTerm;
import jakarta.mail.search.SearchTerm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which replies arrive. It is only read: what was read before is known by the numbers of the server, for as long
 * as the process runs, and looked at again after that; a decision that was counted once is the same decision. Blocks; one
 * thread at a time.
 */
final class Mailbox {

    /** Larger mails are not fetched: nobody writes a decision like that. In bytes. */
    static final int MOST_BYTES = 1024 * 1024;

    /** The most mails that are fetched in one look; the rest is left for the next. */
    static final int MOST = 500;

    private final MailServer server;
    private final String folder;
    private final Duration lookBack;
    private long validity = -1;
    private long lastRead = -1;

    Mailbox(MailServer server, String folder, Duration lookBack) {
        this.server = server;
        this.folder = folder;
        this.lookBack = lookBack;
    }

    /**
     * What one look found.
     *
     * @param replies the oldest first
     * @param unreadable why some could not be read
     * @param validity of the server's numbers
     * @param last the number up to which it was read
     * @param more whether there is more, for another look
     */
    record Look(List<ReplyMail> replies, List<String> unreadable, long validity, long last, boolean more) {}

    /** Fetches what arrived since the last look that was {@linkplain #done carried to its end}. */
    Look look(Instant now) {
        try (Store store = MailSession.store(server);
                Folder opened = store.getFolder(folder)) {
            opened.open(Folder.READ_ONLY);
            if (!(opened instanceof UIDFolder numbers)) {
                throw new MessagingException("the folder has no numbers for its mails");
            }
            boolean known = numbers.getUIDValidity() == validity;
            Message[] arrived = known
                    ? numbers.getMessagesByUID(lastRead + 1, UIDFolder.LASTUID)
                    : opened.search(since(now.minus(lookBack)));
            return read(numbers, arrived, known ? lastRead : 0);
        } catch (MessagingException failure) {
            throw new MailFailedException(
                    "cannot read the mailbox '" + folder + "' at " + server + " ("
                            + failure.getClass().getSimpleName()
                            + "); look at the server, the login and the folder's name",
                    failure);
        }
    }

    private static SearchTerm since(Instant from) {
        // Servers compare dates without their times, in zones of their own.
        return new ReceivedDateTerm(ComparisonTerm.GE, Date.from(from.minus(Duration.ofDays(1))));
    }

    private static Look read(UIDFolder numbers, Message[] arrived, long before) throws MessagingException {
        List<ReplyMail> replies = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        long last = before;
        int count = 0;
        for (Message message : arrived) {
            if (message == null) {
                continue;
            }
            long number = numbers.getUID(message);
            // A server answers a range beyond its end with its last mail.
            if (number <= before) {
                continue;
            }
            if (count++ == MOST) {
                return new Look(replies, unreadable, numbers.getUIDValidity(), last, true);
            }
            last = Math.max(last, number);
            @Nullable String problem = MailReading.into(message, replies);
            if (problem != null) {
                unreadable.add(problem);
            }
        }
        return new Look(replies, unreadable, numbers.getUIDValidity(), last, false);
    }

    /** What a look found was handed in; the next begins after it. */
    void done(Look look) {
        validity = look.validity();
        lastRead = look.last();
    }
}
