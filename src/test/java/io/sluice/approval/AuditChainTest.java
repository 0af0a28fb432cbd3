package io.sluice.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.approval.AuditChain.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Nobody changes the log without breaking its chain, and verifying names the first entry that is broken. */
class AuditChainTest {

    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    private final List<AuditEntry> log = new ArrayList<>(AuditChain.EMPTY.entries(IntStream.range(0, 10)
            .mapToObj(n -> AuditNote.of(AT.plusSeconds(n), AuditKind.VOTED, "id" + n, "ada")
                    .with("n", "" + n))
            .toList()));

    private Verification verified() {
        return AuditChain.verify(Flux.fromIterable(log)).block();
    }

    @Test
    void anUntouchedLogIsIntact() {
        assertThat(verified()).isEqualTo(new Verification(10, log.get(9).hash(), null, null));
        log.clear();
        assertThat(verified().intact()).isTrue();
    }

    @Test
    void aChangedEntryIsNamed() {
        AuditEntry fifth = log.get(4);
        AuditNote other =
                AuditNote.of(fifth.note().at(), AuditKind.VOTED, "id4", "eve").with("n", "4");
        log.set(4, new AuditEntry(5, fifth.previous(), other, fifth.hash()));
        assertThat(verified().brokenAt()).isEqualTo(5);
        assertThat(verified().entries()).isEqualTo(4);
    }

    @Test
    void anEntryThatWasHashedAnewBreaksTheNext() {
        AuditEntry fifth = log.get(4);
        log.set(4, AuditEntry.of(5, fifth.previous(), AuditNote.of(AT, AuditKind.REJECTED, "id4", "eve")));
        assertThat(verified().brokenAt()).isEqualTo(6);
    }

    @Test
    void anEntryTakenOutOrMovedIsNamed() {
        log.remove(3);
        assertThat(verified().brokenAt()).isEqualTo(4);
    }

    @Test
    void whatIsPutInIsNamed() {
        log.add(2, log.get(1));
        assertThat(verified().brokenAt()).isEqualTo(3);
    }
}
