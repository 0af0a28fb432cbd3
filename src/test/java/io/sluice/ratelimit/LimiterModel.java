package io.sluice.ratelimit;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * What the limiter ought to do, written down as slowly and as plainly as possible: a list of all charges ever made, a
 * list of who waits, and sums over all of it at every question. Shares no code with the limiter.
 */
final class LimiterModel {

    /** One call, from the moment it asks. */
    static final class Call {
        final int id;
        final long tokens;
        final long deadline;
        final long maxHold;
        final long skew;
        /** The order of the permit that an earlier attempt had; the largest integer where there was none. */
        final int place;
        /** For whom it is; null where nobody said. */
        String tenant;
        /** 0 for high, 1 for normal, 2 for low. */
        int priority = 1;

        long askedAt;
        long grantedAt = -1;
        long charged;
        boolean requestCharged;
        boolean settled;
        boolean reclaimed;
        boolean failed;
        int generation;
        /** From when its request ages, and from when its tokens do; until then they count and do not. */
        long stamp;

        long tokenStamp;
        /** What counted when it was granted, itself included; and its place among all that was ever charged. */
        long requestsThen;

        long tokensThen;
        int order;
        /** Who counted then, and with how many tokens. */
        final Map<Call, Long> countedThen = new HashMap<>();
        /** It was abandoned while it counted: as if it had never been. */
        boolean undone;

        final long input;
        final long maxOutput;
        /** What each further limit charges it; of those whose provider counts at the end, from when that ages. */
        final Map<RateLimit, Long> further = new EnumMap<>(RateLimit.class);

        final Map<RateLimit, Long> late = new EnumMap<>(RateLimit.class);

        Call(int id, long tokens, long deadline, long maxHold, long skew, int place) {
            this.maxOutput = tokens / 3;
            this.input = tokens - maxOutput;
            this.skew = skew;
            this.place = place;
            this.id = id;
            this.tokens = tokens;
            this.deadline = deadline;
            this.maxHold = maxHold;
        }

        boolean granted() {
            return grantedAt >= 0;
        }

        boolean holdsSlot() {
            return granted() && !settled && !reclaimed;
        }
    }

    record Excess(long at, long requests, long tokens, int order) {}

    /** The same, of a further limit. */
    record More(RateLimit limit, long at, long amount) {}

    final List<Call> calls = new ArrayList<>();
    /** What calls used beyond their estimates, and what others used of the account. */
    final List<Excess> excesses = new ArrayList<>();

    /** Who waits, in the order in which they came. */
    final List<Call> queue = new ArrayList<>();

    private final OrderModel order;

    private static final List<RateLimit> FURTHER =
            List.of(RateLimit.ITPM, RateLimit.OTPM, RateLimit.RPD, RateLimit.TPD);

    private final List<More> more = new ArrayList<>();
    /** Those that any profile has had so far. */
    private final Set<RateLimit> everHad = EnumSet.noneOf(RateLimit.class);

    private final List<Long> outputs = new ArrayList<>();
    private RateLimitProfile profile;

    private final long window;
    private long rpm;
    private long tpm;
    private long hardTpm;
    private long hardRpm;
    private int base;
    private int max;
    int cap;
    private int streak;
    private int generation;
    private boolean everLimited;
    private long burst;
    private long span;
    private long skew;
    private boolean keepEstimate;
    private boolean keepRefused;
    private int charges;
    private int newestStated;
    private int refusals;
    long pausedUntil = -1;

    LimiterModel(RateLimitProfile profile, long window) {
        this(profile, window, new OrderModel(1, Map.of()));
    }

    LimiterModel(RateLimitProfile profile, long window, OrderModel order) {
        this.order = order;
        this.window = window;
        this.cap = profile.concurrencyCap();
        limits(profile);
        this.base = profile.concurrencyCap();
        this.max = profile.maxConcurrency();
    }

