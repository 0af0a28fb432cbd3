package io.sluice.approval;

import static io.sluice.approval.ApprovalWorld.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.approval.ApprovalWorld.Inbox;
import io.sluice.approval.ApprovalWorld.Inbox.Letter;
import io.sluice.approval.ApprovalWorld.Recorded;
import io.sluice.approval.ApprovalWorld.Told;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Row by row, what the flow of delimit's governance hardening does and what it gets wrong, and what is done here instead. */
class SeedApprovalTest {

    private final ApprovalWorld world = new ApprovalWorld();
    private final Inbox inbox = new Inbox();
    private final Recorded pager = new Recorded("pager");

    @Test
    @DisplayName("E8: a day to decide, rejected after that")
    void theDefaultsAreThoseOfTheSeed() {
        assertThat(ApprovalTerms.STANDARD.timeout()).isEqualTo(Duration.ofHours(24));
        assertThat(ApprovalTerms.STANDARD.onTimeout()).isEqualTo(OnTimeout.REJECT);
        assertThat(inbox.interval()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    @DisplayName("E9, E20: a flow takes up its store when it is made, and looks for replies by itself")
    void nobodyHasToAskForProgress() {
        String id = world.get(world.builder().channel(inbox).build().submit(REQUEST))
                .id();
        ApprovalFlow second = world.builder().channel(inbox).build();
        inbox.letters.add(new Letter(id, Ballot.approve("ada")));
        world.pass(Duration.ofMinutes(5));
        assertThat(world.get(second.find(id)).status()).isEqualTo(ApprovalStatus.APPROVED);
    }

    @Test
    @DisplayName("E10: action, context and priority, P1 unless it is said")
    void aRequestSaysWhatWhyAndHowUrgent() {
        ApprovalRequest request = ApprovalRequest.of("delete", Map.of()).context("cleaning up");
        assertThat(request.priority()).isEqualTo("P1");
        assertThat(request.priority("P0").priority()).isEqualTo("P0");
        assertThat(request.context()).isEqualTo("cleaning up");
    }

    @Test
    @DisplayName("E11, D-AF-13: a title of 80 characters on one line, from which no header can be made")
    void aTitleIsOneLine() {
        assertThat(ApprovalRequest.of("x\r\nBcc: evil@example.com", 1).title()).isEqualTo("x Bcc: evil@example.com");
        assertThat(ApprovalRequest.of("a\u2028b\u0000c\u202ed\u0085e", 1).title())
                .isEqualTo("a b c d e");
        String longest = ApprovalRequest.of("y".repeat(500), 1).title();
        assertThat(longest).hasSize(80).endsWith("…");
        assertThat(ApprovalRequest.of("y".repeat(80), 1).title()).isEqualTo("y".repeat(80));
    }

    @Test
    @DisplayName("E12, D-AF-13: a time-out is said as people say it")
    void aTimeOutIsSaidAsPeopleSayIt() {
        assertThat(SpokenTime.of(Duration.ofHours(24))).isEqualTo("24 hours");
        assertThat(SpokenTime.of(Duration.ofMinutes(30))).isEqualTo("30 minutes");
        assertThat(SpokenTime.of(Duration.ofSeconds(90))).isEqualTo("90 seconds");
        assertThat(SpokenTime.of(Duration.ofHours(1))).isEqualTo("1 hour");
        assertThat(SpokenTime.of(Duration.ofDays(3))).isEqualTo("3 days");
        assertThat(SpokenTime.of(Duration.ofMillis(1_500))).isEqualTo("1500 milliseconds");
    }

    @Test
    @DisplayName("E13, E14, D-AF-11: stored, then sent, then marked as sent")
    void storedThenSentThenMarked() {
        world.get(world.builder().channel(pager).build().submit(REQUEST));
        assertThat(world.audit()).containsExactly(AuditKind.REQUESTED, AuditKind.DELIVERED);
        pager.how = notice -> Mono.error(new IllegalStateException("no line"));
        String id = world.get(world.builder().channel(pager).build().submit(REQUEST.call("run", "2")))
                .id();
        Delivery failed = world.get(world.store.find(id)).deliveries().get(0);
        assertThat(failed.error()).isEqualTo("IllegalStateException: no line");
        assertThat(failed.sentAt()).isNull();
    }

    @Test
    @DisplayName("E15, E17, D-AF-08: statuses are words of a type, and what is unknown is an error")
    void statusesAreValues() {
        ApprovalFlow flow = world.flow();
        assertThat(world.get(flow.find("nothing"))).isNull();
        assertThat(world.get(flow.submit(REQUEST)).status()).isEqualTo(ApprovalStatus.REQUESTED);
        assertThatThrownBy(() -> OnTimeout.valueOf("bananas")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("E16, D-AF-01, D-AF-02: words are read, not searched for")
    void wordsAreReadNotSearchedFor() {
        String original = "\n\nOn Tue, 3 Mar 2026 at 10:00, Sluice wrote:\n> Reply APPROVE or REJECT to this email.";
        assertThat(ReplyGrammar.read(ReplyText.of("REJECT - too risky." + original)))
                .isInstanceOf(ReplyReading.Rejects.class);
        assertThat(ReplyGrammar.read(ReplyText.of("I DISAPPROVE" + original)))
                .isInstanceOf(ReplyReading.DecidesNothing.class);
    }

    @Test
    @DisplayName("E18, D-AF-07: what is over is not pending, without anybody asking")
    void whatIsOverIsNotPending() {
        ApprovalFlow flow = world.flow();
        Told<?> lists = world.subscribe(flow.pending().map(List::size));
        String id = world.get(flow.submit(REQUEST)).id();
        world.pass(Duration.ofHours(24));
        assertThat(lists.values.get(lists.values.size() - 1)).isEqualTo(0);
        assertThat(world.get(world.store.find(id)).status()).isEqualTo(ApprovalStatus.EXPIRED);
    }

    @Test
    @DisplayName("E19, D-AF-13: what is finished is pruned")
    void whatIsFinishedIsPruned() {
        assertThat(MemoryStore.FINISHED).isEqualTo(10_000);
    }

    @Test
    @DisplayName("D-AF-03: nobody approves their own request, and ids cannot be guessed")
    void nobodyApprovesTheirOwn() {
        ApprovalFlow flow = world.flow();
        String id = world.get(flow.submit(REQUEST)).id();
        assertThat(id).hasSize(32);
        assertThat(world.error(flow.decide(id, Ballot.approve("agent")))).isInstanceOf(ApproverRefusedException.class);
        assertThat(world.audit()).contains(AuditKind.REPLY_REFUSED);
    }

    @Test
    @DisplayName("D-AF-04: ids in any case, and whole")
    void idsInAnyCase() {
        ApprovalFlow flow = world.flow();
        String id = world.get(flow.submit(REQUEST)).id();
        assertThat(world.get(flow.find(id.toUpperCase(Locale.ROOT))).id()).isEqualTo(id);
    }

    @Test
    @DisplayName("D-AF-05: one bad reply keeps no other from counting, and is audited")
    void oneBadReplyKeepsNoOtherFromCounting() {
        ApprovalFlow flow = world.builder().channel(inbox).build();
        Told<Decision> told = world.subscribe(flow.request(REQUEST));
        String id = world.onlyPending(flow);
        inbox.letters.add(new Letter("damaged", Ballot.approve("ada")));
        inbox.letters.add(new Letter(id, Ballot.approve("ada")));
        world.pass(Duration.ofMinutes(5));
        assertThat(told.value().approved()).isTrue();
        assertThat(world.audit()).contains(AuditKind.REPLY_REFUSED);
    }

    @Test
    @DisplayName("D-AF-06: while others are asked, a later stop counts; after the decision it is an error that says so")
    void aLaterStopCountsWhileItCan() {
        ApprovalFlow flow = world.flow();
        String open = world.get(flow.submit(REQUEST, ApprovalTerms.STANDARD.quorum(Quorum.of(2, 2))))
                .id();
        world.get(flow.decide(open, Ballot.approve("ada")));
        assertThat(world.get(flow.decide(open, Ballot.reject("ada", "stop"))).status())
                .isEqualTo(ApprovalStatus.REJECTED);
    }

    @Test
    @DisplayName("D-AF-09: two flows on one store lose nothing, and decide once")
    void twoFlowsOnOneStore() {
        ApprovalFlow one = world.flow();
        ApprovalFlow other = world.flow();
        String a = world.get(one.submit(REQUEST.call("run", "a"))).id();
        String b = world.get(other.submit(REQUEST.call("run", "b"))).id();
        Told<Decision> told = world.subscribe(other.await(a));
        world.get(other.decide(a, Ballot.approve("ada")));
        world.pass(Duration.ZERO);
        assertThat(told.value().approved()).isTrue();
        assertThat(world.error(one.decide(a, Ballot.reject("bob", "no"))))
                .isInstanceOf(ApprovalConflictException.class);
        assertThat(world.get(one.find(b)).pending()).isTrue();
    }

    @Test
    @DisplayName("D-AF-12: who waits is told, and many who wait are one look")
    void whoWaitsIsTold() {
        ApprovalFlow flow = world.builder().channel(inbox).build();
        for (int n = 0; n < 20; n++) {
            world.subscribe(flow.request(REQUEST));
        }
        world.pass(Duration.ofMinutes(5));
        assertThat(inbox.polls).isEqualTo(1);
    }
}
