package io.sluice.ratelimit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one key that wait and never had a permit. While none of them has a tenant, they stand in one queue; from then
 * on until nobody waits any more, tenants have their turns by what they have been given, and calls without one are together
 * like one more tenant.
 */
final class FreshLine {

    private final QueueOrder order;
    private final TenantQueue nobodys;
    private final Map<String, TenantQueue> tenants = new HashMap<>();
    private final TenantTurns turns = new TenantTurns(this::forget);
    /** Whether tenants have turns. */
    private boolean shared;

    private int size;
    private long tokens;

    FreshLine(QueueOrder order) {
        this.order = order;
        this.nobodys = new TenantQueue("", QueueOrder.USUAL_WEIGHT, order.agingNanos());
    }

    void add(Waiter waiter) {
        String name = waiter.tenant();
        if (name != null && !shared) {
            share();
        }
        TenantQueue queue = name == null ? nobodys : tenants.computeIfAbsent(name, this::newQueue);
        boolean comes = shared && queue.isEmpty();
        queue.add(waiter);
        if (comes) {
            turns.comes(queue);
        }
        size++;
        tokens += waiter.estimate().total();
    }

    private TenantQueue newQueue(String name) {
        return new TenantQueue(name, order.weightOf(name), order.agingNanos());
    }

    private void share() {
        shared = true;
        if (!nobodys.isEmpty()) {
            turns.comes(nobodys);
        }
    }

    void remove(Waiter waiter) {
        TenantQueue queue = known(waiter.tenant());
        if (queue == null) {
            throw new IllegalStateException("no such tenant waits");
        }
        queue.remove(waiter);
        size--;
        tokens -= waiter.estimate().total();
        if (!shared) {
            return;
        }
        if (queue.isEmpty()) {
            turns.goes(queue);
        }
        if (size == 0) {
            shared = false;
            turns.reset();
            tenants.clear();
        }
    }

    /** A call has its permit; those who wait are to have their turns by what it costs. */
    void served(Waiter waiter, Grant grant, PermitLedger ledger, boolean inTurn) {
        if (shared) {
            String name = waiter.tenant();
            TenantQueue queue = name == null ? nobodys : tenants.computeIfAbsent(name, this::newQueue);
            turns.served(queue, ledger.cost(grant), inTurn);
        }
    }

    private void forget(TenantQueue queue) {
        tenants.remove(queue.name);
    }

    private @Nullable TenantQueue known(@Nullable String name) {
        return name == null ? nobodys : tenants.get(name);
    }

    @Nullable
    Waiter head() {
        return size == 0 ? null : (shared ? turns.next() : nobodys).head();
    }

    /** Whether nobody who waits goes before a call that comes now. */
    boolean isFirst(Waiter coming) {
        if (size == 0) {
            return true;
        }
        TenantQueue queue = known(coming.tenant());
        if (!shared) {
            return queue != null && queue.isFirst(coming);
        }
        if (queue == null || queue.isEmpty()) {
            return turns.wouldBeNext(queue);
        }
        return queue == turns.next() && queue.isFirst(coming);
    }

    int size() {
        return size;
    }

    /** About how many go before a call that comes now. */
    long sizeBefore(@Nullable Standing coming) {
        TenantQueue queue = known(Standing.tenantOf(coming));
        return queue == null ? 0 : Math.min(size, withOthers(queue.sizeBefore(Standing.priorityOf(coming)), queue));
    }

    /** About how many tokens those have that go before a call that comes now. */
    long tokensBefore(@Nullable Standing coming) {
        TenantQueue queue = known(Standing.tenantOf(coming));
        return queue == null ? 0 : Math.min(tokens, withOthers(queue.tokensBefore(Standing.priorityOf(coming)), queue));
    }

    private long withOthers(long own, TenantQueue queue) {
        return shared ? (long) ((double) own / turns.share(queue)) : own;
    }

    /** All lists, in no order. */
    List<WaiterList> lists() {
        List<WaiterList> lists = new ArrayList<>(nobodys.lists());
        tenants.values().forEach(queue -> lists.addAll(queue.lists()));
        return lists;
    }
}
