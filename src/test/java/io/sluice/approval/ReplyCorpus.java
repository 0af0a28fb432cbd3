package io.sluice.approval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Replies as people and their clients write them, and what each says. */
final class ReplyCorpus {

    static final String ID = "0123456789abcdef0123456789abcdef";
    static final String TOKEN = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
    static final String SENT = "[Sluice Approval] delete table users";

    enum Says {
        APPROVE,
        REJECT,
        NOTHING
    }

    record Reply(String name, Says says, String subject, String body, boolean html) {

        ReplyText text() {
            return new ReplyText(subject, body, html, SENT, List.of(ID, TOKEN));
        }

        @Override
        public String toString() {
            return says + ": " + name;
        }
    }

    /** The request itself, which a client quotes: full of decision words. */
    static final String ASKED = """
            Action: delete table users
            Context: approve the cleaning up, or reject it
            Request ID: 0123456789abcdef0123456789abcdef

            Reply APPROVE or REJECT to this email.
            Auto-reject in 24 hours if no response.""";

    static final List<Reply> ALL = all();

    private ReplyCorpus() {}

    static String quoted() {
        return "> " + ASKED.replace("\n", "\n> ");
    }

    private static final String RE = "Re: " + SENT;

    private static void add(List<Reply> to, Says says, String name, String body) {
        to.add(new Reply(name, says, RE, body, false));
    }

    private static void html(List<Reply> to, Says says, String name, String body) {
        to.add(new Reply(name, says, RE, body, true));
    }

    private static void subject(List<Reply> to, Says says, String name, String subject, String body) {
        to.add(new Reply(name, says, subject, body, false));
    }

    private static List<Reply> all() {
        List<Reply> all = new ArrayList<>();
        approvals(all);
        rejections(all);
        nothings(all);
        htmls(all);
        subjects(all);
        return List.copyOf(all);
    }