    private void limits(RateLimitProfile profile) {
        this.profile = profile;
        for (RateLimit limit : FURTHER) {
            if (profile.limit(limit) != null) {
                everHad.add(limit);
            }
        }
        Long hard = profile.tpm();
        rpm = profile.effectiveRpm();
        tpm = profile.effectiveTpm();
        hardTpm = hard == null ? Long.MAX_VALUE : hard;
        Long hardRequests = profile.rpm();
        hardRpm = hardRequests == null ? Long.MAX_VALUE : hardRequests;
        burst = Long.MAX_VALUE;
        span = window;
        if (profile.burst() != null) {
            long n = Math.max(1, rpm * profile.burst().toNanos() / window);
            if (n < rpm) {
                burst = n;
                span = (n * window + rpm - 1) / rpm;
            }
        }
        skew = profile.skew() == null ? -1 : profile.skew().toNanos();
        keepEstimate = profile.refundPolicy() == RefundPolicy.KEEP_ESTIMATE;
        keepRefused = !profile.refundRefused();
    }

    boolean tooLarge(Call call) {
        return call.tokens > hardTpm
                || FURTHER.stream()
                        .anyMatch(limit -> profile.limit(limit) != null && sure(limit, call) > profile.limit(limit));
    }

    // ---- further limits ----

    private static boolean isOfRequests(RateLimit limit) {
        return limit == RateLimit.RPD;
    }

    private long span(RateLimit limit) {
        return limit == RateLimit.RPD || limit == RateLimit.TPD
                ? Duration.ofDays(1).toNanos()
                : window;
    }

    private static boolean isPerDay(RateLimit limit) {
        return limit == RateLimit.RPD || limit == RateLimit.TPD;
    }

    /** Whether what ages from an instant still counts. */
    private boolean stillCounts(RateLimit limit, long stamp, long now) {
        return (isPerDay(limit) && profile.day().isCalendar()) ? stamp >= midnight(now, 0) : stamp > now - span(limit);
    }

    /** The beginning of a day in nanoseconds; this one's, or that of one so many days later. */
    private long midnight(long now, int later) {
        ZoneId zone = profile.day().zone();
        Instant begins = Instant.EPOCH
                .plusNanos(now)
                .atZone(zone)
                .toLocalDate()
                .plusDays(later)
                .atStartOfDay(zone)
                .toInstant();
        return Duration.between(Instant.EPOCH, begins).toNanos();
    }

    /** When something that is charged to a day ceases to count, at the earliest; or a day from now. */
    long nextDay(long now) {
        if (profile.day().isCalendar()) {
            return midnight(now, 1);
        }
        long day = Duration.ofDays(1).toNanos();
        long next = now + day;
        for (Call call : calls) {
            for (RateLimit limit : call.further.keySet()) {
                long stamp = stamp(limit, call);
                if (isPerDay(limit) && stamp < now) {
                    next = later(next, now, stamp + day);
                }
            }
        }
        for (More one : more) {
            next = isPerDay(one.limit) ? later(next, now, one.at + day) : next;
        }
        return next;
    }

    private boolean countsLate(RateLimit limit) {
        return !isOfRequests(limit) && profile.counts(limit).outputAs() == TokenCounts.OutputAs.EXPECTED;
    }

    /** What is charged whatever the answer may be. */
    private long sure(RateLimit limit, Call call) {
        if (isOfRequests(limit)) {
            return 1;
        }
        TokenCounts counts = profile.counts(limit);
        long cap = counts.outputAs() == TokenCounts.OutputAs.CAP ? times(counts.output(), call.maxOutput) : 0;
        return times(counts.input(), call.input) + cap;
    }

    private static long times(double weight, long tokens) {
        return (long) Math.ceil(weight * tokens);
    }

    private long need(RateLimit limit, Call call) {
        if (!countsLate(limit)) {
            return sure(limit, call);
        }
        long expected = call.maxOutput;
        if (outputs.size() >= 16) {
            List<Long> last = new ArrayList<>(outputs.subList(Math.max(0, outputs.size() - 64), outputs.size()));
            Collections.sort(last);
            expected = Math.min(expected, last.get((last.size() - 1) * 9 / 10));
        }
        long all = sure(limit, call) + times(profile.counts(limit).output(), expected);
        return Math.max(sure(limit, call), Math.min(all, profile.effective(limit)));
    }

