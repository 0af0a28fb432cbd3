package io.sluice.ratelimit;

import io.sluice.ratelimit.LimiterModel.Call;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who ought to go next, written down as plainly as possible: a look at all who wait, at every question. Shares no code with
 * the limiter.
 */
final class OrderModel {

    /** What a tenant has been given for its weight, and since when. */
    private record Account(double given, long since) {}

    private final long aging;
    private final Map<String, Double> weights;
    private final Map<String, Account> accounts = new HashMap<>();
    private boolean shared;
    private double clock;
    private double latest;
    private long changes;

    OrderModel(long aging, Map<String, Double> weights) {
        this.aging = aging;
        this.weights = weights;
    }

    private OrderModel(OrderModel other) {
        this(other.aging, other.weights);
        accounts.putAll(other.accounts);
        shared = other.shared;
        clock = other.clock;
        latest = other.latest;
        changes = other.changes;
    }

    private static String tenant(Call call) {
        return call.tenant == null ? "" : call.tenant;
    }

    private double weight(String tenant) {
        return weights.getOrDefault(tenant, 1.0);
    }

    private static boolean isFresh(Call call) {
        return call.place == Integer.MAX_VALUE;
    }

    private static Set<String> waiting(List<Call> queue) {
        return queue.stream()
                .filter(OrderModel::isFresh)
                .map(OrderModel::tenant)
                .collect(Collectors.toSet());
    }

    Call next(List<Call> queue) {
        Call returning = queue.stream()
                .filter(call -> !isFresh(call))
                .min(Comparator.comparingInt(call -> call.place))
                .orElse(null);
        if (returning != null) {
            return returning;
        }
        String first = shared
                ? waiting(queue).stream()
                        .min(Comparator.<String>comparingDouble(tenant -> accounts.get(tenant).given)
                                .thenComparingLong(tenant -> accounts.get(tenant).since))
                        .orElseThrow()
                : "";
        return queue.stream()
                .filter(call -> tenant(call).equals(first))
                .min(Comparator.<Call>comparingLong(call -> call.askedAt + call.priority * aging)
                        .thenComparingInt(call -> -call.priority)
                        .thenComparingInt(call -> call.id))
                .orElseThrow();
    }

    boolean wouldBeNext(Call call, List<Call> queue) {
        OrderModel then = new OrderModel(this);
        then.comes(call, queue);
        List<Call> all = new ArrayList<>(queue);
        all.add(call);
        return then.next(all) == call;
    }

    /** A call begins to wait, beside those in the queue. */
    void comes(Call call, List<Call> queue) {
        if (!isFresh(call)) {
            return;
        }
        if (call.tenant != null && !shared) {
            shared = true;
            waiting(queue).forEach(this::open);
        }
        if (shared) {
            open(tenant(call));
            if (!waiting(queue).contains(tenant(call))) {
                accounts.computeIfPresent(
                        tenant(call), (tenant, known) -> new Account(Math.max(clock, known.given), known.since));
            }
        }
    }

    private void open(String tenant) {
        if (!accounts.containsKey(tenant)) {
            accounts.put(tenant, new Account(clock, ++changes));
        }
    }

    /** A call gets its permit, which may be in the queue or not. */
    void served(Call call, List<Call> queue, double cost) {
        if (!shared) {
            return;
        }
        String tenant = tenant(call);
        open(tenant);
        Set<String> others = waiting(queue);
        others.remove(tenant);
        double sum = weight(tenant) + others.stream().mapToDouble(this::weight).sum();
        double most = others.stream()
                .mapToDouble(other -> accounts.get(other).given)
                .max()
                .orElse(clock);
        clock = Math.max(clock, Math.min(clock + latest / sum, most));
        Account account = accounts.get(tenant);
        if (isFresh(call)) {
            clock = Math.max(clock, account.given);
        }
        accounts.put(tenant, new Account(account.given + cost / weight(tenant), ++changes));
        latest = cost;
        accounts.entrySet()
                .removeIf(entry -> !others.contains(entry.getKey())
                        && !entry.getKey().equals(tenant)
                        && entry.getValue().given <= clock);
    }

    /** A call waits no more; the queue is without it. */
    void left(Call call, List<Call> queue) {
        Set<String> waiting = waiting(queue);
        if (!shared || !isFresh(call)) {
            return;
        }
        if (waiting.isEmpty()) {
            accounts.clear();
            shared = false;
            clock = 0;
            latest = 0;
            changes = 0;
        } else if (!waiting.contains(tenant(call)) && accounts.get(tenant(call)).given <= clock) {
            accounts.remove(tenant(call));
        }
    }
}
