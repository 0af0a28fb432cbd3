package io.sluice.approval;

import static io.sluice.approval.ApprovalWorld.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.approval.ApprovalWorld.Recorded;
import io.sluice.approval.ApprovalWorld.Told;
import io.sluice.call.Risk;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Who asks is told what people decided, once and for all. */
class ApprovalFlowTest {

    private final ApprovalWorld world = new ApprovalWorld();
    private final ApprovalFlow flow = world.flow();

    @Test
    void whoAsksIsToldThatItIsApproved() {
        Told<Decision> told = world.subscribe(flow.request(REQUEST));
        assertThat(told.values).isEmpty();
        String id = world.onlyPending(flow);
        world.get(flow.decide(id, Ballot.approve("ada").comment("fine")));
        world.pass(Duration.ZERO);
        assertThat(told.value())
                .isEqualTo(new Decision.Approved(id, "{\"table\":\"users\"}", false, List.of("ada"), "fine"));
        assertThat(told.completed).isTrue();
    }

    @Test
    void whoAsksIsToldThatItIsRejectedAndWhy() {
        Told<Decision> told = world.subscribe(flow.request(REQUEST));
        String id = world.onlyPending(flow);
        world.get(flow.decide(id, Ballot.reject("ada", "too risky")));
        world.pass(Duration.ZERO);
        assertThat(told.value()).isEqualTo(new Decision.Rejected(id, List.of("ada"), "too risky"));
    }

    @Test
    void theSameCallIsOneRequestHoweverItIsWritten() {
        Told<Decision> one = world.subscribe(flow.request(ApprovalRequest.of("pay", Map.of("eur", 1.0, "to", "x"))));
        Told<Decision> other = world.subscribe(flow.request(new ApprovalRequest(
                "pay", " {\"to\":\"x\", \"eur\": 1} ", "", Risk.MEDIUM, "P1", null, null, null, null)));
        String id = world.onlyPending(flow);
        world.get(flow.decide(id, Ballot.approve("ada")));
        world.pass(Duration.ZERO);
        assertThat(one.value()).isEqualTo(other.value());
        assertThat(world.audit()).containsExactly(AuditKind.REQUESTED, AuditKind.VOTED, AuditKind.APPROVED);
    }

    @Test
    void whoeverCancelsLeavesItPending() {
        Told<Decision> one = world.subscribe(flow.request(REQUEST));
        Told<Decision> other = world.subscribe(flow.request(REQUEST));
        one.cancel();
        other.cancel();
        String id = world.onlyPending(flow);
        Told<Decision> later = world.subscribe(flow.await(id));
        world.get(flow.decide(id, Ballot.approve("ada")));
        world.pass(Duration.ZERO);
        assertThat(later.value().approved()).isTrue();
        assertThat(one.values).isEmpty();
    }

    @Test
    void whereTheTermsSaySoItIsWithdrawnWhenTheLastOneLeaves() {
        ApprovalTerms terms = ApprovalTerms.STANDARD.withdrawnOnCancel();
        Told<Decision> one = world.subscribe(flow.request(REQUEST, terms));
        Told<Decision> other = world.subscribe(flow.request(REQUEST, terms));
        String id = world.onlyPending(flow);
        one.cancel();
        assertThat(world.get(flow.find(id)).status()).isEqualTo(ApprovalStatus.REQUESTED);
        other.cancel();
        assertThat(world.get(flow.find(id)).status()).isEqualTo(ApprovalStatus.CANCELLED);
        assertThat(world.get(flow.await(id))).isInstanceOf(Decision.Cancelled.class);
    }

    @Test
    void aRequestIsTakenBackOnceAndNotAfterADecision() {
        Told<Decision> told = world.subscribe(flow.request(REQUEST));
        String id = world.onlyPending(flow);
        world.get(flow.cancel(id, "agent", "changed my mind"));
        world.get(flow.cancel(id, "agent", "again"));
        world.pass(Duration.ZERO);
        assertThat(told.value()).isEqualTo(new Decision.Cancelled(id, "changed my mind"));
        assertThat(world.error(flow.decide(id, Ballot.approve("ada")))).isInstanceOf(ApprovalLateException.class);
        String second = world.get(flow.submit(REQUEST)).id();
        world.get(flow.decide(second, Ballot.approve("ada")));
        assertThat(world.error(flow.cancel(second, "agent", "no"))).isInstanceOf(ApprovalConflictException.class);
    }

