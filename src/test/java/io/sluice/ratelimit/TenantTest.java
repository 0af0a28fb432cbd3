package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.call.Priority;
import io.sluice.call.RetryTicket;
import io.sluice.call.Sluice;
import io.sluice.model.TokenEstimate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Tenants that share a model, by their weights. */
class TenantTest {

    private static final long TPM = 100_000;
    private static final long RPM = 600;

    private final List<String> order = new ArrayList<>();
    private final Map<String, Double> given = new HashMap<>();

    private static VirtualLimiter limiter() {
        return new VirtualLimiter(
                profile -> profile.tpm(TPM).rpm(RPM).concurrency(1_000),
                limiter -> limiter.tenantWeight("two", 2).tenantWeight("five", 5));
    }

    private static VirtualLimiter slot() {
        return new VirtualLimiter(
                profile -> profile.concurrency(1),
                limiter -> limiter.tenantWeight("two", 2).tenantWeight("five", 5));
    }

    private Disposable waitAs(VirtualLimiter limiter, String name, PermitRequest request) {
        long tokens = request.estimate().total();
        String tenant = request.tenant() == null ? "none" : request.tenant();
        return limiter.limiter
                .withPermit(
                        request.timeout(Duration.ofDays(10)),
                        permit -> Mono.fromRunnable(() -> {
                            order.add(name);
                            given.merge(tenant, Math.max(1.0 / RPM, (double) tokens / TPM), Double::sum);
                        }))
                .subscribe();
    }

    private void flood(VirtualLimiter limiter, String tenant, int times, int least, int most, Random random) {
        for (int i = 0; i < times; i++) {
            long tokens = random.nextLong(least, most + 1L);
            waitAs(limiter, tenant, tokens(tokens).tenant(tenant));
        }
    }

    private double share(String tenant) {
        return given.get(tenant) / given.values().stream().mapToDouble(x -> x).sum();
    }

    private static void within2Percent(double share, double expected) {
        assertThat(share).isCloseTo(expected, within(0.02 * expected));
    }

