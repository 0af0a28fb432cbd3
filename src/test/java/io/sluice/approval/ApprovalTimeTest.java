package io.sluice.approval;

import static io.sluice.approval.ApprovalWorld.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.approval.ApprovalWorld.Inbox;
import io.sluice.approval.ApprovalWorld.Inbox.Letter;
import io.sluice.approval.ApprovalWorld.Recorded;
import io.sluice.approval.ApprovalWorld.Told;
import io.sluice.call.Risk;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Time passes for requests as their terms say, also while nobody looks and while the process is down. */
class ApprovalTimeTest {

    private static final Duration DAY = Duration.ofHours(24);
    private static final Duration INSTANT = Duration.ofMillis(1);

    private final ApprovalWorld world = new ApprovalWorld();
    private final Recorded pager = new Recorded("pager");
    private final Inbox inbox = new Inbox();

    @Test
    void aDayLaterItIsExpiredAtExactlyTheDeadline() {
        ApprovalFlow flow = world.flow();
        Told<Decision> told = world.subscribe(flow.request(REQUEST));
        String id = world.onlyPending(flow);
        world.pass(DAY.minus(INSTANT));
        assertThat(told.values).isEmpty();
        world.pass(INSTANT);
        assertThat(told.value()).isEqualTo(new Decision.Expired(id, world.now()));
        assertThat(world.error(flow.decide(id, Ballot.approve("ada"))))
                .isInstanceOfSatisfying(
                        ApprovalLateException.class,
                        late -> assertThat(late.status()).isEqualTo(ApprovalStatus.EXPIRED));
        assertThat(world.subscribe(flow.pending()).values.get(0)).isEmpty();
    }

    @Test
    void aTimeOutApprovesOnlyWhatReachedSomebodyCanBeUndoneAndIsDelegable() {
        ApprovalTerms terms = ApprovalTerms.STANDARD.onTimeout(OnTimeout.APPROVE);
        ApprovalFlow flow = world.builder().channel(pager).build();
        String plain = world.get(flow.submit(REQUEST.call("run", "1"), terms)).id();
        String high = world.get(flow.submit(REQUEST.call("run", "2").risk(Risk.HIGH), terms))
                .id();
        String own = world.get(flow.submit(REQUEST.call("run", "3"), terms.nonDelegable()))
                .id();
        pager.how = notice -> Mono.error(new IllegalStateException("no line"));
        String unheard = world.get(flow.submit(REQUEST.call("run", "4"), terms)).id();
        world.pass(DAY);
        assertThat(world.get(flow.await(plain)))
                .isInstanceOfSatisfying(
                        Decision.Approved.class,
                        approved -> assertThat(approved.by()).containsExactly(Decision.BY_TIMEOUT));
        assertThat(world.get(flow.await(high))).isInstanceOf(Decision.Expired.class);
        assertThat(world.get(flow.await(own))).isInstanceOf(Decision.Expired.class);
        assertThat(world.get(flow.await(unheard))).isInstanceOf(Decision.Expired.class);
    }

    @Test
    void othersAreAskedAsWellStepByStepAndMayDecideFromThenOn() {
        ApprovalFlow flow = world.builder()
                .channel(pager)
                .approver(Approver.of("ada", "dba"))
                .approver(Approver.of("boss", "management"))
                .terms(ApprovalTerms.STANDARD
                        .electorate(Electorate.ofRoles("dba"))
                        .ladder(Escalation.after(Duration.ofHours(1), Electorate.of("boss"))))
                .build();
        String id = world.get(flow.submit(REQUEST)).id();
        assertThat(pager.sent.get(0).recipients()).extracting(Approver::id).containsExactly("ada");
        assertThat(world.error(flow.decide(id, Ballot.approve("boss")))).isInstanceOf(ApproverRefusedException.class);
        world.pass(Duration.ofHours(1).minus(INSTANT));
        assertThat(pager.sent).hasSize(1);
        world.pass(INSTANT);
        assertThat(pager.sent).hasSize(2);
        assertThat(pager.sent.get(1).recipients()).extracting(Approver::id).containsExactly("boss");
        assertThat(pager.sent.get(1).step()).isEqualTo(1);
        assertThat(world.get(flow.find(id)).status()).isEqualTo(ApprovalStatus.ESCALATED);
        assertThat(world.get(flow.decide(id, Ballot.approve("boss"))).pending()).isFalse();
    }