    private static void approvals(List<Reply> to) {
        Says yes = Says.APPROVE;
        add(to, yes, "bare", "approve");
        add(to, yes, "capitals and a stop", "APPROVED.");
        add(to, yes, "emphasis", "Approve!");
        add(to, yes, "blank lines before", "\n\n  Approved  \n");
        add(to, yes, "CR LF", "APPROVE\r\n\r\nThanks\r\nAda\r\n");
        add(to, yes, "thanks and name", "Approved\n\nThanks,\nAda");
        add(to, yes, "a friendly rest", "Approve\n\nLooks good to me, go ahead.");
        add(to, yes, "the id beside it", "APPROVE " + ID);
        add(to, yes, "the token beside it, in brackets", "Approve [" + TOKEN.toUpperCase(Locale.ROOT) + "]");
        add(to, yes, "the token on a line before", TOKEN + "\nAPPROVE");
        add(to, yes, "bold in plain text", "*Approved*");
        add(to, yes, "a space that does not break", "Approve\u00a0\n");
        add(to, yes, "byte order mark", "\ufeffApprove\n");
        add(
                to,
                yes,
                "Gmail, English",
                "Approve\n\nOn Tue, 3 Mar 2026 at 10:00, Sluice <approvals@example.com> wrote:\n\n" + quoted());
        add(
                to,
                yes,
                "Gmail, wrapped",
                "Approved\n\nOn Tue, 3 Mar 2026 at 10:00, Sluice Approvals of the Platform Team <\napprovals@example.com> wrote:\n\n"
                        + quoted());
        add(
                to,
                yes,
                "Gmail, German",
                "APPROVE\n\nAm Di., 3. März 2026 um 10:00 Uhr schrieb Sluice <approvals@example.com>:\n\n" + quoted());
        add(
                to,
                yes,
                "Gmail, French",
                "Approve\n\nLe mar. 3 mars 2026 à 10:00, Sluice <approvals@example.com> a écrit :\n\n" + quoted());
        add(
                to,
                yes,
                "Gmail, Spanish",
                "approved\n\nEl mar, 3 mar 2026 a las 10:00, Sluice (<approvals@example.com>) escribió:\n\n"
                        + quoted());
        add(
                to,
                yes,
                "Gmail, Italian",
                "approve\n\nIl giorno mar 3 mar 2026 alle ore 10:00 Sluice <approvals@example.com> ha scritto:\n\n"
                        + quoted());
        add(
                to,
                yes,
                "Gmail, Portuguese",
                "approve\n\nEm ter., 3 de mar. de 2026 às 10:00, Sluice <approvals@example.com> escreveu:\n\n"
                        + quoted());
        add(
                to,
                yes,
                "Gmail, Dutch",
                "approve\n\nOp di 3 mrt 2026 om 10:00 schreef Sluice <approvals@example.com>:\n\n" + quoted());
        add(
                to,
                yes,
                "Gmail, Swedish",
                "approve\n\nDen tis 3 mars 2026 kl 10:00 skrev Sluice <approvals@example.com>:\n\n" + quoted());
        add(
                to,
                yes,
                "Gmail, Polish",
                "approve\n\nwt., 3 mar 2026 o 10:00 Sluice <approvals@example.com> napisał(a):\n\n" + quoted());
        add(to, yes, "Gmail, Japanese", "approve\n\n2026年3月3日(火) 10:00 Sluice <approvals@example.com>:\n\n" + quoted());
        add(
                to,
                yes,
                "Apple Mail",
                "Approve\n\nAda\n\n> On 3. Mar 2026, at 10:00, Sluice <approvals@example.com> wrote:\n> \n" + quoted());
        add(
                to,
                yes,
                "iPhone",
                "Approved\n\nSent from my iPhone\n\n> On 3 Mar 2026, at 10:00, Sluice <approvals@example.com> wrote:\n> \n> "
                        + quoted());
        add(
                to,
                yes,
                "iPhone, German",
                "Approve\n\nVon meinem iPhone gesendet\n\n> Am 03.03.2026 um 10:00 schrieb Sluice <approvals@example.com>:\n"
                        + quoted());
        add(
                to,
                yes,
                "Outlook, English",
                "Approve\n\nFrom: Sluice <approvals@example.com>\nSent: Tuesday, 3 March 2026 10:00\nTo: Ada <ada@example.com>\nSubject: "
                        + SENT + "\n\n" + ASKED);
        add(
                to,
                yes,
                "Outlook, line above",
                "Approved.\n\n________________________________\nFrom: Sluice <approvals@example.com>\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Ada\nSubject: "
                        + SENT + "\n\n" + ASKED);
        add(
                to,
                yes,
                "Outlook, German",
                "Approve\n\nVon: Sluice <approvals@example.com>\nGesendet: Dienstag, 3. März 2026 10:00\nAn: Ada <ada@example.com>\nBetreff: "
                        + SENT + "\n\n" + ASKED);
        add(
                to,
                yes,
                "Outlook, French",
                "Approve\n\nDe : Sluice <approvals@example.com>\nEnvoyé : mardi 3 mars 2026 10:00\nÀ : Ada <ada@example.com>\nObjet : "
                        + SENT + "\n\n" + ASKED);
        add(
                to,
                yes,
                "Outlook, Spanish",
                "Approve\n\nDe: Sluice <approvals@example.com>\nEnviado: martes, 3 de marzo de 2026 10:00\nPara: Ada\nAsunto: "
                        + SENT + "\n\n" + ASKED);
        add(
                to,
                yes,
                "Outlook, old",
                "Approve\n\n-----Original Message-----\nFrom: Sluice\nSent: 3 March 2026\nTo: Ada\nSubject: x\n\n"
                        + ASKED);
        add(to, yes, "Outlook, old, German", "Approve\n\n-----Ursprüngliche Nachricht-----\nVon: Sluice\n" + ASKED);
        add(
                to,
                yes,
                "Outlook on a phone",
                "Approve\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Sluice <approvals@example.com>\nSent: Tuesday, March 3, 2026 10:00:00 AM\nTo: Ada\nSubject: x\n\n"
                        + ASKED);
        add(
                to,
                yes,
                "Thunderbird, German, bottom posting",
                "Am 03.03.26 um 10:00 schrieb Sluice Approvals:\n" + quoted() + "\n\nAPPROVE\n");
        add(
                to,
                yes,
                "bottom posting with signature",
                "On 03/03/2026 10:00, Sluice wrote:\n" + quoted() + "\n\nApproved.\n\n-- \nAda Lovelace\nCountess");
        add(
                to,
                yes,
                "signature",
                "Approve\n\n-- \nAda Lovelace\nHead of Engines | +44 20 7946 0000\nhttps://example.com");
        add(to, yes, "quote without a line above", "Approve\n\n" + quoted());
        add(
                to,
                yes,
                "attribution without quote marks",
                "Approve\n\nOn Tue, 3 Mar 2026 10:00 Sluice <approvals@example.com> wrote:\n\n" + ASKED);
        add(
                to,
                yes,
                "a company's disclaimer",
                "Approve\n\nAda\n\nThis e-mail and any attachments are confidential. If you are not the intended recipient, you must not use it; delete it.");
    }

