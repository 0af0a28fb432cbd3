package io.sluice.soak;

import io.sluice.breaker.CircuitBreakerConfig;
import io.sluice.breaker.CircuitBreakerRegistry;
import io.sluice.budget.Budget;
import io.sluice.budget.BudgetLimits;
import io.sluice.budget.Charge;
import io.sluice.call.Call;
import io.sluice.call.Sluice;
import io.sluice.deadline.Deadline;
import io.sluice.debounce.Debouncer;
import io.sluice.governor.Governor;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.retry.ProviderRetry;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** All parts, with limits so narrow that each is met again and again. Used by one thread. */
final class TroubledWorld {

    private static final List<ModelKey> MODELS = List.of(ModelKey.of("soak", "small"), ModelKey.of("soak", "large"));
    private static final TokenEstimate ESTIMATE = TokenEstimate.of(20, 20);
    private static final TokenUsage USED = TokenUsage.of(20, 12);
    private static final Charge CHARGE = Charge.tokens(ESTIMATE).lease(Duration.ofMillis(500));

    private final Random random;
    private final TroubledProvider provider;
    private final ModelRateLimiter limiter;
    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.builder()
            .config(CircuitBreakerConfig.builder()
                    .consecutiveFailures(4)
                    .openFor(Duration.ofMillis(100))
                    .build())
            .build();
    private final Budget root = Budget.root("soak").build();
    private final Governor governor;
    private final Governor debounced;
    private final ProviderRetry retry = ProviderRetry.attempts(3).backoff(Duration.ofMillis(2), Duration.ofMillis(20));
    private Budget budget = newBudget();

    TroubledWorld(long seed) {
        this.random = new Random(seed);
        this.provider = new TroubledProvider(new Random(seed + 1));
        RateLimitProfiles profiles = RateLimitProfiles.none();
        for (ModelKey model : MODELS) {
            profiles = profiles.with(profile(model, 200, 8));
        }
        this.limiter = ModelRateLimiter.builder()
                .profiles(profiles)
                .window(Duration.ofSeconds(1))
                .maxPending(60)
                .build();
        Governor.Builder parts = Governor.builder()
                .limiter(limiter)
                .permits(call -> PermitRequest.of(call.key(), call.estimate()).timeout(Duration.ofMillis(300)))
                .breakers(breakers)
                .retry(retry)
                .deadline(Deadline.attempt(Duration.ofMillis(100))
                        .firstElement(Duration.ofMillis(80))
                        .gap(Duration.ofMillis(40))
                        .total(Duration.ofMillis(800)));
        this.governor = parts.build();
        this.debounced = parts.debouncer(Debouncer.builder()
                        .cooldown(Duration.ofMillis(50))
                        .unlimitedPerHour()
                        .build())
                .build();
    }

    private static RateLimitProfile profile(ModelKey model, long requests, int concurrency) {
        return RateLimitProfile.builder(model)
                .rpm(requests)
                .tpm(requests * ESTIMATE.total())
                .utilizationTarget(1)
                .concurrency(concurrency)
                .maxConcurrency(4 * concurrency)
                .skew(Duration.ofMillis(20))
                .build();
    }

    private Budget newBudget() {
        return root.child("agent", BudgetLimits.none().tokens(2_500).calls(120));
    }

    /** Other limits for one of the models. */
    void changeLimits() {
        limiter.update(
                profile(MODELS.get(random.nextInt(MODELS.size())), 20 + random.nextInt(400), 1 + random.nextInt(12)));
    }

    /** The work of an agent is done, whatever still runs, and another one begins. */
    void changeBudget() {
        budget.dispose();
        budget = newBudget();
    }

    /** Any call. */
    Flux<?> call() {
        ModelKey model = MODELS.get(random.nextInt(MODELS.size()));
        Call<String> call = Call.of(model, "prompt", ESTIMATE);
        Mono<String> answer = provider.answer();
        Flux<String> stream = provider.stream();
        PermitRequest request = PermitRequest.of(model, ESTIMATE).timeout(Duration.ofMillis(300));
        Budget now = budget;
        return switch (random.nextInt(8)) {
            case 0, 1 ->
                governor.govern(call, attempt -> answer.doOnNext(text -> attempt.used(USED)))
                        .flux()
                        .contextWrite(Sluice.budget(now));
            case 2 -> governor.governMany(call, attempt -> stream).contextWrite(Sluice.budget(now));
            case 3 ->
                debounced
                        .outcome(call.named("tool-" + random.nextInt(50)), attempt -> answer)
                        .flux();
            case 4 ->
                limiter.withPermit(request, permit -> answer)
                        .transform(retry::protect)
                        .timeout(Duration.ofMillis(150))
                        .flux();
            case 5 -> limiter.withPermitMany(request, permit -> stream.take(Duration.ofMillis(60)));
            case 6 ->
                Mono.usingWhen(
                                limiter.acquire(request),
                                permit -> answer.timeout(Duration.ofMillis(50)),
                                permit -> Mono.fromRunnable(() -> permit.succeeded(USED)),
                                (permit, error) -> Mono.fromRunnable(() -> permit.failed(error)),
                                permit -> Mono.fromRunnable(permit::release))
                        .flux();
            default ->
                stream.take(Duration.ofMillis(60))
                        .transform(now.meter(CHARGE, element -> 1, element -> null))
                        .take(40);
        };
    }

    /** What is left over, in words; empty where nothing is. */
    String leftOver() {
        StringBuilder left = new StringBuilder();
        for (ModelKey model : MODELS) {
            var snapshot = limiter.snapshot(model);
            if (snapshot.pending() != 0 || snapshot.inFlight() != 0) {
                left.append(model + ": " + snapshot.pending() + " wait, " + snapshot.inFlight() + " in flight; ");
            }
            int probes = breakers.get(model.toString()).snapshot().probesOut();
            if (probes != 0) {
                left.append(model + ": " + probes + " probes without a result; ");
            }
        }
        var spent = root.snapshot();
        if (spent.openReservations() != 0
                || spent.reserved().tokens() != 0
                || spent.reserved().calls() != 0) {
            left.append(spent.openReservations() + " reservations open, " + spent.reserved() + " reserved; ");
        }
        return left.toString();
    }

    void close() {
        limiter.dispose();
        root.dispose();
    }
}
