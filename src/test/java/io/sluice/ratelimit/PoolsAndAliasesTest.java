package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Several models with one state, and several names of one model. */
class PoolsAndAliasesTest {

    private static final ModelKey OPUS = ModelKey.of("a", "opus");
    private static final ModelKey SONNET = ModelKey.of("a", "sonnet");

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);

    private static RateLimitProfile.Builder profile(ModelKey key) {
        return RateLimitProfile.builder(key)
                .utilizationTarget(1)
                .concurrency(100)
                .rpm(2);
    }

    private ModelRateLimiter limiter(RateLimitProfile... profiles) {
        return limiter(List.of(), profiles);
    }

    private ModelRateLimiter limiter(List<RateLimitState> known, RateLimitProfile... profiles) {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none().with(List.of(profiles)))
                .scheduler(clock)
                .restore(known)
                .build();
    }

    private static VirtualLimiter.Caller ask(ModelRateLimiter limiter, ModelKey key) {
        VirtualLimiter.Caller caller = new VirtualLimiter.Caller();
        limiter.acquire(PermitRequest.of(key, TokenEstimate.of(10, 0)).timeout(Duration.ZERO))
                .subscribe(caller);
        return caller;
    }

    @Test
    void modelsOfAPoolCountTogetherAndKeepTheirNames() {
        ModelRateLimiter limiter = limiter(
                profile(OPUS).pool("big").build(), profile(SONNET).pool("big").build());
        assertThat(ask(limiter, OPUS).permit().key()).isEqualTo(OPUS);
        assertThat(ask(limiter, SONNET).permit().key()).isEqualTo(SONNET);

        assertThat(ask(limiter, OPUS).hasPermit()).isFalse();
        assertThat(limiter.snapshot(OPUS).key()).isEqualTo(OPUS);
        assertThat(limiter.snapshot(SONNET).key()).isEqualTo(SONNET);
        assertThat(limiter.snapshot(SONNET).requests()).isEqualTo(2);
        assertThat(limiter.states()).hasSize(1);
    }

    @Test
    void whoeverIsTurnedAwayHearsOfTheModelThatTheyAskedFor() {
        List<RateLimitEvent.Rejected> rejected = new ArrayList<>();
        ModelRateLimiter limiter = ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(List.of(
                                profile(OPUS).rpm(1).tpm(1_000).pool("big").build(),
                                profile(SONNET).rpm(1).tpm(1_000).pool("big").build())))
                .scheduler(clock)
                .maxPending(2)
                .listener(new RateLimitListener() {
                    @Override
                    public void rejected(RateLimitEvent.Rejected event) {
                        rejected.add(event);
                    }
                })
                .build();
        ask(limiter, OPUS);
        PermitRequest sonnet = PermitRequest.of(SONNET, TokenEstimate.of(10, 0));

        assertThat(refused(limiter, sonnet.timeout(Duration.ZERO)))
                .isInstanceOfSatisfying(
                        AcquireTimeoutException.class,
                        late -> assertThat(late.key()).isEqualTo(SONNET))
                .hasMessageContaining("a/sonnet");
        assertThat(refused(limiter, PermitRequest.of(SONNET, TokenEstimate.of(1_001, 0))))
                .isInstanceOfSatisfying(
                        RequestTooLargeException.class,
                        large -> assertThat(large.key()).isEqualTo(SONNET));
        VirtualLimiter.Caller first = new VirtualLimiter.Caller();
        limiter.acquire(PermitRequest.of(OPUS, TokenEstimate.of(10, 0))).subscribe(first);
        VirtualLimiter.Caller second = new VirtualLimiter.Caller();
        limiter.acquire(sonnet).subscribe(second);
        assertThat(refused(limiter, sonnet))
                .isInstanceOfSatisfying(
                        QueueFullException.class, full -> assertThat(full.key()).isEqualTo(SONNET));
        limiter.dispose();
        clock.advanceTimeBy(Duration.ZERO);
        assertThat(first.error())
                .isInstanceOfSatisfying(
                        LimiterDisposedException.class,
                        gone -> assertThat(gone.key()).isEqualTo(OPUS));
        assertThat(second.error())
                .isInstanceOfSatisfying(
                        LimiterDisposedException.class,
                        gone -> assertThat(gone.key()).isEqualTo(SONNET));
        assertThat(rejected)
                .extracting(RateLimitEvent.Rejected::key)
                .containsExactlyInAnyOrder(SONNET, SONNET, SONNET, OPUS, SONNET);
    }

    private static Throwable refused(ModelRateLimiter limiter, PermitRequest request) {
        VirtualLimiter.Caller caller = new VirtualLimiter.Caller();
        limiter.acquire(request).subscribe(caller);
        return caller.error();
    }

    @Test
    void accountsHaveTheirOwnPools() {
        ModelRateLimiter limiter = limiter(profile(OPUS).pool("big").build());
        ask(limiter, OPUS.account("x"));

        assertThat(limiter.snapshot(OPUS.account("x")).requests()).isEqualTo(1);
        assertThat(limiter.snapshot(OPUS.account("y")).requests()).isZero();
    }

    @Test
    void aWildcardCountsEachModelAloneUnlessItNamesAPool() {
        ModelKey any = ModelKey.of("a", "*");
        ModelRateLimiter apart = limiter(profile(any).build());
        ask(apart, OPUS);
        assertThat(apart.snapshot(SONNET).requests()).isZero();

        ModelRateLimiter together = limiter(profile(any).pool("all").build());
        ask(together, OPUS);
        assertThat(together.snapshot(SONNET).requests()).isEqualTo(1);
    }

    @Test
    void theLimitsOfAPoolAreThoseThatWereDeclaredLast() {
        ModelRateLimiter limiter = limiter(
                profile(OPUS).pool("big").build(),
                profile(SONNET).pool("big").rpm(9).build());
        assertThat(limiter.snapshot(OPUS).rpmLimit()).isEqualTo(9);

        limiter.update(profile(OPUS).pool("big").rpm(5).build());
        assertThat(limiter.snapshot(SONNET).rpmLimit()).isEqualTo(5);
    }

    @Test
    void aModelThatIsPutIntoAPoolCountsThereFromThenOn() {
        ModelRateLimiter limiter =
                limiter(profile(OPUS).build(), profile(SONNET).pool("big").build());
        Permit permit = ask(limiter, OPUS).permit();
        ask(limiter, SONNET);
        limiter.update(profile(OPUS).pool("big").build());

        assertThat(limiter.snapshot(OPUS).requests()).isEqualTo(1);
        assertThat(ask(limiter, OPUS).hasPermit()).isTrue();
        assertThat(ask(limiter, SONNET).hasPermit()).isFalse();
        permit.release();
    }

    @Test
    void whatAPoolHasChargedOutlivesARestart() {
        RateLimitProfile[] profiles = {
            profile(OPUS).pool("big").build(), profile(SONNET).pool("big").build()
        };
        ModelRateLimiter before = limiter(profiles);
        ask(before, OPUS);
        ask(before, OPUS);

        assertThat(ask(limiter(before.states(), profiles), SONNET).hasPermit()).isFalse();
    }

    @Test
    void anAliasIsTheSameModel() {
        ModelRateLimiter limiter = limiter(
                profile(OPUS).alias("big-one").alias("Opus Classic").build(),
                profile(ModelKey.of("a", "*")).build());
        ModelKey alias = ModelKey.of("a", "big-one");
        assertThat(ask(limiter, alias).permit().key()).isEqualTo(alias);
        ask(limiter, ModelKey.of("a", "opus classic"));

        assertThat(limiter.snapshot(OPUS).requests()).isEqualTo(2);
        assertThat(ask(limiter, OPUS).hasPermit()).isFalse();
        assertThat(limiter.states()).hasSize(1);
    }

    @Test
    void anAliasComesAfterTheExactNameAndBeforeVersionsAndWildcards() {
        RateLimitProfiles profiles = RateLimitProfiles.none()
                .with(List.of(
                        profile(ModelKey.of("a", "*")).rpm(1).build(),
                        profile(ModelKey.of("a", "m")).rpm(2).build(),
                        profile(ModelKey.of("a", "other"))
                                .rpm(3)
                                .alias("m")
                                .alias("m-latest")
                                .build()));

        assertThat(profiles.resolve(ModelKey.of("a", "m")).rpm()).isEqualTo(2);
        assertThat(profiles.resolve(ModelKey.of("a", "m-latest")).rpm()).isEqualTo(3);
        assertThat(profiles.resolve(ModelKey.of("a", "m-2026-01-01")).rpm()).isEqualTo(2);
        assertThat(profiles.resolve(ModelKey.of("a", "x")).rpm()).isEqualTo(1);
        assertThat(profiles.find(ModelKey.of("b", "m-latest"))).isNull();
    }

    @Test
    void namesThatAreNoneAreRefused() {
        assertThatThrownBy(() -> profile(OPUS).pool(" ").build())
                .hasMessage("pool must be names, not blank and not a" + " wildcard, was \"\"");
        assertThatThrownBy(() -> profile(OPUS).alias("*").build()).hasMessageStartingWith("aliases must be names");
        assertThatThrownBy(() -> profile(ModelKey.of("a", "*")).alias("m").build())
                .hasMessageContaining("a wildcard has none");
    }

    @Test
    void todaysOpus4ModelsShareOnePool() {
        RateLimitProfiles today = RateLimitProfiles.current();

        assertThat(today.resolve(ModelKey.of("anthropic", "claude-opus-4-8")).pool())
                .isEqualTo(today.resolve(ModelKey.of("anthropic", "claude-opus-4-5-20251101"))
                        .pool())
                .isEqualTo("anthropic-opus-4");
        assertThat(today.resolve(ModelKey.of("anthropic", "claude-opus-5")).pool())
                .isNull();
    }
}
