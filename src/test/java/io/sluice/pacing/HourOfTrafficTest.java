package io.sluice.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.llm.LlmRequest;
import io.sluice.llm.openai.OpenAiAdapter;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.ratelimit.RefundPolicy;
import io.sluice.simulator.Latency;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.SimulatedTransport;
import io.sluice.simulator.Simulator;
import io.sluice.simulator.SimulatorReport;
import io.sluice.simulator.WindowKind;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** An hour against each kind of provider whose charge is known on sending, at a target of 1, on virtual time. */
class HourOfTrafficTest {

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    /** How long a request is on its way to the provider at most. */
    private static final Duration TRAVEL = Duration.ofMillis(15);

    private static final long PROMPT = 5;

    /**
     * A provider and what the limiter is told of it.
     *
     * @param quantum in which it evens out requests; null where it does not
     * @param requestsBind whether requests are what runs out, or tokens
     */
    record Provider(WindowKind kind, @Nullable Duration quantum, boolean requestsBind) {

        long rpm() {
            return requestsBind ? 240 : 3_000;
        }

        long tpm() {
            return requestsBind ? 1_000_000 : 200_000;
        }

        ModelLimits limits() {
            ModelLimits limits = ModelLimits.of(rpm(), tpm()).kind(kind);
            return quantum == null ? limits : limits.quantised(quantum);
        }

        /** Where a provider evens out, the skew must be short beside its quantum: what the network adds. */
        RateLimitProfile profile() {
            RateLimitProfile.Builder profile = RateLimitProfile.builder("openai", "gpt-sim")
                    .rpm(rpm())
                    .tpm(tpm())
                    .utilizationTarget(1)
                    .concurrency(10_000)
                    .refundPolicy(RefundPolicy.KEEP_ESTIMATE);
            return quantum == null
                    ? profile.skew(PermitRequest.NETWORK_SKEW).build()
                    : profile.skew(TRAVEL).burst(quantum).build();
        }
    }

    static List<Provider> providers() {
        return Stream.of(WindowKind.values())
                .flatMap(kind -> Stream.<@Nullable Duration>of(null, Duration.ofSeconds(1), Duration.ofSeconds(10))
                        .flatMap(quantum ->
                                Stream.of(new Provider(kind, quantum, true), new Provider(kind, quantum, false))))
                .toList();
    }

    /** An agent with many calls, on one limiter, against one provider. */
    private static final class World {
        final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        final Random random = new Random(42);
        final SimulatedTransport provider;
        final ModelRateLimiter limiter;
        final OpenAiAdapter adapter;

        World(Provider provider, Latency latency) {
            this.provider = Simulator.builder()
                    .model("gpt-sim", provider.limits())
                    .latency(latency)
                    .travel(Latency.between(Duration.ZERO, TRAVEL))
                    .replyTokens(1_000_000, 1_000_000)
                    .seed(42)
                    .scheduler(clock)
                    .build()
                    .transport();
            this.limiter = ModelRateLimiter.builder()
                    .profiles(RateLimitProfiles.none().with(provider.profile()))
                    .scheduler(clock)
                    .build();
            this.adapter = OpenAiAdapter.builder()
                    .baseUrl(this.provider.baseUrl())
                    .transport(this.provider)
                    .build();
        }

        Mono<Long> call() {
            long cap = 95L + random.nextInt(1_901);
            LlmRequest request =
                    LlmRequest.builder("gpt-sim").user("hi").maxOutput(cap).build();
            PermitRequest asked = PermitRequest.of(ModelKey.of("openai", "gpt-sim"), TokenEstimate.of(PROMPT, cap))
                    .timeout(HOUR.multipliedBy(2));
            return limiter.withPermit(asked, permit -> adapter.execute(request).map(answer -> PROMPT + cap));
        }

        SimulatorReport report() {
            return provider.report();
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aSaturatedHourProvokesNoRefusalAndUsesTheLimit(Provider provider) {
        assertThat(utilisation(provider, Latency.between(Duration.ofMillis(20), Duration.ofMillis(480))))
                .isGreaterThanOrEqualTo(0.98);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void slowAnswersCostLittle(Provider provider) {
        assertThat(utilisation(provider, Latency.logNormal(Duration.ofSeconds(2), Duration.ofSeconds(30))))
                .isGreaterThanOrEqualTo(0.95);
    }

    private static double utilisation(Provider provider, Latency latency) {
        World world = new World(provider, latency);
        var calls = Flux.<Mono<Long>>generate(sink -> sink.next(Mono.defer(world::call)))
                .flatMap(call -> call, 1_500)
                .subscribe();
        world.clock.advanceTimeBy(WINDOW);
        SimulatorReport first = world.report();
        world.clock.advanceTimeBy(HOUR.minus(WINDOW));
        SimulatorReport all = world.report();
        calls.dispose();
        assertThat(all.refused()).as("refused").isZero();
        double windows = (double) HOUR.minus(WINDOW).toNanos() / WINDOW.toNanos();
        return provider.requestsBind()
                ? (all.admitted() - first.admitted()) / windows / provider.rpm()
                : (all.tokens() - first.tokens()) / windows / provider.tpm();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void anHourOfRandomStormsAndSilencesProvokesNoRefusal(Provider provider) {
        World world = new World(provider, Latency.logNormal(Duration.ofMillis(300), Duration.ofSeconds(20)));
        Random random = new Random(7);
        Duration passed = Duration.ZERO;
        long asked = 0;
        while (passed.compareTo(HOUR) < 0) {
            int storm = random.nextInt(400);
            asked += storm;
            Flux.range(0, storm).flatMap(i -> world.call(), storm + 1).subscribe();
            Duration silence = Duration.ofMillis(random.nextInt(90_000));
            world.clock.advanceTimeBy(silence);
            passed = passed.plus(silence);
        }
        world.clock.advanceTimeBy(HOUR);
        assertThat(world.report().refused()).isZero();
        assertThat(world.report().admitted()).isEqualTo(asked);
    }
}