    @Test
    void theSameDecisionAgainIsFineAndTheContraryIsNot() {
        String id = world.get(flow.submit(REQUEST)).id();
        ApprovalRecord first = world.get(flow.decide(id, Ballot.approve("ada")));
        assertThat(world.get(flow.decide(id.toUpperCase(Locale.ROOT), Ballot.approve("ada"))))
                .isEqualTo(first);
        assertThat(world.get(flow.decide(id, Ballot.approve("bob")))).isEqualTo(first);
        assertThat(world.error(flow.decide(id, Ballot.reject("ada", "no"))))
                .isInstanceOfSatisfying(
                        ApprovalConflictException.class,
                        conflict -> assertThat(conflict.status()).isEqualTo(ApprovalStatus.APPROVED));
        assertThat(world.audit()).endsWith(AuditKind.APPROVED, AuditKind.REPLY_REFUSED);
    }

    @Test
    void nobodyDecidesAboutWhatThereIsNot() {
        assertThat(world.error(flow.decide("0".repeat(32), Ballot.approve("ada"))))
                .isInstanceOf(ApprovalNotFoundException.class);
        assertThat(world.error(flow.await("x"))).isInstanceOf(ApprovalNotFoundException.class);
    }

    @Test
    void whoAsksMayNotDecideByWhateverNameOrAddress() {
        ApprovalFlow known = world.builder()
                .approver(Approver.of("agent"))
                .approver(Approver.of("ada").at("mail", "Agent"))
                .approver(Approver.of("bob"))
                .build();
        String id = world.get(known.submit(REQUEST)).id();
        assertThat(world.error(known.decide(id, Ballot.approve("agent")))).isInstanceOf(ApproverRefusedException.class);
        assertThat(world.error(known.decide(id, Ballot.approve("ada")))).isInstanceOf(ApproverRefusedException.class);
        assertThat(world.error(known.decide(id, Ballot.approve("eve")))).isInstanceOf(ApproverRefusedException.class);
        assertThat(world.get(known.decide(id, Ballot.approve("bob"))).status()).isEqualTo(ApprovalStatus.APPROVED);
    }

    @Test
    void onlyThoseWhoHaveTheRoleMayDecide() {
        ApprovalFlow known = world.builder()
                .approver(Approver.of("ada", "dba"))
                .approver(Approver.of("bob"))
                .terms(ApprovalTerms.STANDARD.electorate(Electorate.ofRoles("dba")))
                .build();
        String id = world.get(known.submit(REQUEST)).id();
        assertThat(world.error(known.decide(id, Ballot.approve("bob")))).isInstanceOf(ApproverRefusedException.class);
        assertThat(world.get(known.decide(id, Ballot.approve("ada"))).pending()).isFalse();
    }

    @Test
    void twoOfThreeHaveToAgreeAndEachHasAVeto() {
        ApprovalTerms terms = ApprovalTerms.STANDARD.quorum(Quorum.of(2, 3));
        String id = world.get(flow.submit(REQUEST, terms)).id();
        assertThat(world.get(flow.decide(id, Ballot.approve("ada"))).pending()).isTrue();
        assertThat(world.get(flow.decide(id, Ballot.approve("ada"))).pending()).isTrue();
        assertThat(world.get(flow.decide(id, Ballot.approve("bob"))).decidedBy())
                .containsExactly("ada", "bob");
        String other = world.get(flow.submit(REQUEST.call("run", "2"), terms)).id();
        world.get(flow.decide(other, Ballot.approve("ada")));
        assertThat(world.get(flow.decide(other, Ballot.reject("bob", "no"))).status())
                .isEqualTo(ApprovalStatus.REJECTED);
    }

