package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/**
 * Random trees with windows, leases, top-ups and restarts, against a model that adds up every charge anew each time. The seed is
 * the argument of the test.
 */
class BudgetLifeTest {

    private static final Instant START = Instant.parse("2026-01-31T21:30:00Z");
    private static final Duration LEASE = Duration.ofMinutes(20);
    private static final int STEPS = 200;

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @SuppressWarnings("ReferenceEquality") // each node is itself alone
    private record Node(Node parent, String name, BudgetLimits limits) {
        boolean isWithin(Node outer) {
            return this == outer || (parent != null && parent.isWithin(outer));
        }
    }

    private record Spend(Node node, long tokens, long at) {}

    private record Raise(Node node, long tokens, long at) {}

    /** A reservation that is held, or has expired at some time. */
    private static final class Call {
        Node node;
        long asked;
        Reservation reservation;
        long leaseEnds;
        long expiredAt = -1;
    }

    private final ManualClock clock = new ManualClock();
    private final List<Node> nodes = new ArrayList<>();
    private List<Budget> budgets = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Spend> spends = new ArrayList<>();
    private final List<Raise> raises = new ArrayList<>();
    private MemoryStore store;
    private Random random;
    private long more;
    private long latest;

    private long now() {
        return START.toEpochMilli() + clock.now(TimeUnit.MILLISECONDS);
    }

    private BudgetWindow window() {
        BudgetWindow.Period period = List.of(BudgetWindow.Period.values()).get(random.nextInt(2));
        return switch (random.nextInt(3)) {
            case 0 -> new BudgetWindow(period, ZoneOffset.UTC);
            case 1 -> BudgetWindow.rolling(period);
            default -> null;
        };
    }

    private void grow() {
        Node parent = nodes.isEmpty() ? null : nodes.get(random.nextInt(nodes.size()));
        BudgetLimits limits = BudgetLimits.none().tokens(100 + random.nextInt(200));
        for (Node around = parent; around != null; around = around.parent) {
            limits = limits.tokens(Math.min(limits.tokens(), around.limits.tokens()));
        }
        BudgetWindow window = window();
        nodes.add(new Node(parent, "n" + nodes.size(), window == null ? limits : limits.per(window)));
    }

    private void start() {
        budgets = new ArrayList<>();
        for (Node node : nodes) {
            budgets.add(
                    node.parent == null
                            ? Budget.root(node.name)
                                    .limits(node.limits)
                                    .scheduler(clock)
                                    .instantSource(() -> Instant.ofEpochMilli(now()))
                                    .whenExhausted(WhenExhausted.topUp(
                                            request -> Mono.just(BudgetAmount.of(more, 0, 0)), Duration.ofDays(9)))
                                    .open(store)
                                    .block()
                            : budgets.get(nodes.indexOf(node.parent)).child(node.name, node.limits));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsLostOrSpentTwiceOverWindowsLeasesTopUpsAndRestarts(long seed) {
        random = new Random(seed);
        store = new MemoryStore().compactEvery(seed % 2 == 0 ? Integer.MAX_VALUE : 20);
        for (int i = 0; i < 6; i++) {
            grow();
        }
        start();
        latest = now();
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> reserve(random.nextInt(nodes.size()), 1 + random.nextInt(60));
                case 4, 5, 6 -> end();
                case 7 -> raise(random.nextInt(nodes.size()));
                case 8 -> pass(Duration.ofHours(random.nextInt(30)));
                case 9 -> restart();
                default -> pass(Duration.ofMinutes(random.nextInt(25)));
            }
            agree("seed " + seed + " step " + step);
        }
    }

    private void reserve(int index, long tokens) {
        Node node = nodes.get(index);
        boolean fits = fits(node, tokens);
        Call call = new Call();
        call.node = node;
        call.asked = tokens;
        call.leaseEnds = now() + LEASE.toMillis();
        if (!fits) {
            try {
                budgets.get(index).tryReserve(charge(tokens));
                assertThat(true).as("admitted though it does not fit").isFalse();
            } catch (BudgetExceededException refused) {
                return;
            }
        }
        budgets.get(index).reserve(charge(tokens)).subscribe(made -> call.reservation = made);
        clock.advance(Duration.ZERO);
        assertThat(call.reservation).as("admitted").isNotNull();
        calls.add(call);
        latest = now();
    }

    private static Charge charge(long tokens) {
        return Charge.tokens(TokenEstimate.of(0, tokens)).lease(LEASE);
    }

    private void end() {
        if (calls.isEmpty()) {
            return;
        }
        Call call = calls.remove(random.nextInt(calls.size()));
        long used = random.nextInt(70);
        call.reservation.succeeded(TokenUsage.output(used));
        clock.advance(Duration.ZERO);
        latest = now();
        if (call.expiredAt < 0) {
            spends.add(new Spend(call.node, used, now()));
        } else if (used < call.asked) {
            spends.add(new Spend(call.node, used - call.asked, call.expiredAt));
        } else {
            spends.add(new Spend(call.node, used - call.asked, now()));
        }
    }

    /** A call that does not fit has its own budget topped up by what it lacks there, and is then given back. */
    private void raise(int index) {
        Node node = nodes.get(index);
        long free = limit(node) - spent(node) - held(node);
        if (free < 0 || (node.parent != null && !fits(node.parent, free + 5))) {
            return;
        }
        more = 5;
        List<Reservation> got = new ArrayList<>();
        budgets.get(index).reserve(charge(free + 5)).subscribe(got::add);
        clock.advance(Duration.ZERO);
        assertThat(got).hasSize(1);
        raises.add(new Raise(node, 5, now()));
        got.get(0).abandon();
        clock.advance(Duration.ZERO);
        latest = now();
    }