    private static long stamp(RateLimit limit, Call call) {
        return call.late.getOrDefault(limit, call.tokenStamp);
    }

    long charged(RateLimit limit, long now) {
        return calls.stream()
                        .filter(call -> call.further.containsKey(limit))
                        .filter(call -> stillCounts(limit, stamp(limit, call), now))
                        .mapToLong(call -> call.further.get(limit))
                        .sum()
                + more.stream()
                        .filter(one -> one.limit == limit && stillCounts(limit, one.at, now))
                        .mapToLong(More::amount)
                        .sum();
    }

    private long most(RateLimit limit, Call call) {
        long need = need(limit, call);
        return need == 0 ? Long.MAX_VALUE : Math.max(0, profile.effective(limit) - need);
    }

    private boolean furtherFit(Call call, long now) {
        return FURTHER.stream()
                .allMatch(limit -> profile.limit(limit) == null || charged(limit, now) <= most(limit, call));
    }

    private void chargeFurther(Call call) {
        for (RateLimit limit : everHad) {
            call.further.put(limit, need(limit, call));
            if (countsLate(limit)) {
                call.late.put(limit, Long.MAX_VALUE);
            }
        }
    }

    /** What was open until the end of the call ages from now, unless it does already. */
    private static void finish(Call call, long at) {
        call.late.replaceAll((limit, stamp) -> stamp == Long.MAX_VALUE ? at : stamp);
    }

    /** The call is over and nobody knows how it ended: what the provider may not have counted yet ages with the rest. */
    private static void end(Call call, long now) {
        if (call.stamp > now) {
            call.late.clear();
        } else {
            finish(call, now);
        }
    }

    /** When a further limit can have room at the earliest. */
    private long furtherAtBest(RateLimit limit, Call asking, long now) {
        long most = most(limit, asking);
        List<More> settled = new ArrayList<>();
        for (Call call : calls) {
            if (call.settled && call.further.containsKey(limit)) {
                settled.add(new More(limit, stamp(limit, call), call.further.get(limit)));
            }
        }
        long open = settled.stream()
                .filter(one -> one.at > now)
                .mapToLong(More::amount)
                .sum();
        if (open > most) {
            return isPerDay(limit) && profile.day().isCalendar() ? midnight(now, 1) : now + span(limit);
        }
        more.stream().filter(one -> one.limit == limit).forEach(settled::add);
        if (isPerDay(limit) && profile.day().isCalendar()) {
            long today = settled.stream()
                    .filter(one -> stillCounts(limit, one.at, now))
                    .mapToLong(More::amount)
                    .sum();
            return today <= most ? now : midnight(now, 1);
        }
        List<Long> instants = new ArrayList<>(List.of(now));
        settled.forEach(one -> instants.add(one.at + span(limit)));
        return instants.stream()
                .filter(at -> at >= now)
                .filter(at -> settled.stream()
                                .filter(one -> one.at > at - span(limit))
                                .mapToLong(More::amount)
                                .sum()
                        <= most)
                .min(Long::compare)
                .orElseThrow();
    }

    long requests(long now) {
        return requests(now, window);
    }

    private long requests(long now, long length) {
        return calls.stream()
                        .filter(call -> call.granted() && call.requestCharged && call.stamp > now - length)
                        .count()
                + excesses.stream()
                        .filter(excess -> excess.at > now - length)
                        .mapToLong(Excess::requests)
                        .sum();
    }

    long tokens(long now) {
        return calls.stream()
                        .filter(call -> call.granted() && call.tokenStamp > now - window)
                        .mapToLong(call -> call.charged)
                        .sum()
                + excesses.stream()
                        .filter(excess -> excess.at > now - window)
                        .mapToLong(Excess::tokens)
                        .sum();
    }