    @Test
    void withoutVetoItIsRejectedOnceEnoughAreAgainst() {
        ApprovalTerms terms = ApprovalTerms.STANDARD.quorum(Quorum.of(2, 3).withoutVeto());
        String id = world.get(flow.submit(REQUEST, terms)).id();
        assertThat(world.get(flow.decide(id, Ballot.reject("ada", "no"))).pending())
                .isTrue();
        assertThat(world.error(flow.decide(id, Ballot.approve("ada")))).isInstanceOf(ApprovalConflictException.class);
        assertThat(world.get(flow.decide(id, Ballot.reject("bob", "no"))).status())
                .isEqualTo(ApprovalStatus.REJECTED);
    }

    @Test
    void whoHasApprovedMayStillStopItWhileOthersAreAsked() {
        String id = world.get(flow.submit(REQUEST, ApprovalTerms.STANDARD.quorum(Quorum.of(2, 2))))
                .id();
        world.get(flow.decide(id, Ballot.approve("ada")));
        assertThat(world.get(flow.decide(id, Ballot.reject("ada", "stop"))).status())
                .isEqualTo(ApprovalStatus.REJECTED);
    }

    @Test
    void anEditIsWhatIsCarriedOut() {
        Told<Decision> told = world.subscribe(flow.request(REQUEST));
        String id = world.onlyPending(flow);
        world.get(flow.decide(id, Ballot.approveWith("ada", Map.of("table", "temp"))));
        world.pass(Duration.ZERO);
        assertThat(told.value())
                .isEqualTo(new Decision.Approved(id, "{\"table\":\"temp\"}", true, List.of("ada"), null));
        Mono<String> carriedOut = flow.execute(id, Mono::just);
        assertThat(world.get(carriedOut)).isEqualTo("{\"table\":\"temp\"}");
    }

    @Test
    void anEditHasToFitTheSchema() {
        String schema = "{\"type\":\"object\",\"properties\":{\"table\":{\"type\":\"string\",\"maxLength\":5}},"
                + "\"required\":[\"table\"],\"additionalProperties\":false}";
        String id = world.get(flow.submit(REQUEST, ApprovalTerms.STANDARD.schema(schema)))
                .id();
        for (Map<String, ?> wrong :
                List.<Map<String, ?>>of(Map.of("table", "a secret"), Map.of(), Map.of("table", "x", "more", 1))) {
            assertThat(world.error(flow.decide(id, Ballot.approveWith("ada", wrong))))
                    .isInstanceOf(EditRefusedException.class)
                    .hasMessageNotContaining("secret");
        }
        assertThat(world.get(flow.find(id)).pending()).isTrue();
        assertThat(world.get(flow.decide(id, Ballot.approveWith("ada", Map.of("table", "temp"))))
                        .status())
                .isEqualTo(ApprovalStatus.APPROVED_WITH_EDITS);
    }

    @Test
    void anEditThatCannotBeCheckedOrMustNotBeMadeIsRefused() {
        ApprovalFlow unsure = world.builder()
                .edits((record, edited) -> Mono.error(new IllegalStateException()))
                .build();
        String id = world.get(unsure.submit(REQUEST)).id();
        assertThat(world.error(unsure.decide(id, Ballot.approveWith("ada", Map.of()))))
                .isInstanceOf(EditRefusedException.class);
        String fixed = world.get(flow.submit(REQUEST.call("run", "2"), ApprovalTerms.STANDARD.notEditable()))
                .id();
        assertThat(world.error(flow.decide(fixed, Ballot.approveWith("ada", Map.of()))))
                .isInstanceOf(EditRefusedException.class);
    }

