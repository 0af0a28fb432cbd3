package io.sluice.channel.mail;

import io.sluice.approval.ApprovalNotice;
import io.sluice.approval.ApprovalRecord;
import io.sluice.approval.ApprovalRequest;
import io.sluice.approval.Approver;
import io.sluice.approval.OnTimeout;
import org.jspecify.annotations.Nullable;

/**
 * What a request says by mail. Pure. What comes from whoever asks is indented, so that it cannot pass for what the request says
 * itself, such as another id.
 */
final class RequestText {

    private static final String PREFIX = "[Approval] ";
    private static final int MOST = 10_000;

    private RequestText() {}

    static String subject(ApprovalRecord record) {
        return PREFIX + record.request().title();
    }

    static String body(ApprovalNotice notice, Approver recipient) {
        ApprovalRequest request = notice.request();
        StringBuilder text = new StringBuilder();
        if (notice.step() > 0) {
            text.append("Nobody has decided about this yet.\n\n");
        }
        told(text, "Action", request.action());
        told(text, "Arguments", request.arguments());
        told(text, "Why", request.context());
        told(text, "Requested by", request.requester());
        text.append("Risk: ").append(request.risk()).append('\n');
        text.append("Request ID: ").append(notice.id()).append('\n');
        text.append("Your token: ").append(notice.token(recipient)).append("\n\n");
        text.append("Reply APPROVE or REJECT to this mail, as the first line and with nothing else in it.\n");
        text.append("Below a REJECT you may say why. Anything else decides nothing.\n");
        boolean rejects = notice.onTimeout() == OnTimeout.REJECT;
        text.append(rejects ? "Without an answer within " : "IT IS APPROVED WITHOUT AN ANSWER within ")
                .append(notice.timeout())
                .append(rejects ? " it is rejected.\n" : ".\n");
        return text.toString();
    }

    private static void told(StringBuilder text, String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return;
        }
        String shown = value.length() > MOST
                ? value.substring(0, MOST) + "\n… (" + (value.length() - MOST) + " more characters, not shown)"
                : value;
        text.append(name).append(":\n");
        shown.lines()
                .forEach(line -> text.append("    ").append(printable(line)).append('\n'));
    }

    private static String printable(String line) {
        StringBuilder shown = new StringBuilder(line.length());
        line.codePoints().forEach(character -> {
            int type = Character.getType(character);
            boolean hidden = type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            shown.appendCodePoint(hidden ? (character == '\t' ? ' ' : '\ufffd') : character);
        });
        return shown.toString();
    }
}
