package io.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollingWindowTest {

    private static final long LENGTH = 1_000;

    /** The window written down as it is defined: look at all that ever happened. */
    private static final class Naive {

        private record Charge(long at, long tokens) {}

        private final List<Charge> all = new ArrayList<>();
        private final ModelLimits limits;

        Naive(ModelLimits limits) {
            this.limits = limits;
        }

        long requests(long now) {
            return all.stream().filter(charge -> charge.at() > now - LENGTH).count();
        }

        long tokens(long now) {
            return all.stream()
                    .filter(charge -> charge.at() > now - LENGTH)
                    .mapToLong(Charge::tokens)
                    .sum();
        }

        boolean fits(long now, long tokens) {
            return requests(now) + 1 <= limits.requests() && tokens(now) + tokens <= limits.tokens();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void itDecidesAsItsDefinitionDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ModelLimits limits = ModelLimits.of(random.nextLong(1, 40), random.nextLong(1, 400));
        boolean settling = random.nextBoolean();
        RollingWindow window = new RollingWindow(limits, LENGTH);
        Naive naive = new Naive(limits);
        long now = random.nextLong(-5_000, 5_000);
        long highest = 0;
        for (int i = 0; i < 3_000; i++) {
            now += random.nextInt(3) == 0 ? 0 : random.nextLong(0, 80);
            long asked = random.nextLong(0, 60);
            Verdict verdict = window.offer(now, asked);
            if (asked > limits.tokens()) {
                assertThat(verdict).isInstanceOf(Verdict.TooLarge.class);
            } else if (naive.fits(now, asked)) {
                assertThat(verdict).isInstanceOf(Verdict.Admitted.class);
                naive.all.add(new Naive.Charge(now, asked));
            } else {
                Verdict.Refused refused = (Verdict.Refused) verdict;
                assertThat(naive.fits(now + refused.waitNanos() - 1, asked)).isFalse();
                assertThat(naive.fits(now + refused.waitNanos(), asked)).isTrue();
            }
            if (settling && verdict instanceof Verdict.Admitted admitted) {
                int at = naive.all.size() - 1 - random.nextInt(Math.min(5, naive.all.size()));
                Naive.Charge charge = naive.all.get(at);
                long used = random.nextLong(0, charge.tokens() + 1);
                naive.all.set(at, new Naive.Charge(charge.at(), used));
                assertThat(admitted.number()).isEqualTo(naive.all.size() - 1);
                window.settle(at, used);
            } else {
                assertThat(verdict.standing().requests()).isEqualTo(naive.requests(now));
                assertThat(verdict.standing().tokens()).isEqualTo(naive.tokens(now));
            }
            highest = Math.max(highest, naive.requests(now));
        }
        assertThat(window.highestRequests()).isEqualTo(highest).isLessThanOrEqualTo(limits.requests());
        assertThat(window.highestTokens()).isLessThanOrEqualTo(limits.tokens());
    }

    @Test
    void aChargeCountsUntilJustBeforeItIsOneWindowOld() {
        RollingWindow window = new RollingWindow(ModelLimits.of(1, 100), LENGTH);
        assertThat(window.offer(5, 100)).isInstanceOf(Verdict.Admitted.class);
        assertThat(window.offer(1_004, 1)).isInstanceOf(Verdict.Refused.class);
        assertThat(window.offer(1_005, 100)).isInstanceOf(Verdict.Admitted.class);
    }

    @Test
    void exactlyTheLimitFits() {
        RollingWindow window = new RollingWindow(ModelLimits.of(2, 100), LENGTH);
        assertThat(window.offer(0, 60)).isInstanceOf(Verdict.Admitted.class);
        assertThat(window.offer(10, 41)).isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
            assertThat(refused.dimension()).isEqualTo(Dimension.TOKENS);
            assertThat(refused.used()).isEqualTo(60);
            assertThat(refused.waitNanos()).isEqualTo(990);
        });
        assertThat(window.offer(20, 40)).isInstanceOf(Verdict.Admitted.class);
        assertThat(window.offer(30, 0)).isInstanceOfSatisfying(Verdict.Refused.class, refused -> {
            assertThat(refused.dimension()).isEqualTo(Dimension.REQUESTS);
            assertThat(refused.used()).isEqualTo(2);
            assertThat(refused.waitNanos()).isEqualTo(970);
        });
    }

    @Test
    void aWholeLimitIsNotTooLargeButOneMoreIs() {
        RollingWindow window = new RollingWindow(ModelLimits.of(9, 100), LENGTH);
        assertThat(window.offer(0, 101)).isInstanceOf(Verdict.TooLarge.class);
        assertThat(window.offer(0, 100)).isInstanceOf(Verdict.Admitted.class);
    }

    @Test
    void refusedRequestsDoNotCount() {
        RollingWindow window = new RollingWindow(ModelLimits.of(1, 100), LENGTH);
        window.offer(0, 1);
        for (int now = 1; now < LENGTH; now++) {
            assertThat(window.offer(now, 1)).isInstanceOf(Verdict.Refused.class);
        }
        assertThat(window.offer(LENGTH, 1)).isInstanceOf(Verdict.Admitted.class);
    }

    @Test
    void aTimeThatGoesBackCountsAsTheLatest() {
        RollingWindow window = new RollingWindow(ModelLimits.of(1, 100), LENGTH);
        window.offer(50, 1);
        assertThat(window.offer(40, 1))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.waitNanos()).isEqualTo(LENGTH));
    }

    @Test
    void settlingFreesTokensAndNothingTwice() {
        RollingWindow window = new RollingWindow(ModelLimits.of(9, 100), LENGTH);
        Verdict.Admitted first = (Verdict.Admitted) window.offer(0, 100);
        window.settle(first.number(), 30);
        window.settle(first.number(), 30);
        window.settle(first.number(), 90);
        assertThat(window.offer(1, 71)).isInstanceOf(Verdict.Refused.class);
        assertThat(window.offer(1, 70)).isInstanceOf(Verdict.Admitted.class);
        assertThat(window.offer(LENGTH, 30)).isInstanceOf(Verdict.Admitted.class);
        window.settle(first.number(), 0);
        assertThat(window.offer(LENGTH, 1)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void withoutLimitsNothingOverflows() {
        RollingWindow window = new RollingWindow(ModelLimits.unlimited(), LENGTH);
        assertThat(window.offer(0, ModelLimits.UNLIMITED)).isInstanceOf(Verdict.Admitted.class);
        assertThat(window.offer(0, ModelLimits.UNLIMITED)).isInstanceOf(Verdict.Refused.class);
    }
}
