package io.sluice.ratelimit;

import java.util.Comparator;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Start-time fair queuing among tenants. Each has been given so much for its weight; who has been given the least is next.
 *
 * <p>Who comes begins at the clock, or where it left if that is ahead: so being idle gains nothing. The clock follows what
 * those who wait have been given: it is never behind whoever was served last, and what is served moves it on by its cost,
 * divided by the weights of all who wait. So it passes everybody in the end, and those who come under new names again and
 * again do not go before one whom it has passed. It is never ahead of all who wait, because then who comes would have to wait
 * until they have caught up. Who has nothing waiting is remembered until the clock has caught up with it.
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
    /** The weights of those who wait. */
    private double weights;

    /** The cost of the call that was served last. */
    private double latest;

    private long turns;

    /**
     * @param forgotten told of each tenant about which nothing is known any more
     */
    TenantTurns(Consumer<TenantQueue> forgotten) {
        this.forgotten = forgotten;
    }

    /** Whose turn it is. As all that follows, asked and told only while somebody waits. */
    TenantQueue next() {
        return waiting.first();
    }

    /** Whether it would be the turn of a tenant that has nothing waiting, if a call of it came now. */
    boolean wouldBeNext(@Nullable TenantQueue tenant) {
        double given = tenant == null || !tenant.isKnown ? clock : tenant.given;
        return given < next().given;
    }

    /** The part of what is served that a tenant has, if it waits too. */
    double share(TenantQueue tenant) {
        return tenant.weight / (weights + (tenant.isEmpty() ? tenant.weight : 0));
    }

    /** The first call of a tenant has begun to wait. */
    void comes(TenantQueue tenant) {
        if (tenant.isKnown) {
            ahead.remove(tenant);
            tenant.given = Math.max(clock, tenant.given);
        } else {
            join(tenant);
        }
        waiting.add(tenant);
        weights += tenant.weight;
    }

    /** No call of a tenant waits any more. */
    void goes(TenantQueue tenant) {
        waiting.remove(tenant);
        weights = waiting.isEmpty() ? 0 : weights - tenant.weight;
        if (tenant.given > clock) {
            ahead.add(tenant);
        } else {
            forget(tenant);
        }
    }

    /**
     * A call of a tenant is served, and still waits if it had to.
     *
     * @param inTurn whether it was its turn; other calls are served out of turn, and are counted all the same
     */
    void served(TenantQueue tenant, double cost, boolean inTurn) {
        TreeSet<TenantQueue> place = tenant.isEmpty() ? ahead : waiting;
        if (tenant.isKnown) {
            place.remove(tenant);
        } else {
            join(tenant);
        }
        advance(weights + (tenant.isEmpty() ? tenant.weight : 0));
        if (inTurn) {
            clock = Math.max(clock, tenant.given);
        }
        forgetReached();
        tenant.given += cost / tenant.weight;
        tenant.turn = ++turns;
        place.add(tenant);
        latest = cost;
    }

    private void join(TenantQueue tenant) {
        tenant.isKnown = true;
        tenant.given = clock;
        tenant.turn = ++turns;
    }

    /** By what was served before: until the next is served, the clock stands where that began. */
    private void advance(double weights) {
        double most = waiting.isEmpty() ? clock : waiting.last().given;
        clock = Math.max(clock, Math.min(clock + latest / weights, most));
    }

    private void forgetReached() {
        while (!ahead.isEmpty() && ahead.first().given <= clock) {
            TenantQueue reached = ahead.first();
            ahead.remove(reached);
            forget(reached);
        }
    }

    private void forget(TenantQueue tenant) {
        tenant.isKnown = false;
        forgotten.accept(tenant);
    }

    /** Nobody waits: the next time begins from nothing. */
    void reset() {
        ahead.forEach(tenant -> tenant.isKnown = false);
        ahead.clear();
        clock = 0;
        latest = 0;
    }
}
