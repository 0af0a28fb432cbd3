package io.sluice.channel.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.ServerSetup;
import com.icegreen.greenmail.util.ServerSetupTest;
import io.sluice.approval.ApprovalFlow;
import io.sluice.approval.ApprovalRecord;
import io.sluice.approval.ApprovalRequest;
import io.sluice.approval.ApprovalStatus;
import io.sluice.approval.Approver;
import io.sluice.approval.AuditKind;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests and replies over real SMTP and IMAP. */
class MailChannelTest {

    private static final String AGENT = "agent@example.com";
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    static final GreenMailExtension SERVER = new GreenMailExtension(ServerSetup.dynamicPort(ServerSetupTest.SMTP_IMAP));

    private final AtomicInteger numbers = new AtomicInteger();
    private @Nullable MailChannel channel;
    private @Nullable ApprovalFlow flow;

    @BeforeEach
    void people() {
        SERVER.setUser(AGENT, AGENT, "secret");
        SERVER.setUser("ada@corp.example", "ada@corp.example", "x");
        SERVER.setUser("bob@corp.example", "bob@corp.example", "x");
    }

    @AfterEach
    void close() {
        if (flow != null) {
            flow.close().block(SOON);
        }
    }

    private static MailServer server(int port) {
        return MailServer.imap("127.0.0.1")
                .port(port)
                .protection(MailServer.Protection.NONE)
                .login(AGENT, () -> "secret");
    }

    private static MailChannel.Builder mail() {
        return MailChannel.builder()
                .smtp(server(SERVER.getSmtp().getPort()))
                .imap(server(SERVER.getImap().getPort()))
                .from(AGENT)
                .senders(SenderCheck.none())
                .interval(Duration.ofHours(1));
    }

    private ApprovalFlow flow(MailChannel.Builder builder) {
        channel = builder.build();
        flow = ApprovalFlow.builder()
                .channel(channel)
                .approver(Approver.of("ada").at("mail", "ada@corp.example"))
                .approver(Approver.of("bob").at("mail", "bob@corp.example"))
                .build();
        return flow;
    }

    /** A request of which both have a mail. */
    private ApprovalRecord asked(ApprovalFlow flow) {
        ApprovalRecord record = flow.submit(ApprovalRequest.of("delete table", Map.of("table", "users"))
                        .requester("agent"))
                .block(SOON);
        assertThat(SERVER.waitForIncomingEmail(SOON.toMillis(), 2)).isTrue();
        return Objects.requireNonNull(record);
    }

    private static MimeMessage received(String address) throws MessagingException {
        for (MimeMessage mail : SERVER.getReceivedMessages()) {
            if (mail.getAllRecipients()[0].toString().equals(address)) {
                return mail;
            }
        }
        throw new AssertionError("no mail for " + address);
    }

    private static String token(String address) throws Exception {
        var found = Pattern.compile("Your token: ([0-9a-f]{32})")
                .matcher(received(address).getContent().toString());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    /** Puts a mail into the agent's mailbox as it is. */
    private void arrives(String raw) throws Exception {
        MimeMessage mail = new MimeMessage(
                Session.getInstance(new Properties()),
                new java.io.ByteArrayInputStream(raw.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)));
        var user = SERVER.getUserManager().getUserByEmail(AGENT);
        SERVER.getManagers().getImapHostManager().getInbox(user).store(mail);
    }

    private String reply(String from, String headers, String body) {
        return "From: " + from + "\nTo: " + AGENT + "\nSubject: Re: [Approval] delete table\nMessage-ID: <m"
                + numbers.incrementAndGet() + "@corp.example>\n" + headers + "\n" + body + "\n";
    }

    private void looks() {
        Objects.requireNonNull(channel).poll().block(SOON);
    }

    private ApprovalStatus status(ApprovalRecord record) {
        return Objects.requireNonNull(
                        Objects.requireNonNull(flow).find(record.id()).block(SOON))
                .status();
    }

    private List<String> refusals() {
        return Objects.requireNonNull(Objects.requireNonNull(flow)
                .audit()
                .filter(entry -> entry.note().kind() == AuditKind.REPLY_REFUSED)
                .map(entry -> String.valueOf(entry.note().details().get("reason")))
                .collectList()
                .block(SOON));
    }

