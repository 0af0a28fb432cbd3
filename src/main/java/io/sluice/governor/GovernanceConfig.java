package io.sluice.governor;

import io.sluice.approval.ApprovalFlow;
import io.sluice.breaker.CircuitBreakerConfig;
import io.sluice.call.Call;
import io.sluice.deadline.Deadline;
import io.sluice.debounce.Debouncer;
import io.sluice.failure.Backoff;
import io.sluice.retry.ProviderRetry;
import io.sluice.support.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The configuration of delimit's governance hardening: the same keys and defaults, read strictly. Unknown keys, wrong types and
 * bad values are a {@link GovernanceConfigException} that names the key. Each part that is not enabled is null; times are in
 * seconds there.
 *
 * <pre>{@code
 * {"governance_hardening": {"enabled": true,
 *   "resilient_caller": {"max_retries": 3, "base_delay": 1.0, "max_delay": 30.0, "timeout": 60.0},
 *   "debouncer": {"default_cooldown": 300, "tool_cooldowns": {"deploy": 600}, "max_calls_per_hour": 5},
 *   "circuit_breaker": {"failure_threshold": 3, "recovery_timeout": 300},
 *   "approval_flow": {"enabled": false, "timeout_seconds": 86400, "poll_interval": 300, "default_action": "reject"}}}
 * }</pre>
 *
 * <p>What stands beside {@code governance_hardening} is for others and not read. Without it, or without {@code "enabled":
 * true} in it, nothing is enabled; what is written there must be right all the same.
 *
 * @param caller how often and how long calls are made
 * @param debouncing how often they may be made
 * @param breaker when what they call counts as broken
 * @param approval how they are approved; off unless its own {@code enabled} is true
 */
