package io.sluice.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.call.Risk;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is stored is read again as it was. */
class ApprovalJsonTest {

    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");

    static ApprovalRecord full() {
        ApprovalRequest request = ApprovalRequest.of("delete", Map.of("table", "users", "rows", 12.50))
                .context("cleaning up")
                .risk(Risk.HIGH)
                .requester("agent")
                .call("run-1", "call-1")
                .group("round 1");
        ApprovalTerms terms = ApprovalTerms.STANDARD
                .quorum(Quorum.of(2, 3))
                .electorate(Electorate.ofRoles("dba"))
                .channels("mail", "console")
                .ladder(Escalation.after(Duration.ofHours(1), Electorate.of("boss"))
                        .over("pager"))
                .schema("{\"type\":\"object\"}")
                .nonDelegable();
        return new ApprovalRecord(
                "0123456789abcdef0123456789abcdef",
                3,
                request,
                terms,
                ApprovalStatus.NOTIFIED,
                request.arguments(),
                AT,
                AT.plus(terms.timeout()),
                List.of(new Vote("ada", Verdict.APPROVE, "mail", "fine", request.argumentsHash(), AT)),
                List.of(
                        new Delivery("mail", 0, 1, AT, null, "<1@example.com>", null),
                        new Delivery("console", 0, 2, null, AT.plusSeconds(4), null, "refused")),
                0,
                null,
                List.of(),
                null,
                null,
                new ReplySecret("f".repeat(32)));
    }

    @Test
    void aRecordIsReadAsItWasWritten() {
        ApprovalRecord record = full();
        assertThat(ApprovalRecord.fromJson(record.toJson())).isEqualTo(record);
        assertThat(record.toJson()).doesNotContain("\n");
    }

    @Test
    void aGrantIsReadAsItWasWritten() {
        StandingGrant grant = new StandingGrant(
                "1".repeat(32),
                2,
                "read",
                "{\"b\":1.0,\"a\":2}",
                "agent",
                null,
                "ada",
                AT,
                AT.plusSeconds(60),
                5,
                1,
                false);
        assertThat(StandingGrant.fromJson(grant.toJson())).isEqualTo(grant);
    }

    @Test
    void anEntryOfTheLogIsReadAsItWasWrittenAndStillIntact() {
        AuditNote note =
                AuditNote.of(AT, AuditKind.VOTED, "id", "ada").via("mail").with("verdict", "APPROVE");
        AuditEntry entry = AuditChain.EMPTY.entries(List.of(note)).get(0);
        AuditEntry read = AuditEntry.fromJson(entry.toJson());
        assertThat(read).isEqualTo(entry);
        assertThat(read.intact()).isTrue();
    }

    @Test
    void nothingSecretIsInTheTextOfARecord() {
        ApprovalRecord record = full();
        assertThat(record.toString() + record.request() + record.secret() + record.votes() + Set.copyOf(record.votes()))
                .doesNotContain("users", "f".repeat(32), "cleaning up", "fine");
    }
}
