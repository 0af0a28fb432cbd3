package io.sluice.bench.pacing;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.ratelimit.RefundPolicy;
import io.sluice.retry.ProviderRetry;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sluice, at the whole limit. */
final class Paced implements Strategy {

    private static final ModelKey KEY = ModelKey.of("openai", Work.MODEL);

    private final boolean withProcessingTime;

    /**
     * @param withProcessingTime whether it believes {@code openai-processing-ms}
     */
    Paced(boolean withProcessingTime) {
        this.withProcessingTime = withProcessingTime;
    }

    @Override
    public String name() {
        return withProcessingTime ? "**Sluice**, `openai-processing-ms` believed" : "**Sluice**";
    }

    @Override
    public Mono<Void> run(Work work, Caller caller) {
        ModelRateLimiter limiter = limiter();
        ProviderRetry retry = ProviderRetry.attempts(5);
        return Flux.range(0, Work.CALLS)
                .flatMap(
                        number -> {
                            long cost = work.costs().get(number);
                            PermitRequest asked = PermitRequest.of(KEY, TokenEstimate.of(Caller.PROMPT, cost - Caller.PROMPT))
                                    .timeout(Duration.ofMinutes(10))
                                    .skew(PermitRequest.NETWORK_SKEW);
                            return limiter.withPermit(asked, permit -> caller.call(number, cost))
                                    .transform(retry::protect);
                        },
                        Work.CALLS)
                .then(Mono.defer(limiter::disposeLater));
    }

    private ModelRateLimiter limiter() {
        ModelRateLimiter.Builder limiter = ModelRateLimiter.builder()
                .window(Work.WINDOW)
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder(KEY)
                                .rpm(Work.REQUESTS)
                                .tpm(Work.TOKENS)
                                .utilizationTarget(1)
                                .concurrency(Work.CALLS)
                                // The provider charges the whole cap and gives nothing back.
                                .refundPolicy(RefundPolicy.KEEP_ESTIMATE)
                                .build()));
        return (withProcessingTime ? limiter.processingTime("openai-processing-ms") : limiter).build();
    }
}