    @Test
    void aRequestIsStoredBeforeItIsSent() {
        ApprovalFlow flow = world.builder().channel(pager).build();
        pager.how = notice -> world.store
                .find(notice.id())
                .map(record -> Receipt.of(record.status().name()));
        String id = world.get(flow.submit(REQUEST)).id();
        ApprovalRecord record = world.get(flow.find(id));
        assertThat(record.deliveries().get(0).reference()).isEqualTo("REQUESTED");
        assertThat(record.status()).isEqualTo(ApprovalStatus.NOTIFIED);
    }

    @Test
    void aChannelThatFailsIsTriedAgainAndTheOthersDoNotWaitForIt() {
        pager.how = notice ->
                pager.sent.size() < 4 ? Mono.error(new IllegalStateException("no line")) : Mono.just(Receipt.UNNAMED);
        ApprovalFlow flow = world.builder().channel(pager).channel(inbox).build();
        String id = world.get(flow.submit(REQUEST)).id();
        assertThat(inbox.sent).hasSize(1);
        assertThat(world.get(flow.find(id)).status()).isEqualTo(ApprovalStatus.NOTIFIED);
        world.pass(Duration.ofSeconds(1));
        assertThat(pager.sent).hasSize(2);
        world.pass(Duration.ofSeconds(2));
        assertThat(pager.sent).hasSize(3);
        world.pass(Duration.ofSeconds(4));
        assertThat(pager.sent).hasSize(4);
        world.pass(Duration.ofHours(1));
        assertThat(pager.sent).hasSize(4);
        assertThat(world.audit().stream().filter(kind -> kind == AuditKind.DELIVERY_FAILED))
                .hasSize(3);
    }

    @Test
    void aChannelThatHangsIsGivenUpOnAndTriedAgain() {
        pager.how = notice -> pager.sent.size() < 2 ? Mono.never() : Mono.just(Receipt.UNNAMED);
        ApprovalFlow flow = world.builder().channel(pager).build();
        String id = world.get(flow.submit(REQUEST)).id();
        world.pass(Duration.ofSeconds(61));
        assertThat(world.get(flow.find(id)).status()).isEqualTo(ApprovalStatus.NOTIFIED);
    }

    @Test
    void repliesAreLookedForWhileSomethingWaitsForThemAndNotOtherwise() {
        ApprovalFlow flow = world.builder().channel(inbox).build();
        world.pass(DAY);
        assertThat(inbox.polls).isZero();
        Told<Decision> told = world.subscribe(flow.request(REQUEST));
        inbox.letters.add(
                new Letter(world.onlyPending(flow), Ballot.approve("ada").via("inbox")));
        world.pass(Duration.ofMinutes(5));
        assertThat(told.value().approved()).isTrue();
        assertThat(inbox.polls).isEqualTo(1);
        assertThat(inbox.settled).hasSize(1);
        world.pass(DAY);
        assertThat(inbox.polls).isLessThanOrEqualTo(2);
    }

    @Test
    void oneLookServesAllWhoWait() {
        ApprovalFlow flow = world.builder().channel(inbox).build();
        for (int n = 0; n < 20; n++) {
            world.subscribe(flow.request(REQUEST.call("run", "" + n)));
        }
        world.pass(Duration.ofMinutes(5));
        assertThat(inbox.polls).isEqualTo(1);
    }

    @Test
    void aReplyThatArrivedInTimeCountsThoughItIsFoundByTheLastLook() {
        ApprovalFlow flow = world.builder()
                .channel(inbox)
                .terms(ApprovalTerms.STANDARD.timeout(Duration.ofMinutes(2)))
                .build();
        Told<Decision> inTime = world.subscribe(flow.request(REQUEST.call("run", "1")));
        Told<Decision> late = world.subscribe(flow.request(REQUEST.call("run", "2")));
        String first = world.get(flow.submit(REQUEST.call("run", "1"))).id();
        String second = world.get(flow.submit(REQUEST.call("run", "2"))).id();
        Instant deadline = world.get(flow.find(first)).deadline();
        inbox.letters.add(new Letter(first, Ballot.approve("ada").via("inbox").receivedAt(deadline.minusMillis(1))));
        inbox.letters.add(new Letter(second, Ballot.approve("ada").via("inbox").receivedAt(deadline)));
        world.pass(Duration.ofMinutes(2));
        assertThat(inbox.polls).isBetween(1, 2);
        assertThat(inTime.value().approved()).isTrue();
        assertThat(late.value()).isInstanceOf(Decision.Expired.class);
    }

