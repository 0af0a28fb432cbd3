package io.sluice.channel.mail;

import io.sluice.approval.ApprovalNotice;
import io.sluice.approval.Approver;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.Date;

/**
 * A request as a mail to one approver. Its Message-ID holds the id and the approver's token, so a reply proves that it answers
 * this mail also where its writer deleted the quotation; later mails about the same request refer to the first.
 */
final class RequestMail extends MimeMessage {

    /** By this header our own requests are known. */
    static final String MARK = "X-Sluice-Request";

    private final String messageId;

    private RequestMail(Session session, String messageId) {
        super(session);
        this.messageId = messageId;
    }

    static MimeMessage of(
            Session session,
            InternetAddress from,
            InternetAddress to,
            ApprovalNotice notice,
            Approver recipient,
            Date now)
            throws MessagingException {
        String domain = from.getAddress().substring(from.getAddress().lastIndexOf('@') + 1);
        String stem = "<sluice." + notice.id() + "." + notice.token(recipient);
        RequestMail mail = new RequestMail(session, stem + "." + notice.step() + "@" + domain + ">");
        mail.setFrom(from);
        mail.setRecipient(Message.RecipientType.TO, to);
        mail.setSubject(RequestText.subject(notice.record()), "UTF-8");
        mail.setSentDate(now);
        mail.setText(RequestText.body(notice, recipient), "UTF-8");
        mail.setHeader(MARK, notice.id());
        // Automatic replies are not wanted, and must not be sent (RFC 3834 section 5).
        mail.setHeader("Auto-Submitted", "auto-generated");
        mail.setHeader("X-Auto-Response-Suppress", "All");
        if (notice.step() > 0) {
            String first = stem + ".0@" + domain + ">";
            mail.setHeader("In-Reply-To", first);
            mail.setHeader("References", first);
        }
        mail.saveChanges();
        return mail;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", messageId);
    }
}
