package io.sluice.governor;

import static io.sluice.governor.GovernedWorld.CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.approval.ApprovalFlow;
import io.sluice.approval.ApprovalRecord;
import io.sluice.approval.ApprovalStatus;
import io.sluice.approval.ApprovalTerms;
import io.sluice.approval.Ballot;
import io.sluice.approval.ExecutionRefusedException;
import io.sluice.call.Call;
import io.sluice.call.Risk;
import io.sluice.governor.GovernedWorld.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The governor asks people about what it should, holds nothing meanwhile, and makes what they approve once. */
class ApprovalPolicyTest {

    private final GovernedWorld world = new GovernedWorld();
    private final ApprovalFlow flow =
            ApprovalFlow.builder().scheduler(world.clock).build();

    private List<ApprovalRecord> pending() {
        List<ApprovalRecord> latest = new ArrayList<>();
        world.subscribe(flow.pending().doOnNext(list -> {
            latest.clear();
            latest.addAll(list);
        }));
        world.pass(Duration.ZERO);
        return latest;
    }

    private ApprovalRecord decide(Ballot ballot) {
        String id = pending().get(0).id();
        world.subscribe(flow.decide(id, ballot));
        world.pass(Duration.ZERO);
        return found(id);
    }

    private ApprovalRecord found(String id) {
        Told told = world.subscribe(flow.find(id));
        world.pass(Duration.ZERO);
        return (ApprovalRecord) told.values.get(0);
    }

    private Governor governor(ApprovalPolicy policy) {
        return world.all().approval(policy).build();
    }

    private ApprovalPolicy always() {
        return ApprovalPolicy.builder(flow).askAlways(ApprovalTerms.STANDARD).build();
    }

    @Test
    void theFirstRuleThatIsForACallSaysWhetherPeopleAreAsked() {
        ApprovalPolicy policy = ApprovalPolicy.builder(flow)
                .pass(call -> call.name().equals("read"))
                .ask("delete", ApprovalTerms.STANDARD)
                .ask(call -> String.valueOf(call.arguments()).contains("prod"), ApprovalTerms.STANDARD.nonDelegable())
                .askFrom(Risk.HIGH, ApprovalTerms.STANDARD)
                .build();
        assertThat(asked(policy, Call.tool("read", "prod").risk(Risk.HIGH))).isFalse();
        assertThat(asked(policy, Call.tool("write", "staging"))).isFalse();
        assertThat(asked(policy, Call.tool("delete", "staging"))).isTrue();
        assertThat(asked(policy, Call.tool("write", "prod"))).isTrue();
        assertThat(asked(policy, Call.tool("format", "x").risk(Risk.HIGH))).isTrue();
    }

    private boolean asked(ApprovalPolicy policy, Call<?> call) {
        Told told = world.subscribe(policy.apply(call));
        world.pass(Duration.ZERO);
        return told.values.isEmpty();
    }

    @Test
    void anApprovedCallIsMadeAndItsEndIsKept() {
        Told told = world.subscribe(world.govern(governor(always()), n -> Mono.just("answer")));
        world.pass(Duration.ofHours(3));
        assertThat(world.made).isZero();
        world.holdsNothing();
        ApprovalRecord record = decide(Ballot.approve("ada"));
        assertThat(told.values).containsExactly("answer");
        assertThat(found(record.id()).status()).isEqualTo(ApprovalStatus.EXECUTED);
    }

    @Test
    void aStreamIsApprovedAsWell() {
        Told told = world.subscribe(world.stream(governor(always()), n -> Flux.just("a", "b")));
        ApprovalRecord record = decide(Ballot.approve("ada"));
        assertThat(told.values).containsExactly("a", "b");
        assertThat(found(record.id()).status()).isEqualTo(ApprovalStatus.EXECUTED);
    }

    @Test
    void aDeclinedCallIsAValueThatTheModelCanBeTold() {
        Told told = world.subscribe(governor(always()).outcome(CALL, attempt -> Mono.just("answer")));
        decide(Ballot.reject("ada", "too risky"));
        assertThat(((Outcome<?>) told.values.get(0)).toJson())
                .isEqualTo("{\"status\":\"declined\",\"tool\":\"p/m\",\"reason\":\"declined by human: too risky\"}");
        Told late = world.subscribe(governor(always()).outcome(CALL, attempt -> Mono.just("answer")));
        world.pass(Duration.ofHours(24));
        assertThat(late.values.get(0)).isEqualTo(new Outcome.Declined<>("p/m", "nobody decided in time"));
    }