    private static void rejections(List<Reply> to) {
        Says no = Says.REJECT;
        add(to, no, "bare rejection", "reject");
        add(to, no, "capitals", "REJECTED");
        add(
                to,
                no,
                "D-AF-01: with a reason, above the quoted request",
                "REJECT - too risky.\n\nOn Tue, 3 Mar 2026 at 10:00, Sluice <approvals@example.com> wrote:\n\n"
                        + quoted());
        add(to, no, "reason on the same line", "Rejected, we need that table.");
        add(to, no, "reason with 'if'", "Reject. If this runs, we lose data.");
        add(to, no, "reason on the next lines", "Reject\n\nPlease ask me again tomorrow, when the backup is done.");
        add(to, no, "says that it cannot be approved", "Reject - I can't approve this.");
        add(to, no, "rejection with question", "Reject - why would anybody do that?");
        add(to, no, "the token beside", "reject " + TOKEN);
        add(to, no, "rejection at the bottom", "Am 03.03.2026 um 10:00 schrieb Sluice:\n" + quoted() + "\n\nReject");
        add(
                to,
                no,
                "Outlook rejection",
                "Rejected\n\nFrom: Sluice <approvals@example.com>\nSent: Tuesday, 3 March 2026 10:00\nTo: Ada\nSubject: x\n\n"
                        + ASKED);
        add(
                to,
                no,
                "iPhone rejection",
                "REJECT\n\nSent from my iPhone\n\n> On 3 Mar 2026, at 10:00, Sluice wrote:\n" + quoted());
        add(to, no, "then says something about approving", "Reject\n\nBob may approve a smaller one.");
    }