    @Test
    void anEditMayRaiseTheQuorumAndTheOthersHaveToAgreeToWhatStandsNow() {
        Recorded pager = new Recorded("pager");
        ApprovalFlow policy = world.builder()
                .channel(pager)
                .approver(Approver.of("ada"))
                .approver(Approver.of("bob"))
                .terms(request -> request.arguments().contains("all")
                        ? ApprovalTerms.STANDARD.quorum(Quorum.of(2, 2))
                        : ApprovalTerms.STANDARD)
                .build();
        ApprovalRecord first = world.get(policy.submit(REQUEST));
        String oldHash = first.argumentsHash();
        String oldToken = pager.sent.get(0).token(Approver.of("bob"));
        ApprovalRecord edited = world.get(policy.decide(first.id(), Ballot.approveWith("ada", Map.of("table", "all"))));
        assertThat(edited.pending()).isTrue();
        assertThat(world.error(policy.decide(first.id(), Ballot.approve("bob"))))
                .isInstanceOf(ApprovalConflictException.class);
        assertThat(world.error(policy.decide(first.id(), Ballot.approve("bob").about(oldHash))))
                .isInstanceOf(ApprovalConflictException.class);
        assertThat(pager.sent).hasSize(2);
        assertThat(pager.sent.get(1).recipients()).extracting(Approver::id).containsExactly("bob");
        assertThat(pager.sent.get(1).token(Approver.of("bob"))).isNotEqualTo(oldToken);
        ApprovalRecord done =
                world.get(policy.decide(first.id(), Ballot.approve("bob").about(edited.argumentsHash())));
        assertThat(done.status()).isEqualTo(ApprovalStatus.APPROVED_WITH_EDITS);
        assertThat(world.audit()).contains(AuditKind.EDITED);
    }

    @Test
    void theSameCallWithOtherArgumentsTakesThePlaceOfTheFirst() {
        Told<Decision> first = world.subscribe(flow.request(REQUEST.call("run", "1")));
        Told<Decision> second = world.subscribe(flow.request(
                ApprovalRequest.of("delete", Map.of("table", "temp")).call("run", "1")));
        assertThat(first.value()).isInstanceOf(Decision.Cancelled.class);
        assertThat(second.values).isEmpty();
        assertThat(world.audit()).contains(AuditKind.SUPERSEDED);
        world.onlyPending(flow);
    }

    @Test
    void anApprovedCallIsCarriedOutExactlyOnce() {
        String id = world.get(flow.submit(REQUEST)).id();
        assertThat(world.error(flow.claim(id))).isInstanceOf(ExecutionRefusedException.class);
        world.get(flow.decide(id, Ballot.approve("ada")));
        Execution execution = world.get(flow.claim(id));
        assertThat(world.error(flow.claim(id))).isInstanceOf(ExecutionRefusedException.class);
        world.get(execution.succeeded());
        world.get(execution.failed(new IllegalStateException("too late to say")));
        assertThat(world.get(flow.find(id)).status()).isEqualTo(ApprovalStatus.EXECUTED);
        assertThat(world.error(flow.execute(id, Mono::just))).isInstanceOf(ExecutionRefusedException.class);
    }

    @Test
    void howTheCarryingOutEndedIsKept() {
        String failed = approved("1");
        assertThat(world.error(flow.execute(failed, arguments -> Mono.error(new IllegalStateException("disk full")))))
                .hasMessage("disk full");
        assertThat(world.get(flow.find(failed)).status()).isEqualTo(ApprovalStatus.FAILED);
        String cut = approved("2");
        world.subscribe(flow.execute(cut, arguments -> Mono.never())).cancel();
        assertThat(world.get(flow.find(cut)).status()).isEqualTo(ApprovalStatus.OUTCOME_UNKNOWN);
    }

    private String approved(String call) {
        String id = world.get(flow.submit(REQUEST.call("run", call))).id();
        world.get(flow.decide(id, Ballot.approve("ada")));
        return id;
    }