    @Test
    void theLastLookTakesThirtySecondsAtMostAndMeanwhileNobodyElseDecides() {
        inbox.before = Mono.never();
        ApprovalFlow flow = world.builder().channel(inbox).build();
        Told<Decision> told = world.subscribe(flow.request(REQUEST));
        String id = world.onlyPending(flow);
        world.pass(DAY.plusSeconds(29));
        assertThat(told.values).isEmpty();
        assertThat(world.error(flow.decide(id, Ballot.approve("ada")))).isInstanceOf(ApprovalLateException.class);
        world.pass(Duration.ofSeconds(1));
        assertThat(told.value()).isInstanceOf(Decision.Expired.class);
        assertThat(world.audit()).contains(AuditKind.POLL_FAILED);
    }

    @Test
    void anInboxThatFailsIsAuditedAndLookedIntoAgain() {
        inbox.before = Mono.error(new IllegalStateException("no connection"));
        ApprovalFlow flow = world.builder().channel(inbox).build();
        Told<Decision> told = world.subscribe(flow.request(REQUEST));
        world.pass(Duration.ofMinutes(5));
        assertThat(world.audit()).contains(AuditKind.POLL_FAILED);
        inbox.before = Mono.empty();
        inbox.letters.add(new Letter(world.onlyPending(flow), Ballot.reject("ada", "no")));
        world.pass(Duration.ofMinutes(5));
        assertThat(told.value()).isInstanceOf(Decision.Rejected.class);
    }

    @Test
    void aRestartSetsEveryDeadlineAgainAndAppliesThoseThatPassed() {
        ApprovalFlow first = world.builder().channel(pager).build();
        ApprovalTerms hour = ApprovalTerms.STANDARD.timeout(Duration.ofHours(1));
        String early = world.get(first.submit(REQUEST.call("run", "1"), hour)).id();
        String later = world.get(first.submit(REQUEST.call("run", "2"))).id();
        world.get(first.close());
        world.pass(Duration.ofHours(2));
        assertThat(world.get(world.store.find(early)).pending()).isTrue();
        ApprovalFlow second = world.builder().channel(pager).build();
        assertThat(world.get(second.await(early))).isInstanceOf(Decision.Expired.class);
        Told<Decision> told = world.subscribe(second.await(later));
        assertThat(pager.sent).as("nobody is told twice").hasSize(2);
        world.pass(Duration.ofHours(22));
        assertThat(told.value()).isInstanceOf(Decision.Expired.class);
    }

    @Test
    void aReplyThatArrivedWhileTheProcessWasDownCountsAfterTheRestart() {
        ApprovalFlow first = world.builder().channel(inbox).build();
        String id = world.get(first.submit(REQUEST)).id();
        Instant deadline = world.get(first.find(id)).deadline();
        world.get(first.close());
        inbox.letters.add(new Letter(id, Ballot.approve("ada").receivedAt(deadline.minusSeconds(60))));
        world.pass(DAY.plusHours(5));
        ApprovalFlow second = world.builder().channel(inbox).build();
        assertThat(world.get(second.await(id)).approved()).isTrue();
    }

    @Test
    void whatWasBeingCarriedOutWhenTheProcessEndedIsNotRepeated() {
        ApprovalFlow first = world.flow();
        String id = world.get(first.submit(REQUEST)).id();
        world.get(first.decide(id, Ballot.approve("ada")));
        world.get(first.claim(id));
        ApprovalFlow second = world.flow();
        world.get(second.ready());
        assertThat(world.get(second.find(id)).status()).isEqualTo(ApprovalStatus.OUTCOME_UNKNOWN);
        assertThat(world.error(second.claim(id))).isInstanceOf(ExecutionRefusedException.class);
    }

    @Test
    void anApprovedCallIsCarriedOutAfterARestartWithoutBeingAskedAgain() {
        ApprovalFlow first = world.flow();
        String id = world.get(first.submit(REQUEST.call("run", "1"))).id();
        world.get(first.decide(id, Ballot.approve("ada")));
        ApprovalFlow second = world.flow();
        assertThat(world.get(second.request(REQUEST.call("run", "1"))).id()).isEqualTo(id);
        assertThat(world.get(second.claim(id)).arguments()).isEqualTo("{\"table\":\"users\"}");
    }
}
