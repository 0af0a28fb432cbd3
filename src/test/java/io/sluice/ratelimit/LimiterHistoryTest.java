package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.call.AnswerListener;
import io.sluice.call.CallContext;
import io.sluice.call.Priority;
import io.sluice.call.RetryTicket;
import io.sluice.call.Sluice;
import io.sluice.failure.Backoff;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.testing.HeldScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/**
 * Random histories of everything that can happen to one model, held against {@link LimiterModel} after every step, and
 * against the invariant of exactness over the whole of it. A failure names its seed.
 */
class LimiterHistoryTest {

    private static final ModelKey KEY = ModelKey.of("p", "m");
    private static final long WINDOW = 1_000_003;

    private static final long FIRST_PAUSE = WINDOW / 16;
    private static final List<Priority> PRIORITIES = List.of(Priority.HIGH, Priority.NORMAL, Priority.LOW);
    private static final long AGING = WINDOW / 3;
    private static final Map<String, Double> WEIGHTS = Map.of("a", 2.0, "b", 0.5);

    private static ProviderFailure limited(Duration hint) {
        return new ProviderFailure(429, "rate_limit_exceeded", "slow down", FailureClass.RATE_LIMIT, hint);
    }

    @Test
    void everyStepOfARandomHistoryIsWhatTheModelSays() {
        for (long seed = 1; seed <= 1_500; seed++) {
            VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
            new History(seed, clock).exactly();
        }
    }

