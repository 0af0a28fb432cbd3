package io.sluice.channel.mail;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes one mail. What cannot be decoded keeps no other mail from being read. Blocks. */
final class MailReading {

    private static final Set<String> MACHINES = Set.of("bulk", "junk", "list", "auto_reply");

    private MailReading() {}

    /** Adds what a mail says to a list, or tells why it cannot be read. */
    static @Nullable String into(Message message, List<ReplyMail> replies) {
        try {
            if (message.getSize() > Mailbox.MOST_BYTES) {
                return "it is larger than " + Mailbox.MOST_BYTES / 1024 + " KiB";
            }
            boolean machine = isOfAMachine(message);
            MailParts parts = machine ? MailParts.NONE : MailParts.of(message);
            Date received = message.getReceivedDate();
            replies.add(new ReplyMail(
                    senders(message.getFrom()),
                    message.getSubject() == null ? "" : message.getSubject(),
                    String.join(" ", headers(message, "In-Reply-To")) + " "
                            + String.join(" ", headers(message, "References")),
                    parts.text(),
                    parts.isHtml(),
                    headers(message, "Authentication-Results"),
                    machine,
                    message.getHeader(RequestMail.MARK) != null,
                    received == null ? null : received.toInstant()));
            return null;
        } catch (MessagingException | IOException | RuntimeException damaged) {
            return "it cannot be decoded (" + damaged.getClass().getSimpleName() + ")";
        }
    }

    private static List<String> senders(Address @Nullable [] from) {
        List<String> senders = new ArrayList<>();
        if (from != null) {
            for (Address address : from) {
                senders.add(address instanceof InternetAddress internet ? internet.getAddress() : address.toString());
            }
        }
        return senders;
    }

    private static List<String> headers(Message message, String name) throws MessagingException {
        String[] values = message.getHeader(name);
        return values == null ? List.of() : List.of(values);
    }

    /** Automatic replies, reports and lists say so in one of these ways (RFC 3834 section 5, RFC 6522, and custom). */
    private static boolean isOfAMachine(Message message) throws MessagingException {
        boolean submitted = headers(message, "Auto-Submitted").stream()
                .anyMatch(value -> !value.strip().toLowerCase(Locale.ROOT).startsWith("no"));
        boolean precedence = headers(message, "Precedence").stream()
                .anyMatch(value -> MACHINES.contains(value.strip().toLowerCase(Locale.ROOT)));
        boolean custom = message.getHeader("X-Autoreply") != null
                || message.getHeader("X-Autorespond") != null
                || message.getHeader("List-Id") != null;
        boolean noReturn = headers(message, "Return-Path").stream()
                .anyMatch(value -> value.strip().equals("<>"));
        // The structure of a damaged message is not to be had, its header is.
        boolean report = headers(message, "Content-Type").stream()
                .anyMatch(value -> value.strip().toLowerCase(Locale.ROOT).startsWith("multipart/report"));
        return submitted || precedence || custom || noReturn || report;
    }
}