    private static void nothings(List<Reply> to) {
        Says nothing = Says.NOTHING;
        for (String body : List.of(
                "I DISAPPROVE",
                "Do NOT approve",
                "do not approve this",
                "This cannot be approved",
                "unapproved",
                "Not approved",
                "not approved.",
                "I can't approve",
                "I can’t approve that",
                "I won't approve it",
                "Who needs to approve this?",
                "approval granted",
                "LGTM",
                "decline",
                "yes",
                "ok, go",
                "👍",
                "approve?",
                "Approved?",
                "APPROVE ?",
                "¿approve?",
                "approve...",
                "approve…",
                "approve if the tests pass",
                "Approve, if Bob agrees",
                "approve unless it is Friday",
                "approve only for staging",
                "approve once the backup is done",
                "approved by Bob?",
                "I approve",
                "I would approve",
                "I approve of the idea, not of the time",
                "approve the first, reject the second",
                "approve/reject",
                "approve or reject",
                "reject or approve?",
                "Reject? No, go ahead",
                "reject if the tests fail",
                "reject nothing",
                "!approve",
                "~approve~",
                "~~approve~~",
                "-1 approve",
                "1. approve",
                "👎 approve",
                "approve ✗",
                "аpprove",
                "ＡＰＰＲＯＶＥ",
                "ap\u200bprove",
                "approve not",
                "approve: nothing",
                "preapproved",
                "approve-later",
                "approve " + "f".repeat(32),
                "genehmigt",
                "D'accord",
                "reject-list is fine")) {
            add(to, nothing, body, body);
            add(
                    to,
                    nothing,
                    body + " above a quote",
                    body + "\n\nOn Tue, 3 Mar 2026 at 10:00, Sluice <a@example.com> wrote:\n\n" + quoted());
        }
        add(to, nothing, "a condition on the next line", "Approve\nif the tests pass");
        add(to, nothing, "a condition in German", "Approve\n\naber nur auf Staging");
        add(to, nothing, "a condition in French", "Approve\n\nseulement si Bob est d'accord");
        add(to, nothing, "a condition in Spanish", "Approve\n\npero mañana");
        add(to, nothing, "in Russian behind it", "Approve\n\nтолько завтра");
        add(to, nothing, "a list behind a colon", "Approve:\nthe staging part");
        add(to, nothing, "takes it back", "Approve\n\nOn second thought, please wait.");
        add(
                to,
                nothing,
                "takes it back below the quote",
                "Approve\n\n" + quoted() + "\n\nWait, that is production. Don't!");
        add(
                to,
                nothing,
                "takes it back above an attribution",
                "Approve\nOn second thought wait\nOn Tue, 3 Mar 2026 at 10:00, Sluice wrote:\n" + quoted());
        add(to, nothing, "both", "Approve\nReject");
        add(to, nothing, "asks behind it", "Approved\n\nIs that the right table?");
        add(to, nothing, "dashes are no signature", "Approve\n--\nonly after Bob has looked");
        add(to, nothing, "a condition in the signature", "Approve\n-- \nonly after Bob has looked");
        add(to, nothing, "greeting first", "Hi,\n\nApproved.\n\nAda");
        add(to, nothing, "empty", "");
        add(to, nothing, "quote alone", quoted());
        add(to, nothing, "the request itself, in the folder polled", ASKED);
        add(to, nothing, "quote with attribution alone", "On Tue, 3 Mar 2026 at 10:00, Sluice wrote:\n" + quoted());
        add(to, nothing, "somebody else's approval, quoted", "See below\n\n> Approve\n");
        add(
                to,
                nothing,
                "forwarded approval of somebody else",
                "FYI\n\n---------- Forwarded message ---------\nFrom: Bob <bob@example.com>\nDate: Tue, 3 Mar 2026\nSubject: Re: x\nTo: Ada\n\nApprove");
        add(
                to,
                nothing,
                "forwarded alone",
                "---------- Forwarded message ---------\nFrom: Bob <bob@example.com>\nDate: Tue\nSubject: Re: x\n\nApprove");
        add(to, nothing, "forwarded by Apple", "Begin forwarded message:\n\n> From: Bob\n> Subject: Re\n>\n> Approve");
        add(
                to,
                nothing,
                "forwarded in German",
                "-------- Weitergeleitete Nachricht --------\nVon: Bob\nBetreff: x\n\nApprove");
        add(
                to,
                nothing,
                "out of office",
                "I am out of the office until Monday. In urgent cases Bob can approve.\n\n" + quoted());
        add(to, nothing, "out of office, German", "Ich bin bis Montag nicht im Büro.\n\nApprove kann Bob.");
        add(
                to,
                nothing,
                "automatic reply that quotes",
                "Thank you for your message, we will come back to you.\n\n" + ASKED);
        add(to, nothing, "delivery failure", "Your message could not be delivered.\n\n" + ASKED);
        add(to, nothing, "unquoted request below nothing", "\n\n" + ASKED);
        add(to, nothing, "signature alone", "-- \nApprove\nAda");
    }

