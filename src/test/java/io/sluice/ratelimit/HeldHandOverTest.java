package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.testing.HeldScheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** What happens between the grant of a permit and its delivery, which a scheduler can put off. */
class HeldHandOverTest {

    private static final ModelKey KEY = ModelKey.of("p", "m");
    private static final PermitRequest TEN = PermitRequest.of(KEY, TokenEstimate.of(10, 0));

    private final HeldScheduler held = new HeldScheduler();
    private final ModelRateLimiter limiter = ModelRateLimiter.builder()
            .profiles(RateLimitProfiles.none()
                    .with(RateLimitProfile.builder("p", "m")
                            .rpm(5)
                            .tpm(100)
                            .utilizationTarget(1)
                            .build()))
            .scheduler(held)
            .build();
    private final List<Object> told = new ArrayList<>();

    private Disposable waiting(Mono<?> call) {
        List<Permit> holders = new ArrayList<>();
        limiter.acquire(TEN).subscribe(holders::add);
        Disposable waiter = call.subscribe(told::add);
        holders.get(0).abandon();

        assertThat(limiter.snapshot(KEY).requests()).isEqualTo(1);
        assertThat(limiter.snapshot(KEY).pending()).isZero();
        assertThat(told).isEmpty();
        return waiter;
    }

    private void everythingIsBack() {
        held.runAll();

        assertThat(told).isEmpty();
        RateLimitSnapshot after = limiter.snapshot(KEY);
        assertThat(after.requests()).isZero();
        assertThat(after.tokens()).isZero();
        assertThat(after.inFlight()).isZero();
    }

    @Test
    void aPermitThatWasGrantedAndNotDeliveredIsGivenBackInFullOnCancel() {
        waiting(limiter.acquire(TEN)).dispose();

        everythingIsBack();
    }

    @Test
    void aCallThatIsCancelledBeforeItsPermitArrivesCostsNothingAndIsNotMade() {
        waiting(limiter.withPermit(TEN, permit -> Mono.fromSupplier(() -> told.add("made"))))
                .dispose();

        everythingIsBack();
    }
}
