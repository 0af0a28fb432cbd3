package io.sluice.ratelimit;

import java.util.Comparator;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Start-time fair queuing among tenants. Each has been given so much for its weight; who has been given the least is next.
 *
 * <p>The clock stands where an ideal server would have given everybody the same by now: what is served moves it on by its
 * cost, divided by the weights of all who take part. Who comes begins at the clock, or where it left if that is ahead: so
 * being idle gains nothing, and who comes again and again under new names does not go before one whom the clock has passed.
 * Who has nothing waiting takes part until the clock has caught up with it, and is forgotten then.
 *
 * <p>Plain arithmetic, for one thread.
 */
final class TenantTurns {

    private static final Comparator<TenantQueue> BY_GIVEN =
            Comparator.<TenantQueue>comparingDouble(tenant -> tenant.given).thenComparingLong(tenant -> tenant.turn);

    private final Consumer<TenantQueue> forgotten;

    /** Those of whom a call waits. */
    private final TreeSet<TenantQueue> waiting = new TreeSet<>(BY_GIVEN);
    /** Those of whom none does, and who have been given more than the clock says. */
    private final TreeSet<TenantQueue> ahead = new TreeSet<>(BY_GIVEN);

    private double clock;
    /** The weights of both. */
    private double weights;

    private long turns;

    /**
     * @param forgotten told of each tenant about which nothing is known any more
     */
    TenantTurns(Consumer<TenantQueue> forgotten) {
        this.forgotten = forgotten;
    }

    /** Whose turn it is; only while somebody waits. */
    TenantQueue next() {
        return waiting.first();
    }

    /** Whether it would be the turn of a tenant of whom nobody waits. */
    boolean wouldBeNext(double given) {
        return waiting.isEmpty() || Math.max(clock, given) < next().given;
    }

    /** The part of what is served that a tenant has, if it takes part. */
    double share(double weight, boolean takesPart) {
        return weight / (weights + (takesPart ? 0 : weight));
    }

    /** The first call of a tenant has begun to wait. */
    void comes(TenantQueue tenant) {
        if (tenant.takesPart) {
            ahead.remove(tenant);
        } else {
            join(tenant);
        }
        waiting.add(tenant);
    }

    /** No call of a tenant waits any more. */
    void goes(TenantQueue tenant) {
        waiting.remove(tenant);
        if (tenant.given > clock) {
            ahead.add(tenant);
        } else {
            forget(tenant);
        }
    }

    /**
     * A call of a tenant was served.
     *
     * @param inTurn whether it was its turn; other calls are served out of turn, and are counted all the same
     */
    void served(TenantQueue tenant, double cost, boolean inTurn) {
        TreeSet<TenantQueue> place = tenant.isEmpty() ? ahead : waiting;
        if (tenant.takesPart) {
            place.remove(tenant);
        } else {
            join(tenant);
        }
        if (inTurn) {
            clock = Math.max(clock, tenant.given);
        }
        tenant.given += cost / tenant.weight;
        tenant.turn = ++turns;
        place.add(tenant);
        advance(cost);
    }

    private void join(TenantQueue tenant) {
        tenant.takesPart = true;
        tenant.given = clock;
        tenant.turn = ++turns;
        weights += tenant.weight;
    }

    private void advance(double cost) {
        double left = cost;
        while (!ahead.isEmpty()) {
            TenantQueue reached = ahead.first();
            double needed = Math.max(0, reached.given - clock) * weights;
            if (needed > left) {
                break;
            }
            left -= needed;
            clock = Math.max(clock, reached.given);
            ahead.remove(reached);
            forget(reached);
        }
        if (weights > 0) {
            clock += left / weights;
        }
    }

    private void forget(TenantQueue tenant) {
        tenant.takesPart = false;
        weights = waiting.isEmpty() && ahead.isEmpty() ? 0 : weights - tenant.weight;
        forgotten.accept(tenant);
    }

    /** Nobody waits: the next time begins from nothing. */
    void reset() {
        ahead.forEach(tenant -> tenant.takesPart = false);
        ahead.clear();
        clock = 0;
        weights = 0;
    }
}