    long inFlight() {
        return calls.stream().filter(Call::holdsSlot).count();
    }

    boolean windowsFit(Call call, long now) {
        return now >= pausedUntil
                && requests(now) < rpm
                && requests(now, span) < burst
                && tokens(now) <= mostTokens(call)
                && furtherFit(call, now);
    }

    private long mostTokens(Call call) {
        return call.tokens == 0 ? Long.MAX_VALUE : Math.max(0, tpm - call.tokens);
    }

    boolean fits(Call call, long now) {
        return inFlight() < cap && windowsFit(call, now);
    }

    /** Whether the call could not be admitted before its deadline if everything that can be given back were. */
    boolean hopeless(Call call, long now) {
        long best = Math.max(
                Math.max(
                        earliest(
                                other -> other.stamp,
                                other -> other.requestCharged ? 1 : 0,
                                Excess::requests,
                                rpm - 1,
                                window,
                                now),
                        earliest(
                                other -> other.stamp,
                                other -> other.requestCharged ? 1 : 0,
                                Excess::requests,
                                burst - 1,
                                span,
                                now)),
                earliest(
                        other -> other.tokenStamp,
                        other -> other.charged,
                        Excess::tokens,
                        mostTokens(call),
                        window,
                        now));
        for (RateLimit limit : FURTHER) {
            if (profile.limit(limit) != null) {
                best = Math.max(best, furtherAtBest(limit, call, now));
            }
        }
        return Math.max(best, pausedUntil) >= call.deadline;
    }

    /** When at the earliest what is settled is down to so much. Of calls that do not age yet only a bound is known. */
    private long earliest(
            ToLongFunction<Call> stamp,
            ToLongFunction<Call> charge,
            ToLongFunction<Excess> excess,
            long most,
            long length,
            long now) {
        List<Call> settled =
                calls.stream().filter(other -> other.granted() && other.settled).toList();
        long open = settled.stream()
                .filter(other -> stamp.applyAsLong(other) > now)
                .mapToLong(charge)
                .sum();
        if (open > most) {
            return now + length;
        }
        List<Long> instants = new ArrayList<>(List.of(now));
        settled.forEach(other -> instants.add(stamp.applyAsLong(other) + length));
        excesses.forEach(other -> instants.add(other.at + length));
        return instants.stream()
                .filter(at -> at >= now)
                .filter(at -> settled.stream()
                                        .filter(other -> stamp.applyAsLong(other) > at - length)
                                        .mapToLong(charge)
                                        .sum()
                                + excesses.stream()
                                        .filter(other -> other.at > at - length)
                                        .mapToLong(excess)
                                        .sum()
                        <= most)
                .min(Long::compare)
                .orElseThrow();
    }

    void grant(Call call, long now) {
        call.grantedAt = now;
        call.charged = call.tokens;
        call.requestCharged = true;
        call.generation = generation;
        call.order = ++charges;
        call.stamp = now + (skew >= 0 ? skew : call.skew);
        call.tokenStamp = call.stamp;
        chargeFurther(call);
        call.requestsThen = requests(now);
        call.tokensThen = tokens(now);
        for (Call other : calls) {
            if (other.granted() && other.requestCharged && other.stamp > now - window) {
                call.countedThen.put(other, other.charged);
            }
        }
    }

    void ask(Call call, long now) {
        calls.add(call);
        call.askedAt = now;
        if (tooLarge(call)) {
            call.failed = true;
        } else if (order.wouldBeNext(call, queue) && fits(call, now)) {
            order.served(call, queue, cost(call));
            grant(call, now);
        } else if (call.deadline <= now || hopeless(call, now)) {
            call.failed = true;
        } else {
            order.comes(call, queue);
            queue.add(call);
        }
        look(now);
    }

    private void leave(Call call) {
        if (queue.remove(call)) {
            order.left(call, queue);
        }
    }

