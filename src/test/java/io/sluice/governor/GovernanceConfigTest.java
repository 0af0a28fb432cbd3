package io.sluice.governor;

import static io.sluice.governor.GovernedWorld.CALL;
import static io.sluice.governor.GovernedWorld.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FailureClass;
import io.sluice.call.Call;
import io.sluice.debounce.DebouncedException;
import io.sluice.failure.Backoff;
import io.sluice.governor.GovernedWorld.Told;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

class GovernanceConfigTest {

    private final GovernedWorld world = new GovernedWorld();

    private static GovernanceConfig parts(String parts) {
        return GovernanceConfig.parse("{\"other\": 1, \"governance_hardening\": {\"enabled\": true" + parts + "}}");
    }

    @Test
    void theDefaultsAreThoseOfTheOriginal() {
        GovernanceConfig config = parts("");
        assertThat(config.caller())
                .isEqualTo(new GovernanceConfig.Caller(
                        3, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2), Duration.ofSeconds(60)));
        assertThat(config.debouncing()).isEqualTo(new GovernanceConfig.Debouncing(Duration.ofMinutes(5), Map.of(), 5));
        assertThat(config.breaker().consecutiveFailures()).isEqualTo(3);
        assertThat(config.breaker().openFor()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.approval()).isNull();
        assertThat(config.isActive()).isTrue();
    }

    @Test
    void nothingIsOnUnlessItIsEnabled() {
        assertThat(GovernanceConfig.parse("{}").isActive()).isFalse();
        assertThat(GovernanceConfig.parse("{\"governance_hardening\": {}}").isActive())
                .isFalse();
        assertThat(GovernanceConfig.parse("{\"governance_hardening\": {\"enabled\": \"false\"}}")
                        .isActive())
                .isFalse();
        assertThat(GovernanceConfig.parse("{\"governance_hardening\": {\"enabled\": \"true\"}}")
                        .isActive())
                .isTrue();
    }

    @Test
    void everyKeyIsRead() {
        GovernanceConfig config = parts("""
                , "resilient_caller": {"max_retries": 0, "base_delay": 0.5, "max_delay": 2, "timeout": 7.25}
                , "debouncer": {"default_cooldown": 0, "tool_cooldowns": {"deploy": 600}, "max_calls_per_hour": 9}
                , "circuit_breaker": {"enabled": false}
                , "approval_flow": {"enabled": true, "timeout_seconds": 60, "poll_interval": 5,
                  "default_action": "approve"}""");
        assertThat(config.caller().attempts()).isEqualTo(1);
        assertThat(config.caller().timeout()).isEqualTo(Duration.ofMillis(7_250));
        assertThat(config.debouncing().cooldowns()).isEqualTo(Map.of("deploy", Duration.ofMinutes(10)));
        assertThat(config.breaker()).isNull();
        assertThat(config.approval())
                .isEqualTo(new ApprovalSettings(Duration.ofSeconds(60), Duration.ofSeconds(5), true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`, \"resilient_caller\": {\"max_retrys\": 3}`        | resilient_caller.max_retrys",
                "`, \"resilient_caller\": null`                       | resilient_caller",
                "`, \"resilient_caller\": {\"max_retries\": -1}`      | resilient_caller.max_retries",
                "`, \"resilient_caller\": {\"max_retries\": 2.5}`     | resilient_caller.max_retries",
                "`, \"resilient_caller\": {\"max_retries\": \"3\"}`   | resilient_caller.max_retries",
                "`, \"resilient_caller\": {\"base_delay\": 0}`        | resilient_caller.base_delay",
                "`, \"resilient_caller\": {\"max_delay\": 0.5}`       | resilient_caller.max_delay",
                "`, \"resilient_caller\": {\"timeout\": 1e300}`       | resilient_caller.timeout",
                "`, \"resilient_caller\": {\"enabled\": \"yes\"}`     | resilient_caller.enabled",
                "`, \"debouncer\": {\"default_cooldown\": null}`      | debouncer.default_cooldown",
                "`, \"debouncer\": {\"tool_cooldowns\": {\"a\": -1}}` | debouncer.tool_cooldowns.a",
                "`, \"debouncer\": {\"tool_cooldowns\": []}`          | debouncer.tool_cooldowns",
                "`, \"debouncer\": {\"max_calls_per_hour\": 0}`       | debouncer.max_calls_per_hour",
                "`, \"circuit_breaker\": {\"failure_threshold\": 0}`  | circuit_breaker.failure_threshold",
                "`, \"circuit_breaker\": {\"recovery_timeout\": 0}`   | circuit_breaker.recovery_timeout",
                "`, \"approval_flow\": {\"default_action\": \"bananas\"}` | approval_flow.default_action",
                "`, \"breaker\": {}`                                  | breaker"
            })
    void whatCannotBeMeantIsAnErrorThatNamesItsKey(String part, String key) {
        assertThatThrownBy(() -> parts(part))
                .isInstanceOfSatisfying(
                        GovernanceConfigException.class,
                        problem -> assertThat(problem.key()).isEqualTo("governance_hardening." + key));
    }

    @Test
    void theWordsTrueAndFalseSwitchEachPart() {
        GovernanceConfig config = parts("""
                , "resilient_caller": {"enabled": "false"}, "debouncer": {"enabled": "true"}
                , "circuit_breaker": {"enabled": "false"}, "approval_flow": {"enabled": "true"}""");
        assertThat(config.caller()).isNull();
        assertThat(config.debouncing()).isNotNull();
        assertThat(config.breaker()).isNull();
        assertThat(config.approval())
                .isEqualTo(new ApprovalSettings(Duration.ofHours(24), Duration.ofMinutes(5), false));
    }

    @Test
    void whatIsSwitchedOffMustBeRightAllTheSame() {
        assertThatThrownBy(
                        () -> GovernanceConfig.parse(
                                "{\"governance_hardening\": {\"enabled\": false, \"debouncer\": {\"default_cooldown\": \"5\"}}}"))
                .isInstanceOf(GovernanceConfigException.class)
                .hasMessageContaining("governance_hardening.debouncer.default_cooldown")
                .hasMessageContaining("a text");
        assertThatThrownBy(() -> GovernanceConfig.parse("{\"governance_hardening\": null}"))
                .isInstanceOfSatisfying(
                        GovernanceConfigException.class,
                        problem -> assertThat(problem.key()).isEqualTo("governance_hardening"));
    }

    /** The original told 0.0 seconds where the cap of the hour was reached. */
    @Test
    void theDefaultsInActionAreThoseOfTheOriginalWithTheTrueTime() {
        Governor governor = parts("").toBuilder(world.clock).build();
        assertThat(dispatch(governor, "t0")).isEqualTo("completed");
        world.pass(Duration.ofSeconds(1));
        assertThat(dispatch(governor, "t0"))
                .isEqualTo("{\"status\":\"debounced\",\"tool\":\"t0\",\"retry_in_seconds\":299.0}");
        for (String tool : new String[] {"t1", "t2", "t3", "t4"}) {
            assertThat(dispatch(governor, tool)).isEqualTo("completed");
        }
        assertThat(dispatch(governor, "t5"))
                .isEqualTo("{\"status\":\"debounced\",\"tool\":\"t5\",\"retry_in_seconds\":3599.0}");
    }

    private String dispatch(Governor governor, String tool) {
        Told told = world.subscribe(governor.outcome(Call.tool(tool, "arguments"), attempt -> Mono.just("done")));
        Outcome<?> outcome = (Outcome<?>) told.values.get(0);
        return outcome instanceof Outcome.Completed ? "completed" : outcome.toJson();
    }

    @Test
    void whatIsNotJsonIsAnError() {
        assertThatThrownBy(() -> GovernanceConfig.parse("{")).isInstanceOf(GovernanceConfigException.class);
        assertThatThrownBy(() -> GovernanceConfig.parse("[]")).isInstanceOf(GovernanceConfigException.class);
    }

    @Test
    void approvalWithoutAChannelIsAnErrorAndWithOneItIsAsked() {
        GovernanceConfig config = parts(", \"approval_flow\": {\"enabled\": true}");
        assertThatThrownBy(() -> config.toBuilder(world.clock))
                .isInstanceOf(GovernanceConfigException.class)
                .hasMessageContaining("governance_hardening.approval_flow.enabled");
        Governor governor = config.toBuilder(
                        world.clock,
                        settings -> call -> Mono.just(Decision.declined("asked for " + settings.timeout())))
                .build();
        Told told = world.subscribe(governor.govern(CALL, attempt -> Mono.just("answer")));
        assertThat(told.error).isInstanceOf(CallDeclinedException.class).hasMessageContaining("PT24H");
    }

    @Test
    void theGovernorDoesWhatTheConfigurationSays() {
        Governor governor = parts(", \"resilient_caller\": {\"max_retries\": 2}").toBuilder(world.clock)
                .build();
        Told failed = world.subscribe(world.govern(governor, n -> Mono.error(failure(FailureClass.TRANSIENT))));
        world.pass(Duration.ofSeconds(30));
        assertThat(failed.error).hasMessage("said by the provider");
        assertThat(world.made).isEqualTo(2);
        Told again = world.subscribe(world.govern(governor, n -> Mono.just("answer")));
        assertThat(again.error).isInstanceOf(DebouncedException.class);
    }
}
