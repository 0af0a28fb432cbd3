package io.sluice.channel.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds what the writer of a mail wrote: its plain text, or its HTML where there is none. Attachments are not read. */
final class MailParts {

    /** What is not looked at, because it does not matter. */
    static final MailParts NONE = new MailParts();

    private static final int MOST_DEEP = 10;
    private static final int MOST_BYTES = 1024 * 1024;

    private @Nullable String plain;
    private @Nullable String html;

    private MailParts() {}

    static MailParts of(Part mail) throws MessagingException, IOException {
        MailParts found = new MailParts();
        found.look(mail, 0);
        return found;
    }

    /** Whether there is only HTML. */
    boolean isHtml() {
        return (plain == null || plain.isBlank()) && html != null;
    }

    String text() {
        String text = isHtml() ? html : plain;
        return text == null ? "" : text;
    }

    private void look(Part part, int depth) throws MessagingException, IOException {
        String disposition = part.getDisposition();
        if (depth > MOST_DEEP || Part.ATTACHMENT.equalsIgnoreCase(disposition)) {
            return;
        }
        if (part.isMimeType("multipart/*")) {
            if (part.getContent() instanceof Multipart parts) {
                for (int i = 0; i < parts.getCount(); i++) {
                    look(parts.getBodyPart(i), depth + 1);
                }
            }
        } else if (part.isMimeType("text/plain") && plain == null) {
            plain = decoded(part);
        } else if (part.isMimeType("text/html") && html == null) {
            html = decoded(part);
        }
        // A message within the message is somebody else's words.
    }

    private static String decoded(Part part) throws MessagingException, IOException {
        try {
            return String.valueOf(part.getContent());
        } catch (UnsupportedEncodingException unknown) {
            // Decision words have the same letters in each character set that mails are written in.
            try (InputStream bytes = part.getInputStream()) {
                return new String(bytes.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
            }
        }
    }
}