    private static void htmls(List<Reply> to) {
        html(
                to,
                Says.APPROVE,
                "HTML of Gmail",
                "<div dir=\"ltr\">Approve</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Tue, 3 Mar 2026 at 10:00, Sluice &lt;<a href=\"mailto:a@example.com\">a@example.com</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\"><div>"
                        + ASKED.replace("\n", "<br>") + "</div></blockquote></div>");
        html(
                to,
                Says.APPROVE,
                "HTML of Outlook",
                "<html><head><style>p{margin:0} .reject{}</style></head><body><p class=\"MsoNormal\">Approved<o:p></o:p></p><p>&nbsp;</p><div style=\"border-top:solid #E1E1E1 1.0pt\"><p><b>From:</b> Sluice &lt;a@example.com&gt; <br><b>Sent:</b> Tuesday, March 3, 2026 10:00 AM<br><b>To:</b> Ada<br><b>Subject:</b> x</p></div><p>"
                        + ASKED.replace("\n", "<br>") + "</p></body></html>");
        html(
                to,
                Says.APPROVE,
                "HTML of Apple Mail",
                "<html><body><div>Approve</div><div><br><blockquote type=\"cite\"><div>On 3. Mar 2026, at 10:00, Sluice &lt;a@example.com&gt; wrote:</div><br><div>"
                        + ASKED.replace("\n", "<br>") + "</div></blockquote></div></body></html>");
        html(to, Says.APPROVE, "HTML with bold", "<p><b>APPROVE</b></p>");
        html(to, Says.APPROVE, "HTML in capitals with comments", "<!-- reject --><BODY><P>Approve<BR></P></BODY>");
        html(
                to,
                Says.REJECT,
                "HTML rejection",
                "<div>Reject &ndash; too risky</div><blockquote>" + ASKED.replace("\n", "<br>") + "</blockquote>");
        html(
                to,
                Says.REJECT,
                "HTML rejection in a table",
                "<table><tr><td>Rejected</td></tr><tr><td>Ada</td></tr></table>");
        html(to, Says.NOTHING, "HTML struck out", "<p><s>Approve</s></p>");
        html(
                to,
                Says.NOTHING,
                "HTML struck out by style",
                "<p><span style=\"text-decoration: line-through\">Approve</span></p>");
        html(to, Says.NOTHING, "HTML struck out, then undecided", "<p><del>Approve</del></p><p>let me think</p>");
        html(to, Says.NOTHING, "HTML negated across tags", "<p>not <b>approved</b></p>");
        html(to, Says.NOTHING, "HTML negated by a broken word", "<p>dis<b>approve</b></p>");
        html(to, Says.NOTHING, "HTML condition below", "<div>Approve</div><div>if Bob agrees</div>");
        html(to, Says.NOTHING, "HTML quote alone", "<blockquote>Approve</blockquote>");
        html(to, Says.NOTHING, "HTML of nothing seen", "<head><title>Approve</title></head><body></body>");
        html(to, Says.NOTHING, "HTML entity of a question", "<p>Approve&#63;</p>");
        html(to, Says.NOTHING, "HTML attribute", "<img alt=\"x>\nApprove\n<\"><p>hm</p>");
        html(to, Says.NOTHING, "broken HTML", "<p <b Approve");
    }

    private static void subjects(List<Reply> to) {
        subject(
                to,
                Says.REJECT,
                "D-AF-04: rejection in the subject, other words in the body",
                "REJECT " + RE,
                "see the ticket");
        subject(to, Says.REJECT, "rejection in the subject alone", "Rejected: " + RE, "");
        subject(to, Says.REJECT, "rejection in the subject, quote below", "REJECT", quoted());
        subject(to, Says.APPROVE, "approval in the subject alone", "APPROVE " + RE, "");
        subject(to, Says.APPROVE, "approval in the subject, phone signature", "Approve", "\n\nSent from my iPhone\n");
        subject(to, Says.APPROVE, "approval in the subject, token below", "approved " + TOKEN, quoted());
        subject(
                to,
                Says.NOTHING,
                "approval in the subject, other words in the body",
                "APPROVE " + RE,
                "I will look at it");
        subject(to, Says.NOTHING, "question in the subject", "Approve? " + RE, "");
        subject(to, Says.NOTHING, "negated in the subject", "NOT APPROVED " + RE, "");
        subject(to, Says.NOTHING, "contradiction", "REJECT " + RE, "Approve");
        subject(to, Says.NOTHING, "contradiction behind the subject", RE + " - not yet", "Approve");
        subject(to, Says.NOTHING, "forwarded with a subject", "Fwd: approve", "");
        subject(to, Says.NOTHING, "out of office in the subject", "Automatic reply: " + SENT, "");
        subject(to, Says.APPROVE, "subject does not matter where the body decides", "AW: " + SENT, "Approve");
        subject(to, Says.REJECT, "body rejects, subject approves", "APPROVE " + RE, "Reject");
    }
}
