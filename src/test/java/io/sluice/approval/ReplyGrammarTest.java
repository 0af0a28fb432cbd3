package io.sluice.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.approval.ReplyCorpus.Reply;
import io.sluice.approval.ReplyCorpus.Says;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A reply is never read as something that it does not say. */
class ReplyGrammarTest {

    static List<Reply> replies() {
        return ReplyCorpus.ALL;
    }

    static Says read(ReplyText text) {
        ReplyReading reading = ReplyGrammar.read(text);
        return reading instanceof ReplyReading.Approves
                ? Says.APPROVE
                : reading instanceof ReplyReading.Rejects ? Says.REJECT : Says.NOTHING;
    }

    @ParameterizedTest
    @MethodSource("replies")
    void aReplySaysWhatItSays(Reply reply) {
        assertThat(read(reply.text()))
                .as(() -> ReplyGrammar.read(reply.text()).toString())
                .isEqualTo(reply.says());
    }

    @Test
    void thereAreManyOfThem() {
        assertThat(ReplyCorpus.ALL).hasSizeGreaterThan(160);
        assertThat(ReplyCorpus.ALL.stream().filter(reply -> reply.says() == Says.APPROVE))
                .hasSizeGreaterThan(40);
    }

    @Test
    void theReasonOfARejectionIsTheSendersOwnWords() {
        ReplyText text =
                ReplyText.of("REJECT - too risky.\nAsk Bob.\n\nOn 3 Mar 2026 at 10:00 Sluice wrote:\n> Reply APPROVE");
        assertThat(ReplyGrammar.read(text)).isEqualTo(new ReplyReading.Rejects("REJECT - too risky.\nAsk Bob."));
    }

    @Test
    void anIdIsFoundInAnyCaseAndOnlyWhole() {
        String id = ReplyCorpus.ID;
        assertThat(ReplyGrammar.mentions("Request ID: " + id.toUpperCase(Locale.ROOT) + "\n", id))
                .isTrue();
        assertThat(ReplyGrammar.mentions("approvals+" + id + "@example.com", id))
                .isTrue();
        assertThat(ReplyGrammar.mentions("Request ID: " + id + "0", id)).isFalse();
        assertThat(ReplyGrammar.mentions("Request ID: x" + id, id)).isFalse();
        assertThat(ReplyGrammar.mentions(id.substring(1), id)).isFalse();
    }

    @Test
    void anotherRequestsIdBesideTheWordKeepsItFromDeciding() {
        assertThat(read(new ReplyText("", "approve " + "9".repeat(32), false, null, List.of(ReplyCorpus.ID))))
                .isEqualTo(Says.NOTHING);
    }

    @Test
    void withoutTheSubjectThatWasSentWhatStandsBehindReIsNobodysWord() {
        assertThat(read(new ReplyText("Re: approve", "", false, null, List.of())))
                .isEqualTo(Says.NOTHING);
        assertThat(read(new ReplyText("Re: reject invoice 17", "looking", false, null, List.of())))
                .isEqualTo(Says.NOTHING);
    }

    @Test
    void anActionThatIsADecisionWordDecidesNothing() {
        ReplyText text = new ReplyText("Re: approve", "", false, "approve", List.of());
        assertThat(read(text)).isEqualTo(Says.NOTHING);
        ReplyText reject = new ReplyText("Re: reject invoice 17", "on it", false, "reject invoice 17", List.of());
        assertThat(read(reject)).isEqualTo(Says.NOTHING);
    }

    @Test
    void aTextBeyondAllMeasureIsNotRead() {
        assertThat(read(ReplyText.of("approve\n" + " ".repeat(1_000_001)))).isEqualTo(Says.NOTHING);
    }
}