    @Test
    void sharesAreByWeightWhateverTheSizesOfTheCalls() {
        for (long seed = 1; seed <= 3; seed++) {
            given.clear();
            Random random = new Random(seed);
            VirtualLimiter limiter = limiter();
            flood(limiter, "one", 3_000, 1, 2_000, random);
            flood(limiter, "five", 6_000, 900, 1_100, random);
            flood(limiter, "two", 300, 4_000, 20_000, random);
            given.clear();
            limiter.pass(Duration.ofMinutes(40));
            within2Percent(share("one"), 1 / 8.0);
            within2Percent(share("two"), 2 / 8.0);
            within2Percent(share("five"), 5 / 8.0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ITPM", "OTPM", "TPD", "RPD"})
    void furtherLimitsCountAsWell(RateLimit scarce) {
        VirtualLimiter limiter = new VirtualLimiter(
                profile -> profile.rpm(6_000_000).concurrency(1).limit(scarce, 90_000L));
        List<Integer> sizes = List.of(30, 90);
        Map<String, Integer> served = new HashMap<>();
        for (int size : sizes) {
            for (int i = 0; i < 600; i++) {
                String tenant = "of " + size;
                PermitRequest request = PermitRequest.of(VirtualLimiter.KEY, TokenEstimate.of(size, size))
                        .tenant(tenant)
                        .timeout(Duration.ofDays(10));
                limiter.limiter
                        .withPermit(
                                request,
                                permit -> Mono.delay(Duration.ofMillis(1), limiter.clock)
                                        .doOnNext(tick -> served.merge(tenant, 1, Integer::sum)))
                        .subscribe();
            }
        }
        limiter.pass(Duration.ofMillis(400));

        double small = served.get("of 30");
        double expected = scarce.isOfTokens() ? 3 : 1;
        assertThat(small / served.get("of 90")).isCloseTo(expected, within(0.1 * expected));
    }

    @Test
    void aCallCostsWhatItTakesOfTheLimitThatItTakesMoreOf() {
        VirtualLimiter limiter = limiter();
        Random random = new Random(1);
        flood(limiter, "many small ones", 30_000, 1, 20, random);
        flood(limiter, "few large ones", 4_000, 1_000, 3_000, random);
        given.clear();
        limiter.pass(Duration.ofMinutes(40));
        within2Percent(share("many small ones"), 0.5);
    }

    @Test
    void whereOnlySlotsAreScarceEachCallCountsTheSame() {
        VirtualLimiter limiter = slot();
        Permit holder = limiter.ask(1).permit();
        Random random = new Random(1);
        flood(limiter, "one", 700, 0, 9, random);
        flood(limiter, "two", 700, 0, 90_000, random);
        flood(limiter, "five", 700, 0, 900, random);
        holder.release();
        limiter.clock.advanceTime();
        List<String> first = order.subList(0, 800);
        assertThat(first.stream().filter("one"::equals)).hasSize(100);
        assertThat(first.stream().filter("two"::equals)).hasSize(200);
        assertThat(first.stream().filter("five"::equals)).hasSize(500);
    }

    @Test
    void callsWithoutATenantAreTogetherOneMore() {
        VirtualLimiter limiter = slot();
        Permit holder = limiter.ask(1).permit();
        for (int i = 0; i < 10; i++) {
            waitAs(limiter, "nobody's", tokens(1));
        }
        for (int i = 0; i < 10; i++) {
            waitAs(limiter, "two", tokens(1).tenant("two"));
        }
        holder.release();
        limiter.clock.advanceTime();
        assertThat(order.subList(0, 9).stream().filter("two"::equals)).hasSize(6);
        assertThat(order).hasSize(20);
    }

    @Test
    void oneAloneIsServedInTheOrderInWhichItsCallsCame() {
        VirtualLimiter limiter = limiter();
        Random random = new Random(1);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            expected.add("call " + i);
            waitAs(limiter, "call " + i, tokens(random.nextInt(5_000)).tenant("a"));
        }
        limiter.pass(Duration.ofHours(1));
        assertThat(order).isEqualTo(expected);
    }

    @Test
    void oneThatWasIdleHasGainedNothing() {
        VirtualLimiter limiter = limiter();
        flood(limiter, "busy", 4_000, 1_000, 1_000, new Random(1));
        limiter.pass(Duration.ofMinutes(10));
        flood(limiter, "was idle", 4_000, 1_000, 1_000, new Random(1));
        given.clear();
        order.clear();
        limiter.pass(Duration.ofMinutes(10));
        within2Percent(share("was idle"), 0.5);
        assertThat(order.subList(0, 10).stream().filter("busy"::equals)).hasSizeBetween(4, 6);
    }

    @Test
    void oneThatComesAndGoesGainsNothingByIt() {
        VirtualLimiter limiter = slot();
        Permit holder = limiter.ask(1).permit();
        flood(limiter, "steady", 1_000, 1, 1, new Random(1));
        again(limiter, 100);
        holder.release();
        limiter.clock.advanceTime();
        assertThat(order.subList(0, 200).stream().filter("again"::equals)).hasSizeBetween(99, 101);
    }

    private void again(VirtualLimiter limiter, int times) {
        limiter.limiter
                .withPermit(tokens(1).tenant("again"), permit -> Mono.fromRunnable(() -> order.add("again")))
                .doFinally(end -> {
                    if (times > 1) {
                        again(limiter, times - 1);
                    }
                })
                .subscribe();
    }

    @Test
    void theContextNamesTheTenantWhereTheRequestDoesNot() {
        VirtualLimiter limiter = slot();
        Permit holder = limiter.ask(1).permit();
        for (int i = 0; i < 6; i++) {
            waitAs(limiter, "one", tokens(1).tenant("one"));
        }
        for (int i = 0; i < 6; i++) {
            limiter.limiter
                    .withPermit(tokens(1), permit -> Mono.fromRunnable(() -> order.add("two")))
                    .contextWrite(Sluice.tenant("two"))
                    .subscribe();
        }
        holder.release();
        limiter.clock.advanceTime();
        assertThat(order.subList(0, 6).stream().filter("two"::equals)).hasSize(4);
    }

    @Test
    void aPriorityTakesNothingFromOtherTenants() {
        VirtualLimiter limiter = slot();
        Permit holder = limiter.ask(1).permit();
        for (int i = 0; i < 4; i++) {
            waitAs(limiter, "low", tokens(1).tenant("a").priority(Priority.LOW));
            waitAs(limiter, "high", tokens(1).tenant("a").priority(Priority.HIGH));
            waitAs(limiter, "other", tokens(1).tenant("b").priority(Priority.LOW));
        }
        holder.release();
        limiter.clock.advanceTime();
        assertThat(order)
                .containsExactly(
                        "high", "other", "high", "other", "high", "other", "high", "other", "low", "low", "low", "low");
    }

    @Test
    void aCallThatComesBackGoesFirstAndCountsForItsTenant() {
        VirtualLimiter limiter = slot();
        RetryTicket ticket = new RetryTicket();
        VirtualLimiter.Caller first = new VirtualLimiter.Caller();
        limiter.limiter
                .acquire(tokens(1).tenant("a"))
                .contextWrite(context -> ticket.in(reactor.util.context.Context.of(context)))
                .subscribe(first);
        waitAs(limiter, "a", tokens(1).tenant("a"));
        waitAs(limiter, "b", tokens(1).tenant("b"));
        waitAs(limiter, "b", tokens(1).tenant("b"));
        ticket.nextAttempt();
        limiter.limiter
                .withPermit(tokens(1).tenant("a"), permit -> Mono.fromRunnable(() -> order.add("a again")))
                .contextWrite(context -> ticket.in(reactor.util.context.Context.of(context)))
                .subscribe();
        first.permit().release();
        limiter.clock.advanceTime();
        assertThat(order).containsExactly("a again", "b", "a", "b");
    }

    @Test
    void whoLeavesIsNotCounted() {
        VirtualLimiter limiter = slot();
        Permit holder = limiter.ask(1).permit();
        List<Disposable> leaving = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            leaving.add(waitAs(limiter, "a left", tokens(1).tenant("a")));
        }
        for (String tenant : List.of("a", "a", "b", "b")) {
            waitAs(limiter, tenant, tokens(1).tenant(tenant));
        }
        leaving.forEach(Disposable::dispose);
        holder.release();
        limiter.clock.advanceTime();
        assertThat(order).containsExactly("a", "b", "a", "b");
        assertThat(limiter.snapshot().pending()).isZero();
    }
}