    @Test
    void aBatchIsDecidedOneByOneAndKeepsItsOrder() {
        List<ApprovalRequest> round = IntStream.range(0, 4)
                .mapToObj(n -> REQUEST.call("run", "" + n).group("round"))
                .toList();
        Told<Decision> told = world.subscribe(flow.requestAll(round));
        List<ApprovalRecord> pending = latest();
        List<String> ids = pending.stream().map(ApprovalRecord::id).toList();
        Told<Ruled> ruled =
                world.subscribe(flow.decideAll(List.of(ids.get(3), "nothing", ids.get(1)), Ballot.approve("ada")));
        assertThat(ruled.values).extracting(one -> one.refused() == null).containsExactly(true, false, true);
        world.subscribe(flow.decideAll(List.of(ids.get(2), ids.get(0)), Ballot.reject("ada", "no")));
        world.pass(Duration.ZERO);
        assertThat(told.values).extracting(Decision::id).containsExactlyElementsOf(ids);
        assertThat(told.values).extracting(Decision::approved).containsExactly(false, true, false, true);
    }

    private List<ApprovalRecord> latest() {
        List<List<ApprovalRecord>> lists = world.subscribe(flow.pending()).values;
        return lists.get(lists.size() - 1);
    }

    @Test
    void aStandingGrantApprovesWhatItIsForAsOftenAsItSays() {
        StandingGrant grant = world.get(flow.grant(
                "ada",
                GrantOffer.of("delete", Map.of("table", "users"), Duration.ofHours(1), 2)
                        .requester("agent")));
        assertThat(world.get(flow.request(REQUEST.call("run", "1"))).approved()).isTrue();
        assertThat(latest()).isEmpty();
        assertThat(world.get(flow.submit(REQUEST.requester("other"))).pending()).isTrue();
        assertThat(world.get(flow.submit(ApprovalRequest.of("delete", Map.of("table", "x"))
                                .requester("agent")))
                        .pending())
                .isTrue();
        assertThat(world.get(flow.request(REQUEST.call("run", "2"))).approved()).isTrue();
        assertThat(world.get(flow.submit(REQUEST.call("run", "3"))).pending()).isTrue();
        assertThat(world.get(flow.grants().next()).uses()).isEqualTo(2);
        assertThat(world.audit()).contains(AuditKind.GRANT_ISSUED, AuditKind.GRANT_USED);
        assertThat(world.get(flow.revoke(grant.id(), "ada")).revoked()).isTrue();
    }

    @Test
    void aStandingGrantDoesNotReachBeyondItsIssuerItsTimeAndItsRevocation() {
        GrantOffer offer = GrantOffer.of("delete", Map.of(), Duration.ofHours(1), 100);
        world.get(flow.grant("agent", offer));
        assertThat(world.get(flow.submit(REQUEST.call("run", "own"))).pending()).isTrue();
        StandingGrant grant = world.get(flow.grant("ada", offer));
        assertThat(world.get(flow.submit(REQUEST.call("run", "a"), ApprovalTerms.STANDARD.nonDelegable()))
                        .pending())
                .isTrue();
        assertThat(world.get(flow.submit(REQUEST.call("run", "b"), ApprovalTerms.STANDARD.quorum(Quorum.of(2, 2))))
                        .pending())
                .isTrue();
        assertThat(world.get(flow.submit(REQUEST.call("run", "c"))).pending()).isFalse();
        world.get(flow.revoke(grant.id(), "ada"));
        assertThat(world.get(flow.submit(REQUEST.call("run", "d"))).pending()).isTrue();
        world.get(flow.grant("ada", offer));
        world.pass(Duration.ofHours(1));
        assertThat(world.get(flow.submit(REQUEST.call("run", "e"))).pending()).isTrue();
    }

    @Test
    void aGateLetsPassWhatIsApprovedInOrderAndAsksForFewAtATime() {
        Told<Integer> told =
                world.subscribe(Flux.range(0, 6).transform(flow.gate(n -> ApprovalRequest.of("step", n), 2)));
        assertThat(latest()).hasSize(2);
        assertThat(world.error(flow.decide(latest().get(1).id(), Ballot.approveWith("ada", 9))))
                .isInstanceOf(EditRefusedException.class);
        world.get(flow.decide(latest().get(1).id(), Ballot.approve("ada")));
        world.pass(Duration.ZERO);
        assertThat(told.values).isEmpty();
        for (int i = 0; i < 6 && !latest().isEmpty(); i++) {
            ApprovalRecord oldest = latest().get(0);
            boolean even = Integer.parseInt(oldest.arguments()) % 2 == 0;
            world.get(flow.decide(oldest.id(), even ? Ballot.approve("ada") : Ballot.reject("ada", "odd")));
            world.pass(Duration.ZERO);
            assertThat(latest()).hasSizeLessThanOrEqualTo(2);
        }
        assertThat(told.values).containsExactly(0, 1, 2, 4);
        assertThat(told.completed).isTrue();
    }