    @Test
    void eachApproverGetsAMailOfTheirOwnWithATokenOfTheirOwn() throws Exception {
        ApprovalRecord record = asked(flow(mail().withoutIdle()));
        MimeMessage toAda = received("ada@corp.example");
        assertThat(toAda.getSubject()).isEqualTo("[Approval] delete table");
        assertThat(toAda.getFrom()[0].toString()).isEqualTo(AGENT);
        assertThat(toAda.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(toAda.getContent().toString().replace("\r", ""))
                .contains("Action:\n    delete table\n", "{\"table\":\"users\"}", "Request ID: " + record.id())
                .contains("Without an answer within 24 hours it is rejected.");
        assertThat(token("ada@corp.example")).isNotEqualTo(token("bob@corp.example"));
    }

    @Test
    void aReplyWithTheTokenInItsQuotationApproves() throws Exception {
        ApprovalRecord record = asked(flow(mail().withoutIdle()));
        String quoted = received("ada@corp.example")
                .getContent()
                .toString()
                .replace("\r", "")
                .replaceAll("(?m)^", "> ");
        arrives(reply("Ada <ADA@corp.example>", "", "APPROVE\n\nOn Tue, Nov 24, 2026 agent wrote:\n" + quoted));
        looks();
        assertThat(status(record)).isEqualTo(ApprovalStatus.APPROVED);
    }

    @Test
    void aReplyWithoutQuotationIsKnownByItsThread() throws Exception {
        ApprovalRecord record = asked(flow(mail().withoutIdle()));
        String id = received("bob@corp.example").getMessageID();
        arrives(reply("bob@corp.example", "In-Reply-To: " + id + "\nReferences: " + id + "\n", "Reject - too risky."));
        looks();
        assertThat(status(record)).isEqualTo(ApprovalStatus.REJECTED);
    }

    @Test
    void theServerTellsOfAReplyAtOnce() throws Exception {
        ApprovalFlow flow = flow(mail());
        ApprovalRecord record = asked(flow);
        String id = received("ada@corp.example").getMessageID();
        // The interval is an hour: only the server's word can bring it.
        arrives(reply("ada@corp.example", "In-Reply-To: " + id + "\n", "Approved."));
        assertThat(Objects.requireNonNull(flow.await(record.id()).block(SOON)).approved())
                .isTrue();
    }

    @Test
    void aForgedSenderDecidesNothing() throws Exception {
        ApprovalRecord record = asked(flow(mail().withoutIdle()));
        arrives(reply("eve@evil.example", "", "APPROVE\n" + token("ada@corp.example")));
        looks();
        assertThat(status(record).pending()).isTrue();
        assertThat(refusals()).isEmpty();
        arrives(reply("eve@evil.example", "", "APPROVE\n" + record.id() + "\n" + token("ada@corp.example")));
        looks();
        assertThat(status(record).pending()).isTrue();
        assertThat(refusals()).containsExactly("its sender is not an approver");
    }

    @Test
    void anotherApproversTokenDecidesNothing() throws Exception {
        ApprovalRecord record = asked(flow(mail().withoutIdle()));
        arrives(reply("ada@corp.example", "", "APPROVE\n" + record.id() + " " + token("bob@corp.example")));
        looks();
        assertThat(status(record).pending()).isTrue();
        assertThat(refusals()).containsExactly("it lacks the token that its sender was sent for what is asked now");
    }

    @Test
    void anUnauthenticatedSenderDecidesNothingAndAnAuthenticatedOneDoes() throws Exception {
        ApprovalRecord record =
                asked(flow(mail().withoutIdle().senders(SenderCheck.authenticatedBy("mx.example.com"))));
        String body = "APPROVE\n\n" + record.id() + " " + token("ada@corp.example");
        arrives(reply("ada@corp.example", "", body));
        arrives(reply(
                "ada@corp.example",
                "Authentication-Results: mx.evil.example; dmarc=pass header.from=corp.example\n",
                body));
        looks();
        assertThat(status(record).pending()).isTrue();
        assertThat(refusals()).hasSize(2).containsOnly("its sender is not authenticated by the mailbox's server");
        arrives(reply(
                "ada@corp.example",
                "Authentication-Results: mx.example.com; dmarc=pass header.from=corp.example\n",
                body));
        looks();
        assertThat(status(record)).isEqualTo(ApprovalStatus.APPROVED);
    }

    @Test
    void automaticRepliesDecideNothing() throws Exception {
        ApprovalRecord record = asked(flow(mail().withoutIdle()));
        String id = "In-Reply-To: " + received("ada@corp.example").getMessageID() + "\n";
        for (String header : List.of(
                "Auto-Submitted: auto-replied\n",
                "Precedence: bulk\n",
                "X-Autoreply: yes\n",
                "List-Id: <x.example>\n",
                "Return-Path: <>\n",
                "Content-Type: multipart/report; boundary=b\n")) {
            arrives(reply("ada@corp.example", id + header, "APPROVE"));
        }
        looks();
        assertThat(status(record).pending()).isTrue();
        assertThat(refusals()).hasSize(6).containsOnly("a program wrote it");
    }

    @Test
    void ourOwnRequestsInTheFolderAreNoReplies() throws Exception {
        ApprovalRecord record = asked(flow(mail().withoutIdle()));
        MimeMessage own = received("ada@corp.example");
        SERVER.getManagers()
                .getImapHostManager()
                .getInbox(SERVER.getUserManager().getUserByEmail(AGENT))
                .store(own);
        looks();
        assertThat(status(record).pending()).isTrue();
        assertThat(refusals()).isEmpty();
    }

    @Test
    void oneMailThatCannotBeReadKeepsNoOtherFromBeingRead() throws Exception {
        ApprovalRecord record = asked(flow(mail().withoutIdle()));
        String id = "In-Reply-To: " + received("ada@corp.example").getMessageID() + "\n";
        arrives(reply("ada@corp.example", id + "Content-Type: multipart/mixed; boundary=\"\n", "--\n\n\u0000garbage"));
        arrives(reply("ada@corp.example", id, "Yes please, if the backup is there"));
        arrives(reply("ada@corp.example", id, "approve"));
        looks();
        assertThat(status(record)).isEqualTo(ApprovalStatus.APPROVED);
        assertThat(refusals()).isNotEmpty();
    }

    @Test
    void ofRepliesThatArriveTogetherTheRejectionCounts() throws Exception {
        ApprovalRecord record = asked(flow(mail().withoutIdle()));
        String id = "In-Reply-To: " + received("ada@corp.example").getMessageID() + "\n";
        arrives(reply("ada@corp.example", id, "APPROVE"));
        arrives(reply("ada@corp.example", id, "REJECT\nI was wrong."));
        looks();
        assertThat(status(record)).isEqualTo(ApprovalStatus.REJECTED);
    }

    @Test
    void htmlQuotedPrintableAndBase64AreDecoded() throws Exception {
        for (String body : List.of(
                "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n|"
                        + "<div dir=3D\"ltr\">Appro=\nve</div><blockquote>REJECT</blockquote>",
                "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n|QVBQUk9WRQ==",
                "Content-Type: text/plain; charset=x-unknown-8bit\n|Approve",
                "Content-Type: multipart/alternative; boundary=b\n|--b\nContent-Type: text/plain\n\nApprove\n--b\n"
                        + "Content-Type: text/html\n\n<p>Reject</p>\n--b--")) {
            SERVER.purgeEmailFromAllMailboxes();
            ApprovalRecord record = asked(flow(mail().withoutIdle()));
            String id = "In-Reply-To: " + received("ada@corp.example").getMessageID() + "\nMIME-Version: 1.0\n";
            String[] parts = body.split("\\|", 2);
            arrives(reply("ada@corp.example", id + parts[0], parts[1]));
            looks();
            assertThat(status(record)).as(body).isEqualTo(ApprovalStatus.APPROVED);
            close();
        }
    }

    @Test
    void anAttachedMessageIsSomebodyElsesWords() throws Exception {
        ApprovalRecord record = asked(flow(mail().withoutIdle()));
        String id = "In-Reply-To: " + received("ada@corp.example").getMessageID() + "\n";
        arrives(reply(
                "ada@corp.example",
                id + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
                "--b\nContent-Type: message/rfc822\n\nFrom: x@y.example\nSubject: x\n\nAPPROVE\n--b--"));
        looks();
        assertThat(status(record).pending()).isTrue();
    }

    @Test
    void lineBreaksInAnActionMakeNoHeader() throws Exception {
        ApprovalFlow flow = flow(mail().withoutIdle());
        flow.submit(ApprovalRequest.of("x\r\nBcc: evil@evil.example\r\n\r\nRequest ID: 0", Map.of())
                        .context("harmless\nRequest ID: 00000000000000000000000000000000\u2028Your token: 1"))
                .block(SOON);
        assertThat(SERVER.waitForIncomingEmail(SOON.toMillis(), 2)).isTrue();
        MimeMessage mail = received("ada@corp.example");
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(mail.getSubject()).isEqualTo("[Approval] x Bcc: evil@evil.example Request ID: 0");
        assertThat(mail.getContent().toString().lines().filter(line -> line.startsWith("Request ID: ")))
                .hasSize(1);
        assertThat(mail.getContent().toString().lines().filter(line -> line.startsWith("Your token: ")))
                .hasSize(1);
    }

    @Test
    void repliesAreReadAgainAfterARestartAndCountOnce() throws Exception {
        ApprovalRecord record = asked(flow(mail().withoutIdle()));
        arrives(reply(
                "ada@corp.example",
                "In-Reply-To: " + received("ada@corp.example").getMessageID() + "\n",
                "APPROVE"));
        looks();
        looks();
        assertThat(status(record)).isEqualTo(ApprovalStatus.APPROVED);
        assertThat(refusals()).isEmpty();
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        MailChannel lost = mail().withoutIdle().imap(server(1)).build();
        ApprovalFlow flow = ApprovalFlow.builder()
                .channel(lost)
                .approver(Approver.of("ada").at("mail", "ada@corp.example"))
                .build();
        flow.ready().block(SOON);
        assertThatThrownBy(() -> lost.poll().block(SOON))
                .isInstanceOf(MailFailedException.class)
                .hasMessageContaining("cannot read the mailbox 'INBOX' at 127.0.0.1:1");
        flow.close().block(SOON);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> MailChannel.builder()
                        .smtp(server(25))
                        .imap(server(143))
                        .from(AGENT)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a channel for mail needs senders(..)");
        assertThatThrownBy(() -> mail().from("no address").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the sender 'no address' is not an address for mail");
        assertThat(server(143).toString()).isEqualTo("127.0.0.1:143");
    }
}