    @Test
    void withLimitsOfAllKindsItIsWhatTheModelSaysToo() {
        for (long seed = 1; seed <= 1_500; seed++) {
            VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
            new History(seed, clock, true).exactly();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noHistoryOvershootsAWindowWhateverTheClockDoes(boolean deferring) {
        for (long seed = 1; seed <= 800; seed++) {
            VirtualTimeScheduler clock = VirtualTimeScheduler.create(deferring);
            new History(seed, clock).safely(() -> {}, clock::advanceTimeBy);
        }
    }

    @Test
    void noHistoryOvershootsAWindowWhenGrantsAreHandedOverLate() {
        for (long seed = 1; seed <= 800; seed++) {
            HeldScheduler clock = new HeldScheduler();
            Random random = new Random(seed);
            new History(seed, clock).safely(() -> clock.runSome(random), clock::advanceBy);
        }
    }

    /** One call as its caller sees it. */
    private static final class Caller extends BaseSubscriber<Permit> {
        final LimiterModel.Call expected;
        final long askedAt;
        Permit permit;
        Throwable error;
        boolean cancelled;
        boolean ended;
        long endedAt = -1;
        long actual = -1;
        boolean abandoned;
        boolean refused;
        final RetryTicket ticket;
        boolean cameBack;
        long answeredAt = -1;
        long processing;

        Caller(LimiterModel.Call expected, long askedAt, RetryTicket ticket) {
            this.ticket = ticket;
            this.expected = expected;
            this.askedAt = askedAt;
        }

        @Override
        protected void hookOnNext(Permit value) {
            assertThat(permit).isNull();
            permit = value;
        }

        @Override
        protected void hookOnError(Throwable throwable) {
            assertThat(error).isNull();
            error = throwable;
        }

        RetryTicket next() {
            cameBack = true;
            ticket.nextAttempt();
            return ticket;
        }

        int place() {
            return Math.min(expected.place, expected.order);
        }

        long grantedAt() {
            return askedAt + permit.waited().toNanos();
        }

        /** From when its charge ages, at the earliest. */
        long stamp(RateLimitProfile profile) {
            long skew = profile.skew() != null ? profile.skew().toNanos() : expected.skew;
            long stamp = grantedAt() + skew;
            if (ended && (actual >= 0 || refused)) {
                stamp = Math.min(stamp, endedAt);
            }
            return answeredAt < 0 ? stamp : Math.min(stamp, Math.max(grantedAt(), answeredAt - processing));
        }
    }

    private static final class History {
        final boolean further;
        final long seed;
        final Random random;
        final reactor.core.scheduler.Scheduler clock;
        final RateLimitProfile first;
        final ModelRateLimiter limiter;
        final List<Caller> callers = new ArrayList<>();
        final List<RateLimitProfile> profiles = new ArrayList<>();
        /** Whether calls have tenants and priorities. */
        final boolean ordered;

        long latest;
        int maxCapEver;

        History(long seed, reactor.core.scheduler.Scheduler clock) {
            this(seed, clock, false);
        }

        History(long seed, reactor.core.scheduler.Scheduler clock, boolean further) {
            this.further = further;
            this.seed = seed;
            this.random = new Random(seed);
            this.clock = clock;
            this.first = profile();
            this.ordered = seed % 2 == 0;
            this.limiter = ModelRateLimiter.builder()
                    .profiles(RateLimitProfiles.none().with(first))
                    .window(Duration.ofNanos(WINDOW))
                    .scheduler(clock)
                    .random(() -> 0)
                    .processingTime("OpenAI-Processing-Ms")
                    .backoff(new Backoff(Duration.ofNanos(FIRST_PAUSE), Duration.ofNanos(WINDOW), 0))
                    .aging(Duration.ofNanos(AGING))
                    .tenantWeight("a", WEIGHTS.get("a"))
                    .tenantWeight("b", WEIGHTS.get("b"))
                    .build();
            profiles.add(first);
        }

        private RateLimitProfile profile() {
            int cap = 1 + random.nextInt(4);
            RateLimitProfile.Builder builder = RateLimitProfile.builder("p", "m")
                    .utilizationTarget(random.nextBoolean() ? 1 : 0.7)
                    .concurrency(cap)
                    .maxConcurrency(cap + random.nextInt(4));
            if (random.nextInt(4) == 0) {
                builder.refundPolicy(RefundPolicy.KEEP_ESTIMATE);
            }
            builder.refundRefused(random.nextInt(4) > 0);
            if (random.nextInt(10) > 0) {
                builder.rpm(1 + random.nextInt(8));
                if (random.nextInt(3) == 0) {
                    builder.burst(Duration.ofNanos(random.nextInt((int) WINDOW)));
                }
            }
            if (random.nextInt(4) == 0) {
                builder.skew(Duration.ofNanos(random.nextInt((int) WINDOW / 2)));
            }
            if (random.nextInt(10) > 0) {
                builder.tpm(40 + random.nextInt(160));
            }
            if (further) {
                further(builder);
            }
            RateLimitProfile built = builder.build();
            maxCapEver = Math.max(maxCapEver, built.maxConcurrency());
            return built;
        }

        /** Limits of other kinds, each counting in its own way. */
        private void further(RateLimitProfile.Builder builder) {
            for (RateLimit limit : List.of(RateLimit.ITPM, RateLimit.OTPM, RateLimit.TPD)) {
                if (random.nextInt(3) == 0) {
                    builder.limit(
                            limit, limit == RateLimit.TPD ? 1_000L + random.nextInt(2_000) : 20L + random.nextInt(150));
                    TokenCounts.OutputAs as =
                            List.of(TokenCounts.OutputAs.values()).get(random.nextInt(3));
                    builder.counts(
                            limit,
                            new TokenCounts(
                                    random.nextInt(3) / 2.0,
                                    random.nextInt(3) / 4.0,
                                    as == TokenCounts.OutputAs.NOTHING ? 0 : random.nextInt(4) / 2.0,
                                    as));
                }
            }
            if (random.nextInt(3) == 0) {
                builder.rpd(10 + random.nextInt(20));
            }
        }

        private long now() {
            latest = Math.max(latest, clock.now(TimeUnit.NANOSECONDS));
            return latest;
        }

        private Caller ask(LimiterModel model) {
            long tokens = random.nextInt(6) == 0 ? 0 : random.nextInt(220);
            long timeout = random.nextInt(4) == 0 ? random.nextInt((int) WINDOW) : 3 * WINDOW;
            long hold = random.nextInt(8) == 0 ? 1 + random.nextInt((int) WINDOW) : 100 * WINDOW;
            long skew = random.nextBoolean() ? 0 : random.nextInt((int) WINDOW);
            Caller earlier = random.nextInt(4) == 0 ? endedCaller() : null;
            LimiterModel.Call call = new LimiterModel.Call(
                    callers.size(),
                    tokens,
                    now() + timeout,
                    hold,
                    skew,
                    earlier == null ? Integer.MAX_VALUE : earlier.place());
            Caller caller = new Caller(call, now(), earlier == null ? new RetryTicket() : earlier.next());
            callers.add(caller);
            PermitRequest request = PermitRequest.of(KEY, TokenEstimate.of(tokens - tokens / 3, tokens / 3))
                    .timeout(Duration.ofNanos(timeout))
                    .maxHold(Duration.ofNanos(hold))
                    .skew(Duration.ofNanos(skew));
            CallContext said = Sluice.idempotent(true);
            if (ordered) {
                call.tenant = List.of("", "a", "b", "c").get(random.nextInt(4));
                call.tenant = call.tenant.isEmpty() ? null : call.tenant;
                call.priority = random.nextInt(3);
                Priority priority = PRIORITIES.get(call.priority);
                boolean byContext = random.nextBoolean();
                said = byContext ? said.priority(priority) : said.priority(Priority.LOW);
                request = byContext ? request : request.priority(priority);
                if (call.tenant != null) {
                    said = byContext ? said : said.tenant(call.tenant);
                    request = byContext ? request.tenant(call.tenant) : request;
                }
            }
            if (model != null) {
                model.ask(call, now());
            }
            limiter.acquire(request)
                    .contextWrite(context -> caller.ticket.in(Context.of(context)))
                    .contextWrite(said)
                    .subscribe(caller);
            return caller;
        }

        /** One who may come back for another attempt. */
        private Caller endedCaller() {
            List<Caller> ended = callers.stream()
                    .filter(caller -> caller.ended && !caller.cameBack)
                    .toList();
            return ended.isEmpty() ? null : ended.get(random.nextInt(ended.size()));
        }

        private List<Caller> holders() {
            return callers.stream()
                    .filter(caller -> caller.permit != null && !caller.ended)
                    .toList();
        }

        private void end(Caller caller, LimiterModel model) {
            caller.ended = true;
            caller.endedAt = now();
            switch (random.nextInt(8)) {
                case 0 -> {
                    Duration hint = random.nextBoolean() ? Duration.ofNanos(random.nextInt((int) WINDOW)) : null;
                    if (model != null) {
                        model.rateLimit(
                                caller.expected, hint == null ? -1 : hint.toNanos(), FIRST_PAUSE, WINDOW, now());
                    }
                    caller.refused = true;
                    Duration delay = caller.permit.rateLimited(limited(hint));
                    if (hint == null) {
                        assertThat(delay).isBetween(Duration.ofNanos(FIRST_PAUSE), Duration.ofNanos(WINDOW));
                    } else {
                        assertThat(delay).isEqualTo(hint);
                    }
                }
                case 1 -> {
                    if (model != null) {
                        model.release(caller.expected, now());
                    }
                    caller.permit.release();
                }
                case 2 -> {
                    if (model != null) {
                        model.abandon(caller.expected, now());
                    }
                    caller.abandoned = true;
                    caller.permit.abandon();
                }
                default -> {
                    long estimated = caller.permit.estimate().total();
                    caller.actual = random.nextInt(4) == 0
                            ? estimated + random.nextInt(100)
                            : (long) (random.nextDouble() * estimated);
                    long input = caller.actual / 2;
                    long cached = further ? random.nextInt((int) input + 1) : 0;
                    if (model != null) {
                        model.succeed(caller.expected, input, cached, caller.actual - input, now());
                    }
                    caller.permit.succeeded(
                            TokenUsage.of(input, caller.actual - input).withCache(cached, 0));
                }
            }
            // Only the first outcome counts.
            switch (random.nextInt(4)) {
                case 0 -> caller.permit.abandon();
                case 1 -> caller.permit.succeeded(TokenUsage.of(10_000, 10_000));
                case 2 ->
                    assertThat(caller.permit.rateLimited(limited(Duration.ofDays(1))))
                            .isNotNull();
                default -> caller.permit.release();
            }
        }

        /** The provider's headers: true ones, for an account that others may use too. */
        private void answer(Caller caller, LimiterModel model) {
            if (random.nextBoolean()) {
                begin(caller, model);
                return;
            }
            Map<String, List<String>> headers = new HashMap<>();
            long requests = state(headers, "requests", random.nextInt(9));
            long tokens = state(headers, "tokens", random.nextInt(200));
            if (model != null) {
                model.stated(
                        caller.expected, requests, limit(headers, "requests"), tokens, limit(headers, "tokens"), now());
            }
            caller.permit.headers(headers::get);
        }

        /** The provider begins to answer, and may say how long it took; only the first time counts. */
        private void begin(Caller caller, LimiterModel model) {
            long micros = random.nextInt(3) == 0 ? 0 : random.nextInt((int) WINDOW / 1_000);
            if (caller.answeredAt < 0) {
                caller.answeredAt = now();
                caller.processing = micros * 1_000;
                if (model != null) {
                    model.answer(caller.expected, caller.processing, now());
                }
            }
            if (micros == 0) {
                caller.permit.answered();
            } else {
                String millis = micros / 1_000 + "." + String.format(Locale.ROOT, "%03d", micros % 1_000);
                ((AnswerListener) caller.permit).answered(Map.of("openai-processing-ms", List.of(millis))::get);
            }
        }

        private static long limit(Map<String, List<String>> headers, String what) {
            return Long.parseLong(headers.getOrDefault("x-ratelimit-limit-" + what, List.of("0"))
                    .get(0));
        }

        /** What is left as the headers say it, or -1 where they do not. */
        private long state(Map<String, List<String>> headers, String what, long remaining) {
            if (random.nextInt(3) == 0) {
                return -1;
            }
            long limit = remaining + 1 + random.nextInt(what.equals("requests") ? 12 : 250);
            boolean ofOtherWindow = random.nextInt(6) == 0;
            long used = limit - remaining;
            double reset = (double) used / limit * WINDOW / 1e6 * (ofOtherWindow ? 1.5 : 1);
            headers.put("x-ratelimit-limit-" + what, List.of(Long.toString(limit)));
            headers.put("x-ratelimit-remaining-" + what, List.of(Long.toString(remaining)));
            headers.put("x-ratelimit-reset-" + what, List.of(String.format(Locale.ROOT, "%.9fms", reset)));
            return ofOtherWindow ? -1 : remaining;
        }

        void exactly() {
            VirtualTimeScheduler vts = (VirtualTimeScheduler) clock;
            LimiterModel model = new LimiterModel(first, WINDOW, new OrderModel(AGING, WEIGHTS));
            // Before it is first asked for, a model has no state that would count by a profile.
            compare(model, -1);
            for (int step = 0; step < 60; step++) {
                int what = random.nextInt(20);
                List<Caller> holders = holders();
                if (what < 9) {
                    ask(model);
                } else if (what < 14 && !holders.isEmpty()) {
                    end(holders.get(random.nextInt(holders.size())), model);
                } else if (what == 14) {
                    List<Caller> waiting = callers.stream()
                            .filter(caller -> caller.permit == null && caller.error == null && !caller.cancelled)
                            .toList();
                    if (!waiting.isEmpty()) {
                        Caller leaver = waiting.get(random.nextInt(waiting.size()));
                        leaver.cancelled = true;
                        model.cancel(leaver.expected, now());
                        leaver.cancel();
                    }
                } else if (what == 15 && !holders.isEmpty()) {
                    answer(holders.get(random.nextInt(holders.size())), model);
                } else if (what == 16) {
                    RateLimitProfile changed = profile();
                    profiles.add(changed);
                    model.update(changed, now());
                    limiter.update(changed);
                } else {
                    long until = now() + random.nextInt((int) WINDOW);
                    while (now() < until) {
                        long next = Math.min(until, model.nextInstant(now()));
                        if (next - now() > 1) {
                            // One nanosecond before, nothing may have happened yet.
                            vts.advanceTimeBy(Duration.ofNanos(next - now() - 1));
                            compare(model, step);
                        }
                        vts.advanceTimeBy(Duration.ofNanos(1));
                        model.look(now());
                        compare(model, step);
                    }
                }
                compare(model, step);
            }
            windowsWereKept();
            drain(() -> {}, vts::advanceTimeBy);
        }

        private void compare(LimiterModel model, int step) {
            for (Caller caller : callers) {
                String who = "seed " + seed + " step " + step + " at " + now() + ": call " + caller.expected.id + " of "
                        + caller.expected.tokens + " tokens";
                assertThat(caller.permit != null).as("%s granted", who).isEqualTo(caller.expected.granted());
                assertThat(caller.error != null).as("%s failed", who).isEqualTo(caller.expected.failed);
                if (caller.permit != null) {
                    assertThat(caller.grantedAt()).as("%s when", who).isEqualTo(caller.expected.grantedAt);
                }
            }
            RateLimitSnapshot snapshot = limiter.snapshot(KEY);
            String when = "seed " + seed + " step " + step;
            assertThat(snapshot.requests()).as("%s requests", when).isEqualTo(model.requests(now()));
            assertThat(snapshot.tokens()).as("%s tokens", when).isEqualTo(model.tokens(now()));
            for (RateLimit limit : snapshot.further().keySet()) {
                assertThat(snapshot.charged(limit)).as("%s %s", when, limit).isEqualTo(model.charged(limit, now()));
            }
            assertThat(snapshot.inFlight()).as("%s in flight", when).isEqualTo((int) model.inFlight());
            assertThat(snapshot.currentConcurrencyCap()).as("%s cap", when).isEqualTo(model.cap);
            assertThat(snapshot.pending()).as("%s pending", when).isEqualTo(model.queue.size());
            assertThat(snapshot.pause().toNanos())
                    .as("%s pause", when)
                    .isEqualTo(Math.max(0, model.pausedUntil - now()));
        }

        void safely(Runnable handOver, java.util.function.Consumer<Duration> advance) {
            for (int step = 0; step < 80; step++) {
                int what = random.nextInt(20);
                List<Caller> holders = holders();
                if (what < 8) {
                    ask(null);
                } else if (what < 13 && !holders.isEmpty()) {
                    end(holders.get(random.nextInt(holders.size())), null);
                } else if (what == 13) {
                    Caller leaver = callers.isEmpty() ? null : callers.get(random.nextInt(callers.size()));
                    if (leaver != null && leaver.permit == null && leaver.error == null) {
                        leaver.cancelled = true;
                        leaver.cancel();
                    }
                } else if (what == 14 && !holders.isEmpty()) {
                    answer(holders.get(random.nextInt(holders.size())), null);
                } else {
                    advance.accept(Duration.ofNanos(1 + random.nextInt((int) WINDOW / 2)));
                }
                handOver.run();
            }
            windowsWereKept();
            drain(handOver, advance);
        }

        /** The invariant, over all grants: what every span of one window was charged is within the limits. */
        private void windowsWereKept() {
            if (profiles.size() > 1) {
                return;
            }
            List<Caller> granted =
                    callers.stream().filter(caller -> caller.permit != null).toList();
            for (Caller at : granted) {
                long now = at.grantedAt();
                long requests = 0;
                long tokens = 0;
                long largest = 0;
                for (Caller other : granted) {
                    boolean ended = other.ended && other.endedAt <= now;
                    if (other.stamp(first) > now - WINDOW && other.grantedAt() <= now) {
                        requests += other.abandoned && ended ? 0 : 1;
                        long charge = other.expected.tokens;
                        if (ended && (other.abandoned || (other.refused && first.refundRefused()))) {
                            charge = 0;
                        } else if (ended && other.actual >= 0 && first.refundPolicy() == RefundPolicy.REFUND_UNUSED) {
                            charge = Math.min(charge, other.actual);
                        }
                        tokens += charge;
                        largest = Math.max(largest, charge);
                    }
                    if (other.ended
                            && other.actual > other.expected.tokens
                            && other.endedAt > now - WINDOW
                            && other.endedAt < now) {
                        tokens += other.actual - other.expected.tokens;
                    }
                }
                assertThat(requests).as("seed %s requests at %s", seed, now).isLessThanOrEqualTo(first.effectiveRpm());
                if (at.expected.tokens > 0 && tokens > first.effectiveTpm()) {
                    assertThat(largest).as("seed %s alone at %s", seed, now).isEqualTo(tokens);
                }
            }
        }

        /** When all is given back and a window has passed, nothing is left of anything. */
        private void drain(Runnable handOver, java.util.function.Consumer<Duration> advance) {
            for (int round = 0; round < 400 && callers.stream().anyMatch(this::isOpen); round++) {
                for (Caller holder : holders()) {
                    holder.ended = true;
                    holder.endedAt = now();
                    holder.permit.release();
                }
                advance.accept(Duration.ofNanos(WINDOW / 4));
                handOver.run();
            }
            assertThat(callers).as("seed %s all ended", seed).noneMatch(this::isOpen);
            advance.accept(Duration.ofNanos(2 * WINDOW));
            advance.accept(Duration.ofNanos(2 * WINDOW));
            RateLimitSnapshot snapshot = limiter.snapshot(KEY);
            assertThat(snapshot.inFlight()).as("seed %s in flight", seed).isZero();
            assertThat(snapshot.pending()).as("seed %s pending", seed).isZero();
            assertThat(snapshot.requests()).as("seed %s requests", seed).isZero();
            assertThat(snapshot.tokens()).as("seed %s tokens", seed).isZero();
            assertThat(snapshot.currentConcurrencyCap()).isBetween(1, maxCapEver);
        }

        private boolean isOpen(Caller caller) {
            return caller.error == null && !caller.cancelled && !caller.ended;
        }
    }
}
