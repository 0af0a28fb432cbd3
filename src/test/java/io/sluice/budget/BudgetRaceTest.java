package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.Money;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.util.RaceTestUtils;

/** Real threads on one tree: what they were told adds up, and no limit is ever passed. */
class BudgetRaceTest {

    private static final int STEPS = 4_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static void await(List<Future<?>> all) throws Exception {
        for (Future<?> one : all) {
            try {
                one.get(60, TimeUnit.SECONDS);
            } catch (ExecutionException thrown) {
                throw new AssertionError(thrown.getCause());
            }
        }
    }

    @RepeatedTest(200)
    void fourReservationsOfFiftyAtATimeAdmitTwo() throws Exception {
        Budget budget = Budget.root("run").tokens(100).build();
        Budget child = budget.child("a", BudgetLimits.none());
        Charge fifty = Charge.tokens(TokenEstimate.of(10, 40));
        AtomicInteger admitted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        Flux.range(0, 4)
                .parallel(4)
                .runOn(Schedulers.parallel())
                .flatMap(i -> (i % 2 == 0 ? budget : child)
                        .reserve(fifty)
                        .doOnNext(reservation -> admitted.incrementAndGet())
                        .onErrorResume(BudgetExceededException.class, error -> {
                            refused.incrementAndGet();
                            return Mono.empty();
                        }))
                .sequential()
                .blockLast(Duration.ofSeconds(10));
        assertThat(admitted).hasValue(2);
        assertThat(refused).hasValue(2);
        assertThat(budget.snapshot().reserved().tokens()).isEqualTo(100);
    }

    /** What threads were told that was spent in a budget itself. */
    private record Node(Node parent, Budget budget, LongAdder tokens, LongAdder calls) {
        void spent(long used) {
            for (Node node = this; node != null; node = node.parent) {
                node.tokens.add(used);
                node.calls.increment();
            }
        }
    }

    private static List<Node> tree(Random random, ManualClock clock) {
        List<Node> nodes = new ArrayList<>();
        nodes.add(new Node(
                null, Budget.root("run").tokens(40_000).scheduler(clock).build(), new LongAdder(), new LongAdder()));
        for (int i = 1; i < 8; i++) {
            Node parent = nodes.get(random.nextInt(nodes.size()));
            BudgetLimits limits = random.nextBoolean()
                    ? BudgetLimits.none()
                    : BudgetLimits.none().tokens(tokens(parent) * 2 / 3);
            nodes.add(new Node(parent, parent.budget.child("n" + i, limits), new LongAdder(), new LongAdder()));
        }
        return nodes;
    }

