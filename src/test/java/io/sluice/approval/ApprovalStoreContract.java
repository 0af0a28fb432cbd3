package io.sluice.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.approval.AuditChain.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What every store promises. A store's own test extends this and says how to open one. */
abstract class ApprovalStoreContract {

    static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The store under test, empty at the beginning of each test; the same one each time within a test. */
    abstract ApprovalStore store();

    /** The store as it is after its process has ended and begun again; {@link #store} again where it forgets. */
    ApprovalStore reopened() {
        return store();
    }

    static Change opened(int number, ApprovalRequest request) {
        String id = String.format("%032x", number);
        return Progression.opened(
                id, new ReplySecret("a".repeat(32)), request, ApprovalTerms.STANDARD, Set.of("mail"), NOW);
    }

    static ApprovalRequest request(int number) {
        return ApprovalRequest.of("delete", Map.of("number", number));
    }

    private ApprovalRecord open(int number, ApprovalRequest request) {
        Change change = opened(number, request);
        return get(store().open(change.next(), change.notes()));
    }

    private boolean replace(Change change) {
        return get(store().replace(change.next(), change.notes()));
    }

    static <T> T get(Mono<T> mono) {
        return mono.block(PATIENCE);
    }

    static <T> List<T> all(Flux<T> flux) {
        return flux.collectList().block(PATIENCE);
    }

    private static Change vote(ApprovalRecord record, Ballot ballot) {
        return Ruling.vote(record, ballot, Approver.of(ballot.approver()), record.terms(), NOW);
    }

    @Test
    void whatIsOpenedIsFoundAgain() {
        ApprovalRecord record = open(1, request(1));
        assertThat(get(store().find(record.id()))).isEqualTo(record);
        assertThat(get(reopened().find(record.id()))).isEqualTo(record);
        assertThat(get(store().find("f".repeat(32)))).isNull();
    }

    @Test
    void theSameRequestIsOpenedOnce() {
        ApprovalRecord first = open(1, request(1));
        assertThat(open(2, request(1)).id()).isEqualTo(first.id());
        assertThat(open(3, request(3)).id()).isNotEqualTo(first.id());
        assertThat(all(store().all())).hasSize(2);
        assertThat(all(store().audit())).hasSize(2);
    }

    @Test
    void ofManyWhoOpenTheSameAtOnceOneDoes() {
        List<String> ids = Flux.range(1, 64)
                .parallel(8)
                .runOn(Schedulers.boundedElastic())
                .flatMap(number -> {
                    Change change = opened(number, request(7));
                    return store().open(change.next(), change.notes());
                })
                .sequential()
                .map(ApprovalRecord::id)
                .distinct()
                .collectList()
                .block(PATIENCE);
        assertThat(ids).hasSize(1);
        assertThat(all(store().audit())).hasSize(1);
    }

    @Test
    void whatIsDecidedIsAskedForAnew() {
        ApprovalRecord first = open(1, request(1));
        replace(vote(first, Ballot.reject("ada", "no")));
        assertThat(open(2, request(1)).id()).isNotEqualTo(first.id());
    }

    @Test
    void aCallWithAnIdStaysApprovedUntilItIsCarriedOut() {
        ApprovalRequest call = request(1).call("run", "call");
        ApprovalRecord first = open(1, call);
        replace(vote(first, Ballot.approve("ada")));
        ApprovalRecord again = open(2, call);
        assertThat(again.id()).isEqualTo(first.id());
        replace(Progression.claimed(again, "flow", NOW));
        assertThat(open(3, call).id()).isNotEqualTo(first.id());
    }

    @Test
    void aVersionReplacesTheOneBeforeItAndNoOther() {
        ApprovalRecord first = open(1, request(1));
        Change yes = vote(first, Ballot.approve("ada"));
        Change no = vote(first, Ballot.reject("bob", null));
        assertThat(replace(yes)).isTrue();
        assertThat(replace(no)).isFalse();
        assertThat(replace(yes)).isFalse();
        assertThat(get(store().find(first.id()))).isEqualTo(yes.next());
        assertThat(get(reopened().find(first.id()))).isEqualTo(yes.next());
    }