    /** The part of a window or day that a call fills, of that limit of which it fills most. */
    private double cost(Call call) {
        double cost = tpm == Long.MAX_VALUE ? 0 : (double) call.tokens / tpm;
        double least = tpm == Long.MAX_VALUE ? 1 : 1e-4;
        for (RateLimit limit : FURTHER) {
            if (profile.limit(limit) != null) {
                cost = Math.max(cost, (double) need(limit, call) / profile.effective(limit));
                least = Math.min(least, isOfRequests(limit) ? 0 : 1e-4);
            }
        }
        return Math.max(cost, rpm == Long.MAX_VALUE ? least : 1.0 / rpm);
    }

    void cancel(Call call, long now) {
        leave(call);
        look(now);
    }

    /** The provider answers, and had counted the call so long ago at the latest. */
    void answer(Call call, long processing, long now) {
        if (call.stamp > now) {
            long at = Math.max(call.grantedAt, now - processing);
            call.stamp = at;
            call.tokenStamp = at;
        }
        look(now);
    }

    void succeed(Call call, long input, long cached, long output, long now) {
        long actual = input + output;
        boolean binding = !queue.isEmpty() && inFlight() >= cap && windowsFit(order.next(queue), now);
        if (call.generation == generation && cap < max && (cap < base || binding)) {
            streak++;
            if (streak >= 3 || (cap >= base && !everLimited)) {
                cap++;
                streak = 0;
            }
        }
        if (call.generation == generation) {
            refusals = 0;
        }
        call.settled = true;
        call.stamp = Math.min(call.stamp, now);
        call.tokenStamp = Math.min(call.tokenStamp, now);
        call.charged = keepEstimate ? call.tokens : Math.min(call.tokens, actual);
        finish(call, now);
        boolean learns = false;
        for (RateLimit limit : List.copyOf(call.further.keySet())) {
            if (isOfRequests(limit)) {
                continue;
            }
            TokenCounts counts = profile.counts(limit);
            learns |= countsLate(limit) && profile.limit(limit) != null;
            long used = times(counts.input(), input - cached)
                    + times(counts.cachedInput(), cached)
                    + times(counts.output(), output);
            long charged = call.further.get(limit);
            if (used > charged) {
                more.add(new More(limit, now, used - charged));
            } else if (countsLate(limit) || !keepEstimate) {
                call.further.put(limit, used);
            }
        }
        if (learns) {
            outputs.add(output);
        }
        if (actual > call.tokens) {
            excesses.add(new Excess(now, 0, actual - call.tokens, ++charges));
        }
        look(now);
    }

    /** The provider says what is left of both limits; -1 where it does not. */
    void stated(Call call, long requestsLeft, long statedRpm, long tokensLeft, long statedTpm, long now) {
        if (call.order >= newestStated && (requestsLeft >= 0 || tokensLeft >= 0)) {
            newestStated = call.order;
            long requestsSince = calls.stream()
                            .filter(other -> other.order > call.order && !other.undone)
                            .count()
                    + excesses.stream()
                            .filter(excess -> excess.order > call.order)
                            .mapToLong(Excess::requests)
                            .sum();
            long tokensSince = calls.stream()
                            .filter(other -> other.order > call.order && !other.undone)
                            .mapToLong(other -> other.tokens)
                            .sum()
                    + excesses.stream()
                            .filter(excess -> excess.order > call.order)
                            .mapToLong(Excess::tokens)
                            .sum();
            long undoneRequests = call.countedThen.keySet().stream()
                    .filter(other -> other.undone)
                    .count();
            long undoneTokens = call.countedThen.entrySet().stream()
                    .filter(counted -> counted.getKey().undone)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            long foreignRequests =
                    Math.min(hardRpm, statedRpm) + undoneRequests - call.requestsThen - requestsSince - requestsLeft;
            long foreignTokens =
                    Math.min(hardTpm, statedTpm) + undoneTokens - call.tokensThen - tokensSince - tokensLeft;
            if (requestsLeft >= 0 && hardRpm < Long.MAX_VALUE && foreignRequests > 0) {
                excesses.add(new Excess(now, foreignRequests, 0, ++charges));
            }
            if (tokensLeft >= 0 && hardTpm < Long.MAX_VALUE && foreignTokens > 0) {
                excesses.add(new Excess(now, 0, foreignTokens, ++charges));
            }
        }
        look(now);
    }