public record GovernanceConfig(
        @Nullable Caller caller,
        @Nullable Debouncing debouncing,
        @Nullable CircuitBreakerConfig breaker,
        @Nullable ApprovalSettings approval) {

    private static final String ROOT = "governance_hardening";
    private static final String ENABLED = "enabled";

    /**
     * How often and how long calls are made.
     *
     * @param attempts attempts in all, which {@code max_retries} counts; 0 there means 1
     * @param backoff the waits between them
     * @param timeout how long one attempt may take
     */
    public record Caller(int attempts, Backoff backoff, Duration timeout) {}

    /**
     * How often calls may be made.
     *
     * @param cooldown how long a tool rests
     * @param cooldowns how long some tools rest instead, by their names
     * @param perHour how many calls of all tools may be made within an hour
     */
    public record Debouncing(Duration cooldown, Map<String, Duration> cooldowns, int perHour) {

        /** Keeps a copy. */
        public Debouncing {
            cooldowns = Map.copyOf(cooldowns);
        }
    }

    /**
     * Reads a configuration.
     *
     * @throws GovernanceConfigException if it is no JSON object, or cannot be meant as it is written
     */
    public static GovernanceConfig parse(String json) {
        JsonNode document;
        try {
            document = Json.read(json);
        } catch (JacksonException unreadable) {
            throw new GovernanceConfigException("the configuration", "is not JSON");
        }
        if (!document.isObject()) {
            throw new GovernanceConfigException("the configuration", "must be a JSON object");
        }
        JsonNode own = document.get(ROOT);
        if (own == null) {
            return new GovernanceConfig(null, null, null, null);
        }
        ConfigObject root = ConfigObject.of(
                ROOT, own, List.of(ENABLED, "resilient_caller", "debouncer", "circuit_breaker", "approval_flow"));
        boolean enabled = root.bool(ENABLED, false);
        Caller caller = caller(root);
        Debouncing debouncing = debouncing(root);
        CircuitBreakerConfig breaker = breaker(root);
        ApprovalSettings approval = approval(root);
        return enabled
                ? new GovernanceConfig(caller, debouncing, breaker, approval)
                : new GovernanceConfig(null, null, null, null);
    }

    private static @Nullable Caller caller(ConfigObject root) {
        ConfigObject part =
                root.object("resilient_caller", ENABLED, "max_retries", "base_delay", "max_delay", "timeout");
        int attempts = Math.max(1, part.whole("max_retries", 3, 0));
        Duration base = part.seconds("base_delay", 1);
        Duration longest = part.seconds("max_delay", 30);
        if (longest.compareTo(base) < 0) {
            throw part.problem("max_delay", "must be at least the base_delay of " + base + ", was " + longest);
        }
        Backoff backoff = new Backoff(base, longest, Backoff.DEFAULT.jitter());
        Caller caller = new Caller(attempts, backoff, part.seconds("timeout", 60));
        return part.bool(ENABLED, true) ? caller : null;
    }

    private static @Nullable Debouncing debouncing(ConfigObject root) {
        ConfigObject part =
                root.object("debouncer", ENABLED, "default_cooldown", "tool_cooldowns", "max_calls_per_hour");
        Debouncing debouncing = new Debouncing(
                part.secondsOrZero("default_cooldown", 300),
                part.secondsByName("tool_cooldowns"),
                part.whole("max_calls_per_hour", 5, 1));
        return part.bool(ENABLED, true) ? debouncing : null;
    }

    private static @Nullable CircuitBreakerConfig breaker(ConfigObject root) {
        ConfigObject part = root.object("circuit_breaker", ENABLED, "failure_threshold", "recovery_timeout");
        CircuitBreakerConfig breaker = CircuitBreakerConfig.builder()
                .consecutiveFailures(part.whole("failure_threshold", 3, 1))
                .openFor(part.seconds("recovery_timeout", 300))
                .build();
        return part.bool(ENABLED, true) ? breaker : null;
    }

    private static @Nullable ApprovalSettings approval(ConfigObject root) {
        ConfigObject part = root.object("approval_flow", ENABLED, "timeout_seconds", "poll_interval", "default_action");
        ApprovalSettings approval = new ApprovalSettings(
                part.seconds("timeout_seconds", 86_400),
                part.seconds("poll_interval", 300),
                part.word("default_action", "reject", "reject", "approve").equals("approve"));
        return part.bool(ENABLED, false) ? approval : null;
    }

    /** Whether any part is enabled. */
    public boolean isActive() {
        return caller != null || debouncing != null || breaker != null || approval != null;
    }

    /**
     * A governor with the parts that are enabled, to add others to.
     *
     * @param scheduler where everything waits; null for {@link reactor.core.scheduler.Schedulers#parallel()}, looked up at
     *     every use
     * @throws GovernanceConfigException if approval is enabled, which needs a channel
     */
    public Governor.Builder toBuilder(@Nullable Scheduler scheduler) {
        if (approval != null) {
            throw new GovernanceConfigException(
                    ROOT + ".approval_flow.enabled",
                    "there is no channel to ask for approvals; give one, or do not enable it");
        }
        return parts(scheduler);
    }

    /**
     * A governor with the parts that are enabled, to add others to.
     *
     * @param scheduler as of {@link #toBuilder(Scheduler)}
     * @param channel makes what asks for approvals, if they are enabled
     */
    public Governor.Builder toBuilder(
            @Nullable Scheduler scheduler,
            Function<? super ApprovalSettings, ? extends Function<? super Call<?>, ? extends Mono<Decision>>> channel) {
        Objects.requireNonNull(channel, "channel");
        Governor.Builder builder = parts(scheduler);
        return approval == null ? builder : builder.approval(channel.apply(approval));
    }

    /**
     * A governor with the parts that are enabled, to add others to. If approval is enabled, people are asked about each call.
     *
     * @param scheduler as of {@link #toBuilder(Scheduler)}
     * @param flow asks them; its own channels say how often they look for replies
     */
    public Governor.Builder toBuilder(@Nullable Scheduler scheduler, ApprovalFlow flow) {
        Objects.requireNonNull(flow, "flow");
        return toBuilder(
                scheduler,
                settings ->
                        ApprovalPolicy.builder(flow).askAlways(settings.terms()).build());
    }

    private Governor.Builder parts(@Nullable Scheduler scheduler) {
        Governor.Builder builder = Governor.builder();
        if (scheduler != null) {
            builder.scheduler(scheduler);
        }
        if (caller != null) {
            ProviderRetry retry = ProviderRetry.attempts(caller.attempts()).backoff(caller.backoff());
            Deadline deadline = Deadline.standard().withAttempt(caller.timeout());
            builder.retry(scheduler == null ? retry : retry.scheduler(scheduler));
            builder.deadline(scheduler == null ? deadline : deadline.scheduler(scheduler));
        }
        if (debouncing != null) {
            Debouncer.Builder debouncer =
                    Debouncer.builder().cooldown(debouncing.cooldown()).perHour(debouncing.perHour());
            debouncing.cooldowns().forEach(debouncer::cooldown);
            builder.debouncer((scheduler == null ? debouncer : debouncer.scheduler(scheduler)).build());
        }
        return breaker == null ? builder : builder.breakers(breaker);
    }
}