    @Test
    void whatIsReplacedInVainEntersNothingIntoTheLog() {
        ApprovalRecord first = open(1, request(1));
        replace(vote(first, Ballot.approve("ada")));
        int before = all(store().audit()).size();
        replace(vote(first, Ballot.reject("bob", null)));
        assertThat(all(store().audit())).hasSize(before);
    }

    @Test
    void ofManyWhoReplaceTheSameVersionOneDoes() {
        ApprovalRecord first = open(1, request(1));
        long done = Flux.range(0, 64)
                .parallel(8)
                .runOn(Schedulers.boundedElastic())
                .flatMap(number -> {
                    Change change = vote(first, Ballot.approve("approver" + number));
                    return store().replace(change.next(), change.notes());
                })
                .sequential()
                .filter(replaced -> replaced)
                .count()
                .block(PATIENCE);
        assertThat(done).isEqualTo(1);
    }

    @Test
    void whatHasToBeDoneIsFoundInTheOrderOfAsking() {
        List<ApprovalRecord> records =
                IntStream.rangeClosed(1, 5).mapToObj(n -> open(n, request(n))).toList();
        replace(vote(records.get(1), Ballot.reject("ada", null)));
        replace(vote(records.get(2), Ballot.approve("ada")));
        assertThat(all(reopened().unfinished()).stream().map(ApprovalRecord::id))
                .containsExactly(
                        records.get(0).id(),
                        records.get(2).id(),
                        records.get(3).id(),
                        records.get(4).id());
        assertThat(all(reopened().all()).stream().map(ApprovalRecord::id))
                .containsExactlyElementsOf(
                        records.stream().map(ApprovalRecord::id).toList());
    }

    @Test
    void theLogIsAChainInTheOrderOfWhatHappened() {
        ApprovalRecord first = open(1, request(1));
        replace(vote(first, Ballot.approve("ada")));
        get(store().note(AuditNote.of(NOW, AuditKind.REPLY_REFUSED, first.id(), "eve")));
        List<AuditEntry> log = all(reopened().audit());
        assertThat(log.stream().map(entry -> entry.note().kind()))
                .containsExactly(AuditKind.REQUESTED, AuditKind.VOTED, AuditKind.APPROVED, AuditKind.REPLY_REFUSED);
        Verification seen = get(AuditChain.verify(Flux.fromIterable(log)));
        assertThat(seen.intact()).isTrue();
        assertThat(seen.entries()).isEqualTo(4);
    }

    @Test
    void entriesOfManyThreadsMakeOneChain() {
        Flux.range(1, 200)
                .parallel(8)
                .runOn(Schedulers.boundedElastic())
                .flatMap(number -> {
                    Change change = opened(number, request(number));
                    return store().open(change.next(), change.notes());
                })
                .sequential()
                .blockLast(PATIENCE);
        Verification seen = get(AuditChain.verify(reopened().audit()));
        assertThat(seen.intact()).isTrue();
        assertThat(seen.entries()).isEqualTo(200);
    }

    @Test
    void aGrantReplacesTheOneBeforeItAndNoOther() {
        StandingGrant grant = new StandingGrant(
                "1".repeat(32), 1, "read", "{}", null, null, "ada", NOW, NOW.plusSeconds(60), 5, 0, false);
        assertThat(get(store().replace(grant, List.of()))).isTrue();
        assertThat(get(store().replace(grant, List.of()))).isFalse();
        assertThat(get(store().replace(grant.used(), List.of()))).isTrue();
        assertThat(get(store().replace(grant.revoke(), List.of()))).isFalse();
        assertThat(all(reopened().grants())).containsExactly(grant.used());
    }

    @Test
    void whoeverLeavesStopsNothing() {
        ApprovalRecord first = open(1, request(1));
        Change yes = vote(first, Ballot.approve("ada"));
        store().replace(yes.next(), yes.notes())
                .subscribe(done -> {}, error -> {})
                .dispose();
        Mono<ApprovalRecord> seen = store().find(first.id())
                .filter(record -> record.version() == 2)
                .repeatWhenEmpty(tries -> tries.delayElements(Duration.ofMillis(5)));
        assertThat(get(seen)).isEqualTo(yes.next());
    }
}