    @Test
    void aCallIsMadeWithTheArgumentsThatWereApproved() {
        List<Object> made = new ArrayList<>();
        Governor governor = Governor.builder().approval(always()).build();
        world.subscribe(governor.govern(Call.tool("delete", Map.of("table", "users")), attempt -> {
            made.add(attempt.arguments());
            return Mono.just("done");
        }));
        decide(Ballot.approveWith("ada", Map.of("table", "temp")));
        assertThat(made).containsExactly(Map.of("table", "temp"));
        world.subscribe(governor.govern(Call.tool("wait", 5), attempt -> {
            made.add(attempt.arguments());
            return Mono.just("done");
        }));
        decide(Ballot.approveWith("ada", "long"));
        assertThat(made).hasSize(1);
    }

    @Test
    void ofTwoWhoWaitForTheSameDecisionOneMakesTheCall() {
        Governor governor = governor(always());
        Told one = world.subscribe(world.govern(governor, n -> Mono.just("answer")));
        Told other = world.subscribe(world.govern(governor, n -> Mono.just("answer")));
        decide(Ballot.approve("ada"));
        assertThat(world.made).isEqualTo(1);
        assertThat(one.values.size() + other.values.size()).isEqualTo(1);
        assertThat(one.error == null ? other.error : one.error).isInstanceOf(ExecutionRefusedException.class);
    }

    @Test
    void howACallFailedOrWasCutIsKept() {
        Governor governor = Governor.builder().approval(always()).build();
        world.subscribe(governor.govern(CALL, attempt -> Mono.error(new IllegalStateException("disk full"))));
        assertThat(found(decide(Ballot.approve("ada")).id()).status()).isEqualTo(ApprovalStatus.FAILED);
        Told cut = world.subscribe(governor.govern(CALL, attempt -> Mono.never()));
        ApprovalRecord record = decide(Ballot.approve("ada"));
        assertThat(record.status()).isEqualTo(ApprovalStatus.EXECUTING);
        cut.cancel();
        assertThat(found(record.id()).status()).isEqualTo(ApprovalStatus.OUTCOME_UNKNOWN);
    }

    @Test
    void theSeedsConfigurationAsksAboutEachCallUnderItsTerms() {
        GovernanceConfig config = GovernanceConfig.parse(
                "{\"governance_hardening\": {\"enabled\": true,"
                        + "\"debouncer\": {\"enabled\": false}, \"approval_flow\": {\"enabled\": true, \"timeout_seconds\": 90}}}");
        Governor governor = config.toBuilder(world.clock, flow).build();
        Told told = world.subscribe(governor.govern(CALL, attempt -> Mono.just("answer")));
        assertThat(pending().get(0).terms()).isEqualTo(ApprovalTerms.STANDARD.timeout(Duration.ofSeconds(90)));
        world.pass(Duration.ofSeconds(90));
        assertThat(told.error).isInstanceOf(CallDeclinedException.class).hasMessageContaining("nobody decided");
    }

    @Test
    void whileAThousandCallsWaitNothingIsHeld() {
        Governor governor = governor(
                ApprovalPolicy.builder(flow).askAlways(ApprovalTerms.STANDARD).build());
        int threads = Thread.activeCount();
        List<Told> told = new ArrayList<>();
        for (int n = 0; n < 1_000; n++) {
            told.add(world.subscribe(governor.govern(
                    Call.of(GovernedWorld.KEY, "prompt " + n, CALL.estimate()), attempt -> Mono.just("answer"))));
        }
        world.pass(Duration.ofHours(23));
        assertThat(pending()).hasSize(1_000);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
        assertThat(world.limiter.snapshot(GovernedWorld.KEY).requests()).isZero();
        assertThat(world.spent()).isZero();
        world.holdsNothing();
        world.subscribe(flow.decideAll(
                pending().stream().limit(3).map(ApprovalRecord::id).toList(), Ballot.approve("ada")));
        world.pass(Duration.ofHours(2));
        assertThat(told.stream().filter(one -> one.values.equals(List.of("answer"))))
                .hasSize(3);
        assertThat(told.stream().filter(one -> one.error instanceof CallDeclinedException))
                .hasSize(997);
        world.holdsNothing();
    }
}