    /**
     * @param hint nanoseconds, or negative where the provider said none
     * @param base the first pause of our own, and
     * @param longest the longest
     */
    void rateLimit(Call call, long hint, long base, long longest, long now) {
        boolean news = call.generation == generation;
        if (news) {
            refusals++;
        }
        if (hint >= 0) {
            pausedUntil = Math.max(pausedUntil, now + hint);
        } else if (news) {
            pausedUntil = Math.max(pausedUntil, now + Math.min(longest, base << Math.min(refusals - 1, 20)));
        }
        if (news) {
            generation++;
            everLimited = true;
            streak = 0;
            cap = Math.max(1, (int) Math.ceil(cap / 2.0));
        }
        call.settled = true;
        call.stamp = Math.min(call.stamp, now);
        call.tokenStamp = Math.min(call.tokenStamp, now);
        call.charged = keepRefused ? call.charged : 0;
        finish(call, now);
        call.further.replaceAll((limit, charged) -> keepRefused || isOfRequests(limit) ? charged : 0);
        look(now);
    }

    void release(Call call, long now) {
        call.settled = true;
        end(call, now);
        look(now);
    }

    void abandon(Call call, long now) {
        call.settled = true;
        call.undone = call.stamp > now - window;
        if (call.stamp > now) {
            // It never entered the log.
            call.stamp = Long.MIN_VALUE / 2;
            call.tokenStamp = Long.MIN_VALUE / 2;
        }
        call.charged = 0;
        call.further.clear();
        call.requestCharged = false;
        look(now);
    }

    void update(RateLimitProfile profile, long now) {
        limits(profile);
        if (cap == base) {
            cap = profile.concurrencyCap();
        } else if (cap > base) {
            cap = Math.max(cap, profile.concurrencyCap());
        }
        base = profile.concurrencyCap();
        max = profile.maxConcurrency();
        cap = Math.min(cap, max);
        for (Call call : List.copyOf(queue)) {
            if (tooLarge(call)) {
                leave(call);
                call.failed = true;
            }
        }
        look(now);
    }

    void look(long now) {
        for (Call call : List.copyOf(queue)) {
            if (call.deadline <= now) {
                leave(call);
                call.failed = true;
            }
        }
        for (Call call : calls) {
            if (call.holdsSlot() && call.grantedAt + call.maxHold <= now) {
                if (!call.reclaimed) {
                    end(call, now);
                }
                call.reclaimed = true;
            }
        }
        while (!queue.isEmpty() && fits(order.next(queue), now)) {
            Call next = order.next(queue);
            order.served(next, queue, cost(next));
            leave(next);
            grant(next, now);
        }
    }

    /** The next instant at which something could happen by time alone. */
    long nextInstant(long now) {
        long next = Long.MAX_VALUE;
        for (Call call : calls) {
            if (call.granted()) {
                next = later(next, now, call.stamp + window);
                next = later(next, now, call.stamp + span);
                next = later(next, now, call.tokenStamp + window);
                for (long stamp : call.late.values()) {
                    next = stamp == Long.MAX_VALUE ? next : later(next, now, stamp + window);
                }
                if (call.holdsSlot()) {
                    next = later(next, now, call.grantedAt + call.maxHold);
                }
            }
        }
        for (Excess excess : excesses) {
            next = later(next, now, excess.at + window);
            next = later(next, now, excess.at + span);
        }
        for (More one : more) {
            next = later(next, now, one.at + window);
        }
        next = later(next, now, pausedUntil);
        next = later(next, now, nextDay(now));
        for (Call call : queue) {
            next = later(next, now, call.deadline);
        }
        return next;
    }

    private static long later(long next, long now, long candidate) {
        return candidate > now ? Math.min(next, candidate) : next;
    }
}