    private static long tokens(Node node) {
        Long limit = node.budget.limits().tokens();
        return limit != null ? limit : tokens(node.parent);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverIsInterleavedNoLimitIsPassedAndNothingStaysReserved(int parallelism) throws Exception {
        ManualClock clock = new ManualClock();
        List<Node> nodes = tree(new Random(parallelism), clock);
        AtomicBoolean over = new AtomicBoolean();
        Future<?> judge = threads.submit(() -> {
            while (!over.get()) {
                withinItsLimits(nodes.get(0).budget.snapshot());
            }
            return null;
        });
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            Random random = new Random(parallelism * 100L + i);
            all.add(threads.submit((Callable<Void>) () -> {
                for (int step = 0; step < STEPS; step++) {
                    act(nodes.get(random.nextInt(nodes.size())), random, clock);
                }
                return null;
            }));
        }
        await(all);
        over.set(true);
        await(List.of(judge));
        // What was handed over is told, and what was forgotten is spent.
        clock.advance(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        for (Node node : nodes) {
            BudgetSnapshot snapshot = node.budget.snapshot();
            assertThat(snapshot.reserved()).as(snapshot.path()).isEqualTo(BudgetAmount.NONE);
            assertThat(snapshot.openReservations()).as(snapshot.path()).isZero();
            assertThat(snapshot.spent())
                    .as(snapshot.path())
                    .isEqualTo(BudgetAmount.of(node.tokens.sum(), 0, node.calls.sum()));
        }
        assertThat(nodes.get(0).tokens.sum()).isPositive();
    }

    private static void withinItsLimits(BudgetSnapshot snapshot) {
        Long limit = snapshot.limits().tokens();
        if (limit != null) {
            assertThat(snapshot.spent().tokens() + snapshot.reserved().tokens())
                    .as(snapshot.path())
                    .isLessThanOrEqualTo(limit);
        }
        snapshot.children().forEach(BudgetRaceTest::withinItsLimits);
    }

    /** One call; it never uses more than it reserved, so that a limit that is passed is a defect. */
    private static void act(Node node, Random random, ManualClock clock) {
        int estimate = 1 + random.nextInt(20);
        Charge charge = Charge.tokens(TokenEstimate.of(0, estimate)).lease(Duration.ofMillis(50));
        int used = random.nextInt(estimate + 1);
        switch (random.nextInt(6)) {
            case 0 -> {
                try {
                    Reservation reservation = node.budget.tryReserve(charge);
                    reservation.succeeded(TokenUsage.output(used));
                    node.spent(used);
                } catch (BudgetExceededException refused) {
                    // It did not fit.
                }
            }
            case 1 ->
                node.budget
                        .reserve(charge)
                        .subscribe(
                                reservation -> {
                                    reservation.succeeded(TokenUsage.output(used));
                                    reservation.abandon();
                                    node.spent(used);
                                },
                                refused -> {});
            case 2 -> node.budget.reserve(charge).subscribe(Reservation::abandon, refused -> {});
            // Forgotten: spent in full when its lease is over.
            case 3 -> node.budget.reserve(charge).subscribe(reservation -> node.spent(estimate), refused -> {});
            case 4 -> {
                Disposable running = Mono.never()
                        .doOnSubscribe(s -> node.spent(estimate))
                        .transform(node.budget.charge(charge, x -> TokenUsage.UNKNOWN))
                        .subscribe(x -> {}, refused -> {});
                running.dispose();
            }
            default -> {
                Flux.range(0, used)
                        .doOnSubscribe(s -> node.spent(used))
                        .transform(node.budget.meter(charge, x -> 1, x -> null))
                        .subscribe(x -> {}, refused -> {});
                if (random.nextInt(4) == 0) {
                    clock.advance(Duration.ofMillis(1));
                }
            }
        }
    }

    @Test
    void theEndOfALeaseAgainstTheEndOfTheCallIsSettledOnce() {
        ManualClock clock = new ManualClock();
        Budget budget = Budget.root("run").scheduler(clock).build();
        Charge charge = Charge.tokens(TokenEstimate.of(0, 10)).lease(Duration.ofMillis(1));
        for (int i = 1; i <= 5_000; i++) {
            AtomicReference<Reservation> got = new AtomicReference<>();
            budget.reserve(charge).subscribe(got::set);
            RaceTestUtils.race(
                    () -> clock.advance(Duration.ofMillis(1)), () -> got.get().succeeded(TokenUsage.output(3)));
            BudgetSnapshot snapshot = budget.snapshot();
            assertThat(snapshot.spent()).isEqualTo(BudgetAmount.of(3L * i, 0, i));
            assertThat(snapshot.openReservations()).isZero();
        }
    }

    @Test
    void aCancelAgainstAnAnswerIsSettledOnce() {
        Budget budget = Budget.root("run").build();
        Charge charge = Charge.tokens(TokenEstimate.of(0, 10)).money(Money.ZERO);
        for (int i = 1; i <= 5_000; i++) {
            Sinks.One<String> answer = Sinks.one();
            AtomicInteger told = new AtomicInteger();
            Disposable subscriber = answer.asMono()
                    .transform(budget.charge(charge, x -> TokenUsage.output(3)))
                    .subscribe(x -> told.incrementAndGet());
            long before = budget.snapshot().spent().tokens();
            RaceTestUtils.race(() -> answer.tryEmitValue("x"), subscriber::dispose);
            BudgetSnapshot snapshot = budget.snapshot();
            assertThat(snapshot.spent().tokens() - before).isIn(3L, 10L);
            assertThat(snapshot.openReservations()).isZero();
            if (told.get() == 1) {
                assertThat(snapshot.spent().tokens() - before).isEqualTo(3);
            }
        }
    }
}