    @Test
    void aGateCarriesEditsAlong() {
        Told<String> told = world.subscribe(Flux.just("a", "b")
                .transform(flow.gate(
                        (String text) -> ApprovalRequest.of("send", text),
                        (text, approved) -> approved.arguments(),
                        1)));
        world.get(flow.decide(latest().get(0).id(), Ballot.approveWith("ada", "A")));
        world.pass(Duration.ZERO);
        world.get(flow.decide(latest().get(0).id(), Ballot.approve("ada")));
        world.pass(Duration.ZERO);
        assertThat(told.values).containsExactly("\"A\"", "b");
    }

    @Test
    void idsAreUnguessableAndTheirSecretIsNotShown() {
        Set<String> ids = IntStream.range(0, 500)
                .mapToObj(n -> world.get(flow.submit(REQUEST.call("run", "" + n))))
                .map(ApprovalRecord::id)
                .collect(Collectors.toSet());
        assertThat(ids).hasSize(500).allMatch(id -> id.matches("[0-9a-f]{32}"));
        // No digit stands still anywhere: all of them come from the generator.
        for (int i = 0; i < 32; i++) {
            int at = i;
            assertThat(ids.stream().map(id -> id.charAt(at)).distinct().count()).isGreaterThan(8);
        }
    }

    @Test
    void whatHappensIsToldAsEvents() {
        Told<ApprovalEvent> events = world.subscribe(flow.events());
        String id = world.get(flow.submit(REQUEST)).id();
        world.get(flow.decide(id, Ballot.approve("ada")));
        world.pass(Duration.ZERO);
        assertThat(events.values)
                .extracting(ApprovalEvent::kind)
                .containsExactly(AuditKind.REQUESTED, AuditKind.VOTED, AuditKind.APPROVED);
        assertThat(events.values).extracting(ApprovalEvent::sequence).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aClosedFlowTellsThoseWhoWaitAndKeepsTheirRequests() {
        Recorded pager = new Recorded("pager");
        ApprovalFlow closing = world.builder().channel(pager).build();
        Told<Decision> told = world.subscribe(closing.request(REQUEST));
        Told<List<ApprovalRecord>> lists = world.subscribe(closing.pending());
        world.get(closing.close());
        world.pass(Duration.ZERO);
        assertThat(told.error).isInstanceOf(ApprovalFlowClosedException.class);
        assertThat(lists.completed).isTrue();
        assertThat(pager.closed).isTrue();
        assertThat(world.error(closing.request(REQUEST))).isInstanceOf(ApprovalFlowClosedException.class);
        ApprovalFlow next = world.flow();
        Told<Decision> again = world.subscribe(next.request(REQUEST));
        world.get(next.decide(world.onlyPending(next), Ballot.approve("ada")));
        world.pass(Duration.ZERO);
        assertThat(again.value().approved()).isTrue();
    }

    @Test
    void whatCannotBeMeantIsRefusedWhenItIsMade() {
        assertThatThrownBy(() -> ApprovalRequest.of(" ", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ApprovalTerms.STANDARD.timeout(Duration.ofSeconds(1_000_000_000_000L)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ApprovalTerms.STANDARD.timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Quorum.of(3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        ApprovalTerms.STANDARD.ladder(Escalation.after(Duration.ofHours(24), Electorate.of("boss"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> world.builder()
                        .channel(new Recorded("a"))
                        .channel(new Recorded("a"))
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
