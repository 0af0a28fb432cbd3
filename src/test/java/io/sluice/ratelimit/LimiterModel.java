package io.sluice.ratelimit;

import java.util.ArrayList;
import java.util.List;

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
        /** The order of the permit that an earlier attempt had; the largest integer where there was none. */
        final int place;

        long grantedAt = -1;
        long charged;
        boolean requestCharged;
        boolean settled;
        boolean reclaimed;
        boolean failed;
        int generation;
        /** What counted when it was granted, itself included; and its place among all that was ever charged. */
        long requestsThen;

        long tokensThen;
        int order;

        Call(int id, long tokens, long deadline, long maxHold, int place) {
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

    final List<Call> calls = new ArrayList<>();
    /** What calls used beyond their estimates, and what others used of the account. */
    final List<Excess> excesses = new ArrayList<>();

    final List<Call> queue = new ArrayList<>();

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
    private boolean keepEstimate;
    private boolean keepRefused;
    private int charges;
    private int newestStated;
    private int refusals;
    long pausedUntil = -1;

    LimiterModel(RateLimitProfile profile, long window) {
        this.window = window;
        this.cap = profile.concurrencyCap();
        limits(profile);
        this.base = profile.concurrencyCap();
        this.max = profile.maxConcurrency();
    }

    private void limits(RateLimitProfile profile) {
        Long hard = profile.tpm();
        rpm = profile.effectiveRpm();
        tpm = profile.effectiveTpm();
        hardTpm = hard == null ? Long.MAX_VALUE : hard;
        Long hardRequests = profile.rpm();
        hardRpm = hardRequests == null ? Long.MAX_VALUE : hardRequests;
        keepEstimate = profile.refundPolicy() == RefundPolicy.KEEP_ESTIMATE;
        keepRefused = !profile.refundRefused();
    }

    boolean tooLarge(Call call) {
        return call.tokens > hardTpm;
    }

    long requests(long now) {
        return calls.stream()
                        .filter(call -> call.granted() && call.requestCharged && call.grantedAt > now - window)
                        .count()
                + excesses.stream()
                        .filter(excess -> excess.at > now - window)
                        .mapToLong(Excess::requests)
                        .sum();
    }

    long tokens(long now) {
        return calls.stream()
                        .filter(call -> call.granted() && call.grantedAt > now - window)
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
        return now >= pausedUntil && fits(requests(now), tokens(now), call);
    }

    private boolean fits(long requests, long tokens, Call call) {
        if (requests + 1 > rpm) {
            return false;
        }
        if (call.tokens == 0) {
            return true;
        }
        return call.tokens > tpm ? tokens == 0 : tokens + call.tokens <= tpm;
    }

    boolean fits(Call call, long now) {
        return inFlight() < cap && windowsFit(call, now);
    }

    /** Whether the call could be admitted before its deadline if everything that can be given back were. */
    boolean hopeless(Call call, long now) {
        List<Long> instants = new ArrayList<>(List.of(now));
        calls.stream().filter(Call::granted).forEach(other -> instants.add(other.grantedAt + window));
        excesses.forEach(excess -> instants.add(excess.at + window));
        instants.add(pausedUntil);
        return instants.stream()
                .filter(at -> at >= now && at >= pausedUntil && at < call.deadline)
                .noneMatch(at -> {
                    long requests = calls.stream()
                                    .filter(other -> other.granted() && other.settled && other.requestCharged)
                                    .filter(other -> other.grantedAt > at - window)
                                    .count()
                            + excesses.stream()
                                    .filter(excess -> excess.at > at - window)
                                    .mapToLong(Excess::requests)
                                    .sum();
                    long tokens = calls.stream()
                                    .filter(other -> other.granted() && other.settled && other.grantedAt > at - window)
                                    .mapToLong(other -> other.charged)
                                    .sum()
                            + excesses.stream()
                                    .filter(excess -> excess.at > at - window)
                                    .mapToLong(Excess::tokens)
                                    .sum();
                    return fits(requests, tokens, call);
                });
    }

    void grant(Call call, long now) {
        call.grantedAt = now;
        call.charged = call.tokens;
        call.requestCharged = true;
        call.generation = generation;
        call.order = ++charges;
        call.requestsThen = requests(now);
        call.tokensThen = tokens(now);
    }

    void ask(Call call, long now) {
        calls.add(call);
        int before = 0;
        while (before < queue.size() && queue.get(before).place <= call.place) {
            before++;
        }
        if (tooLarge(call)) {
            call.failed = true;
        } else if (before == 0 && fits(call, now)) {
            grant(call, now);
        } else if (call.deadline <= now || hopeless(call, now)) {
            call.failed = true;
        } else {
            queue.add(before, call);
        }
        look(now);
    }

    void cancel(Call call, long now) {
        queue.remove(call);
        look(now);
    }

    void succeed(Call call, long actual, long now) {
        boolean binding = !queue.isEmpty() && inFlight() >= cap && windowsFit(queue.get(0), now);
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
        call.charged = keepEstimate ? call.tokens : Math.min(call.tokens, actual);
        if (actual > call.tokens) {
            excesses.add(new Excess(now, 0, actual - call.tokens, ++charges));
        }
        look(now);
    }

    /** The provider says what is left of both limits; -1 where it does not. */
    void stated(Call call, long requestsLeft, long statedRpm, long tokensLeft, long statedTpm, long now) {
        if (call.order >= newestStated && (requestsLeft >= 0 || tokensLeft >= 0)) {
            newestStated = call.order;
            long requestsSince =
                    calls.stream().filter(other -> other.order > call.order).count()
                            + excesses.stream()
                                    .filter(excess -> excess.order > call.order)
                                    .mapToLong(Excess::requests)
                                    .sum();
            long tokensSince = calls.stream()
                            .filter(other -> other.order > call.order)
                            .mapToLong(other -> other.tokens)
                            .sum()
                    + excesses.stream()
                            .filter(excess -> excess.order > call.order)
                            .mapToLong(Excess::tokens)
                            .sum();
            long foreignRequests = Math.min(hardRpm, statedRpm) - call.requestsThen - requestsSince - requestsLeft;
            long foreignTokens = Math.min(hardTpm, statedTpm) - call.tokensThen - tokensSince - tokensLeft;
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
        call.charged = keepRefused ? call.charged : 0;
        look(now);
    }

    void release(Call call, long now) {
        call.settled = true;
        look(now);
    }

    void abandon(Call call, long now) {
        call.settled = true;
        call.charged = 0;
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
                queue.remove(call);
                call.failed = true;
            }
        }
        look(now);
    }

    void look(long now) {
        for (Call call : List.copyOf(queue)) {
            if (call.deadline <= now) {
                queue.remove(call);
                call.failed = true;
            }
        }
        for (Call call : calls) {
            if (call.holdsSlot() && call.grantedAt + call.maxHold <= now) {
                call.reclaimed = true;
            }
        }
        while (!queue.isEmpty() && fits(queue.get(0), now)) {
            grant(queue.remove(0), now);
        }
    }

    /** The next instant at which something could happen by time alone. */
    long nextInstant(long now) {
        long next = Long.MAX_VALUE;
        for (Call call : calls) {
            if (call.granted()) {
                next = later(next, now, call.grantedAt + window);
                if (call.holdsSlot()) {
                    next = later(next, now, call.grantedAt + call.maxHold);
                }
            }
        }
        for (Excess excess : excesses) {
            next = later(next, now, excess.at + window);
        }
        next = later(next, now, pausedUntil);
        for (Call call : queue) {
            next = later(next, now, call.deadline);
        }
        return next;
    }

    private static long later(long next, long now, long candidate) {
        return candidate > now ? Math.min(next, candidate) : next;
    }
}
