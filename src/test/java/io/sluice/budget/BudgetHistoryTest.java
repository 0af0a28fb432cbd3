package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.Money;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Random trees and random histories, against a model that adds everything up anew each time. The seed is the argument of the
 * test.
 */
class BudgetHistoryTest {

    private static final int SEEDS = 150;
    private static final int STEPS = 300;
    private static final Duration LEASE = Duration.ofMillis(20);

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    /** What the model knows of a call: where it belongs, what it holds, and what was spent for it. */
    private static final class Call {
        final Node node;
        final BudgetAmount asked;
        Reservation reservation;
        Disposable subscription;
        BudgetAmount held = BudgetAmount.NONE;
        BudgetAmount spent = BudgetAmount.NONE;
        long leaseEnds = Long.MAX_VALUE;
        boolean ended;

        Call(Node node, BudgetAmount asked) {
            this.node = node;
            this.asked = asked;
        }
    }

    private record Node(Node parent, Budget budget) {
        boolean isWithin(Node outer) {
            for (Node node = this; node != null; node = node.parent) {
                if (node.budget == outer.budget) {
                    return true;
                }
            }
            return false;
        }
    }

    private final ManualClock clock = new ManualClock();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private Random random;
    private long now;

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsAdmittedFitsAndWhatIsRefusedDoesNotAndNothingStaysReserved(long seed) {
        random = new Random(seed);
        Budget.Builder root = Budget.root("run").limits(limits(null)).scheduler(clock);
        nodes.add(new Node(null, root.build()));
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(9)) {
                case 0 -> grow();
                case 1, 2, 3 -> reserve();
                case 4 -> charge();
                case 5 -> end(true);
                case 6 -> end(false);
                case 7 -> topUp();
                default -> pass(Duration.ofMillis(random.nextInt(8)));
            }
            agree();
        }
        while (calls.stream().anyMatch(call -> !call.ended && call.subscription != null)) {
            end(true);
        }
        pass(LEASE);
        calls.stream().filter(call -> !call.ended).forEach(call -> {
            call.reservation.abandon();
            settle(call, BudgetAmount.NONE);
        });
        agree();
        for (Node node : nodes) {
            assertThat(node.budget.snapshot().reserved()).isEqualTo(BudgetAmount.NONE);
            assertThat(node.budget.snapshot().openReservations()).isZero();
        }
    }

    private BudgetLimits limits(BudgetLimits outer) {
        BudgetLimits limits = BudgetLimits.none();
        if (random.nextBoolean()) {
            limits = limits.tokens(
                    outer == null || outer.tokens() == null
                            ? random.nextInt(5_000)
                            : random.nextLong(outer.tokens() + 1));
        } else if (outer != null && outer.tokens() != null) {
            limits = limits.tokens(outer.tokens());
        }
        if (random.nextBoolean() && (outer == null || outer.money() == null)) {
            limits = limits.money(new Money(random.nextInt(5_000)));
        } else if (outer != null && outer.money() != null) {
            limits = limits.money(outer.money());
        }
        if (random.nextInt(3) == 0 && (outer == null || outer.calls() == null)) {
            limits = limits.calls(random.nextInt(60));
        } else if (outer != null && outer.calls() != null) {
            limits = limits.calls(outer.calls());
        }
        return limits;
    }

    private void grow() {
        Node parent = nodes.get(random.nextInt(nodes.size()));
        if (nodes.size() < 12) {
            nodes.add(new Node(parent, parent.budget.child("n" + nodes.size(), limits(parent.budget.limits()))));
        }
    }

    private BudgetAmount amount() {
        return BudgetAmount.of(random.nextInt(200), random.nextInt(200), random.nextInt(3));
    }

    private static Charge charge(BudgetAmount amount) {
        return Charge.tokens(TokenEstimate.of(amount.tokens(), 0))
                .money(amount.money())
                .calls(amount.calls())
                .lease(LEASE);
    }

    private void reserve() {
        Call call = new Call(nodes.get(random.nextInt(nodes.size())), amount());
        boolean leased = random.nextBoolean();
        boolean fits = fits(call.node, call.asked);
        try {
            call.reservation = leased
                    ? call.node.budget.reserve(charge(call.asked)).block()
                    : call.node.budget.tryReserve(charge(call.asked));
            assertThat(fits).as("admitted").isTrue();
            call.held = call.asked;
            call.leaseEnds = leased ? now + LEASE.toNanos() : Long.MAX_VALUE;
            calls.add(call);
        } catch (BudgetExceededException refused) {
            assertThat(fits).as("refused: %s", refused.getMessage()).isFalse();
        }
    }

    /** A call that is only ever cancelled. */
    private void charge() {
        Call call = new Call(nodes.get(random.nextInt(nodes.size())), amount());
        boolean fits = fits(call.node, call.asked);
        List<Throwable> errors = new ArrayList<>();
        call.subscription = Mono.never()
                .transform(call.node.budget.charge(charge(call.asked), x -> TokenUsage.UNKNOWN))
                .subscribe(x -> {}, errors::add);
        assertThat(errors.isEmpty()).isEqualTo(fits);
        if (fits) {
            call.held = call.asked;
            calls.add(call);
        }
    }

    private void end(boolean commit) {
        List<Call> open = calls.stream().filter(call -> !call.ended).toList();
        if (open.isEmpty()) {
            return;
        }
        Call call = open.get(random.nextInt(open.size()));
        if (call.subscription != null) {
            call.subscription.dispose();
            settle(call, call.asked);
        } else if (commit) {
            long tokens = random.nextInt(250);
            long money = random.nextInt(250);
            call.reservation.succeeded(TokenUsage.of(tokens, 0), new Money(money));
            settle(call, BudgetAmount.of(tokens, money, call.asked.calls()));
        } else {
            call.reservation.abandon();
            settle(call, BudgetAmount.NONE);
        }
    }

    private void settle(Call call, BudgetAmount used) {
        if (call.leaseEnds == Long.MIN_VALUE) {
            // Its lease was over: what was taken for spent is corrected.
            call.spent = minus(call.spent, call.asked);
        }
        call.held = BudgetAmount.NONE;
        call.spent = plus(call.spent, used);
        call.ended = true;
    }

    private void topUp() {
        List<Call> open = calls.stream()
                .filter(call -> !call.ended && call.reservation != null && call.leaseEnds != Long.MIN_VALUE)
                .toList();
        if (open.isEmpty()) {
            return;
        }
        Call call = open.get(random.nextInt(open.size()));
        boolean fits = fits(call.node, call.asked);
        try {
            call.reservation.topUp(new IOException("broken off"));
            assertThat(fits).as("topped up").isTrue();
            call.spent = plus(call.spent, call.asked);
            call.leaseEnds = call.leaseEnds == Long.MAX_VALUE ? Long.MAX_VALUE : now + LEASE.toNanos();
        } catch (BudgetExceededException refused) {
            assertThat(fits).as("refused: %s", refused.getMessage()).isFalse();
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
        clock.advance(time);
        for (Call call : calls) {
            if (!call.ended && call.leaseEnds != Long.MIN_VALUE && call.leaseEnds <= now) {
                call.leaseEnds = Long.MIN_VALUE;
                call.spent = plus(call.spent, call.asked);
                call.held = BudgetAmount.NONE;
            }
        }
    }

    // ---- the model ----

    private boolean fits(Node leaf, BudgetAmount asked) {
        for (Node node = leaf; node != null; node = node.parent) {
            BudgetAmount all = plus(plus(held(node), spent(node)), asked);
            BudgetLimits limits = node.budget.limits();
            if ((limits.tokens() != null && all.tokens() > limits.tokens())
                    || (limits.money() != null && all.money().compareTo(limits.money()) > 0)
                    || (limits.calls() != null && all.calls() > limits.calls())) {
                return false;
            }
        }
        return true;
    }

    private BudgetAmount held(Node node) {
        return calls.stream()
                .filter(call -> call.node.isWithin(node))
                .map(call -> call.held)
                .reduce(BudgetAmount.NONE, BudgetHistoryTest::plus);
    }

    private BudgetAmount spent(Node node) {
        return calls.stream()
                .filter(call -> call.node.isWithin(node))
                .map(call -> call.spent)
                .reduce(BudgetAmount.NONE, BudgetHistoryTest::plus);
    }

    private void agree() {
        for (Node node : nodes) {
            BudgetSnapshot snapshot = node.budget.snapshot();
            assertThat(snapshot.reserved()).isEqualTo(held(node));
            assertThat(snapshot.spent()).isEqualTo(spent(node));
        }
    }

    private static BudgetAmount plus(BudgetAmount a, BudgetAmount b) {
        return BudgetAmount.of(
                a.tokens() + b.tokens(), a.money().nanos() + b.money().nanos(), a.calls() + b.calls());
    }

    private static BudgetAmount minus(BudgetAmount a, BudgetAmount b) {
        return BudgetAmount.of(
                a.tokens() - b.tokens(), a.money().nanos() - b.money().nanos(), a.calls() - b.calls());
    }
}
