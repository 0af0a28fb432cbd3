package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sluice.model.Money;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a reservation and its commit take at the fourth level of a tree. How long is printed; how many bytes is asserted. */
class BudgetRateTest {

    private static final int WARM_UP = 300_000;
    private static final int MEASURED = 2_000_000;
    private static final long MOST_BYTES = 300;
    private static final int CHUNKS = 1_000_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static Budget fourthLevel() {
        BudgetLimits limits = BudgetLimits.none()
                .tokens(1L << 50)
                .money(new Money(Long.MAX_VALUE / 2))
                .calls(1L << 50)
                .wallTime(Duration.ofDays(1));
        return Budget.root("run")
                .limits(limits)
                .build()
                .child("planner", limits)
                .child("researcher", limits)
                .child("reader", limits);
    }

    private double bytesOf(String what, Runnable once) {
        for (int i = 0; i < WARM_UP; i++) {
            once.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        long began = System.nanoTime();
        for (int i = 0; i < MEASURED; i++) {
            once.run();
        }
        long took = System.nanoTime() - began;
        double bytes = (double) (threads.getCurrentThreadAllocatedBytes() - before) / MEASURED;
        System.out.printf(
                Locale.ROOT,
                "%s at level 4: %.2f million a second, %.0f bytes%n",
                what,
                MEASURED * 1_000.0 / took,
                bytes);
        return bytes;
    }

    @Test
    void aReservationAndItsCommitTakeFewBytes() {
        Budget budget = fourthLevel();
        Charge charge = Charge.tokens(TokenEstimate.of(1_000, 500)).usd("0.01");
        TokenUsage used = TokenUsage.of(1_000, 100);
        Money cost = Money.usd("0.004");
        double bytes =
                bytesOf("reserve and commit", () -> budget.tryReserve(charge).succeeded(used, cost));
        assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
        assertThat(budget.snapshot().openReservations()).isZero();
        assertThat(budget.snapshot().spent().calls()).isEqualTo(WARM_UP + MEASURED);
    }

    @Test
    void aChargedCallTakesFewBytesBesideItsOwn() {
        Budget budget = fourthLevel();
        Charge charge = Charge.tokens(TokenEstimate.of(1_000, 500)).usd("0.01");
        TokenUsage used = TokenUsage.of(1_000, 100);
        Mono<String> call = Mono.just("answer").hide().transform(budget.charge(charge, answer -> used));
        double bytes = bytesOf("charged Mono", () -> call.subscribe(answer -> {}));
        assertThat(bytes).isLessThanOrEqualTo(2 * MOST_BYTES);
        assertThat(budget.snapshot().openReservations()).isZero();
    }

    /** A stream of a million chunks, within its estimate and far beyond it, against the same without a meter. */
    @Test
    void aChunkOfAMeteredStreamTakesNoBytes() {
        Budget budget = fourthLevel();
        for (Charge charge : List.of(
                Charge.tokens(TokenEstimate.of(0, CHUNKS)).money(Money.ZERO),
                Charge.tokens(TokenEstimate.of(0, 10)).money(Money.ZERO))) {
            Flux<Integer> plain =
                    Flux.fromIterable(Collections.nCopies(CHUNKS, 1)).hide();
            Flux<Integer> metered = plain.transform(budget.meter(charge, x -> x, x -> null));
            double bytes = Double.MAX_VALUE;
            long without = Long.MAX_VALUE;
            long with = Long.MAX_VALUE;
            for (int i = 0; i < 8; i++) {
                long began = System.nanoTime();
                plain.subscribe(x -> {});
                long between = System.nanoTime();
                long before = threads.getCurrentThreadAllocatedBytes();
                metered.subscribe(x -> {});
                long ended = System.nanoTime();
                bytes = Math.min(bytes, (double) (threads.getCurrentThreadAllocatedBytes() - before));
                without = Math.min(without, between - began);
                with = Math.min(with, ended - between);
            }
            System.out.printf(
                    Locale.ROOT,
                    "metered chunk, %s: %.1f ns more than the %.1f without, %.2f bytes%n",
                    charge.estimate(),
                    (double) (with - without) / CHUNKS,
                    (double) without / CHUNKS,
                    bytes / CHUNKS);
            assertThat(bytes / CHUNKS).isLessThan(1);
        }
    }
}