    private void pass(Duration time) {
        long end = now() + time.toMillis();
        while (now() < end) {
            long next = calls.stream()
                    .filter(call -> call.expiredAt < 0)
                    .mapToLong(call -> call.leaseEnds)
                    .min()
                    .orElse(end);
            clock.advance(Duration.ofMillis(Math.max(0, Math.min(next, end) - now())));
            for (Call call : calls) {
                if (call.expiredAt < 0 && call.leaseEnds <= now()) {
                    call.expiredAt = now();
                    spends.add(new Spend(call.node, call.asked, now()));
                    latest = now();
                }
            }
        }
    }

    /** The process dies: nobody ends its calls any more. */
    private void restart() {
        for (Call call : calls) {
            if (call.expiredAt < 0) {
                spends.add(new Spend(call.node, call.asked, latest));
            }
        }
        calls.clear();
        MemoryStore left = new MemoryStore();
        store.state().records().forEach(left::add);
        store = random.nextBoolean() ? left : store.detached();
        start();
        clock.advance(Duration.ZERO);
    }

    // ---- the model ----

    private boolean counts(Node node, long at) {
        BudgetWindow window = node.limits.window();
        if (window == null) {
            return true;
        }
        return window.isRolling()
                ? now() - at < window.period().rolling().toMillis()
                : at >= window.startOf(Instant.ofEpochMilli(now())).toEpochMilli();
    }

    private long spent(Node node) {
        return spends.stream()
                .filter(spend -> spend.node.isWithin(node) && counts(node, spend.at))
                .mapToLong(Spend::tokens)
                .sum();
    }

    private long held(Node node) {
        return calls.stream()
                .filter(call -> call.expiredAt < 0 && call.node.isWithin(node))
                .mapToLong(call -> call.asked)
                .sum();
    }

    @SuppressWarnings("ReferenceEquality")
    private long limit(Node node) {
        return node.limits.tokens()
                + raises.stream()
                        .filter(raise -> raise.node == node && counts(node, raise.at))
                        .mapToLong(Raise::tokens)
                        .sum();
    }

    private boolean fits(Node leaf, long tokens) {
        for (Node node = leaf; node != null; node = node.parent) {
            if (spent(node) + held(node) + tokens > limit(node)) {
                return false;
            }
        }
        return true;
    }

    private void agree(String where) {
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            BudgetSnapshot snapshot = budgets.get(i).snapshot();
            assertThat(snapshot.spent().tokens())
                    .as("%s: spent of %s", where, node)
                    .isEqualTo(spent(node));
            assertThat(snapshot.reserved().tokens())
                    .as("%s: held of %s", where, node)
                    .isEqualTo(held(node));
            assertThat(node.limits.tokens() + snapshot.raised().tokens())
                    .as("%s: limit of %s", where, node)
                    .isEqualTo(limit(node));
        }
    }

    // ---- threads ----

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void withThreadsWindowsWaitingAndAStoreNoLimitIsPassedAndAllIsKept(int parallelism) throws Exception {
        random = new Random(parallelism);
        store = new MemoryStore().compactEvery(500);
        for (int i = 0; i < 6; i++) {
            grow();
        }
        start();
        ExecutorService threads = Executors.newCachedThreadPool();
        AtomicBoolean over = new AtomicBoolean();
        Future<?> judge = threads.submit(() -> {
            while (!over.get()) {
                withinItsLimits(budgets.get(0).snapshot());
            }
        });
        more = 3;
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            Random own = new Random(parallelism * 10L + i);
            all.add(threads.submit(() -> {
                for (int step = 0; step < 1_500; step++) {
                    long asked = 1L + own.nextInt(20);
                    Mono<Long> call = Mono.just((long) own.nextInt((int) asked + 1))
                            .transform(
                                    budgets.get(own.nextInt(budgets.size())).charge(charge(asked), TokenUsage::output));
                    var subscriber = call.subscribe(x -> {}, refused -> {});
                    if (own.nextInt(5) == 0) {
                        subscriber.dispose();
                    }
                    clock.advance(own.nextInt(20) == 0 ? Duration.ofMinutes(7) : Duration.ZERO);
                }
            }));
        }
        for (Future<?> one : all) {
            one.get(60, TimeUnit.SECONDS);
        }
        over.set(true);
        judge.get(10, TimeUnit.SECONDS);
        threads.shutdownNow();
        clock.advance(Duration.ofDays(10));
        clock.advance(Duration.ofDays(10));
        BudgetSnapshot live = budgets.get(0).snapshot();
        assertThat(live.reserved()).isEqualTo(BudgetAmount.NONE);
        assertThat(live.openReservations() + live.waiting()).isZero();
        atRestAsKept(live, store.state().snapshot(Instant.ofEpochMilli(now())));
    }

    private static void atRestAsKept(BudgetSnapshot live, BudgetSnapshot kept) {
        assertThat(kept.path()).isEqualTo(live.path());
        assertThat(kept.spent()).as(live.path()).isEqualTo(live.spent());
        assertThat(kept.reserved()).as(live.path()).isEqualTo(live.reserved());
        for (int i = 0; i < live.children().size(); i++) {
            atRestAsKept(live.children().get(i), kept.children().get(i));
        }
    }

    private static void withinItsLimits(BudgetSnapshot snapshot) {
        assertThat(snapshot.spent().tokens() + snapshot.reserved().tokens())
                .as(snapshot.path())
                .isLessThanOrEqualTo(
                        snapshot.limits().tokens() + snapshot.raised().tokens());
        snapshot.children().forEach(BudgetLifeTest::withinItsLimits);
    }
}
