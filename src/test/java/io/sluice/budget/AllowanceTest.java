package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowanceTest {

    private static Allowance of(Long limit) {
        return new Allowance(BudgetDimension.TOKENS, limit, new int[] {50, 80, 100});
    }

    @ParameterizedTest
    @CsvSource({
        // limit, spent, held, asked, fits
        "100,   0,   0, 100, true",
        "100,   0,   0, 101, false",
        "100,  40,  60,   0, true",
        "100,  40,  60,   1, false",
        "100,  40,  50,  10, true",
        "100, 100,   0,   0, true",
        "100, 101,   0,   0, false",
        "100, 120,   0,   1, false",
        "  0,   0,   0,   0, true",
        "  0,   0,   0,   1, false",
        "   ,   0,   0, 9223372036854775807, true",
        "   , 9223372036854775806, 0, 1, true",
        "   , 9223372036854775806, 0, 2, false"
    })
    void whatIsNeitherSpentNorHeldCanBeHeld(Long limit, long spent, long held, long asked, boolean fits) {
        Allowance allowance = of(limit);
        allowance.settle(0, spent, 0);
        allowance.hold(held);
        assertThat(allowance.fits(asked)).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({
        // held, used, spent after, overdraft after
        "60, 60, 60, 0",
        "60, 10, 10, 0",
        "60, 0, 0, 0",
        "60, 100, 100, 0",
        "60, 130, 130, 30"
    })
    void whatWasUsedTakesThePlaceOfWhatWasHeld(long held, long used, long spent, long overdraft) {
        Allowance allowance = of(100L);
        allowance.hold(held);
        allowance.settle(held, used, 0);
        assertThat(allowance.held()).isZero();
        assertThat(allowance.spent()).isEqualTo(spent);
        assertThat(allowance.overdraft()).isEqualTo(overdraft);
        assertThat(allowance.free()).isEqualTo(100 - spent);
    }

    @ParameterizedTest
    @CsvSource({"3, 2, 50", "3, 1, 0", "100, 49, 0", "100, 50, 50", "9007199254740992, 4503599627370496, 50"})
    void aThresholdIsPassedWhenSoMuchIsSpent(long limit, long spent, int passed) {
        Allowance allowance = of(limit);
        allowance.settle(0, spent, 0);
        assertThat(allowance.passThreshold()).isEqualTo(passed);
    }

    @Test
    void eachThresholdIsToldOnce() {
        Allowance allowance = of(100L);
        allowance.settle(0, 85, 0);
        assertThat(passed(allowance)).containsExactly(50, 80);
        allowance.refund(50, 0);
        allowance.settle(0, 50, 0);
        assertThat(passed(allowance)).isEmpty();
        allowance.settle(0, 500, 0);
        assertThat(passed(allowance)).containsExactly(100);
    }

    @Test
    void whatHasNoLimitOrNothingHasNoThresholds() {
        for (Long limit : new Long[] {null, 0L}) {
            Allowance allowance = of(limit);
            allowance.settle(0, Long.MAX_VALUE, 0);
            assertThat(passed(allowance)).isEmpty();
        }
    }

    @Test
    void sumsStayWithinALong() {
        Allowance allowance = of(null);
        allowance.settle(0, Long.MAX_VALUE - 5, 0);
        allowance.hold(5);
        allowance.settle(2, Long.MAX_VALUE, 0);
        assertThat(allowance.held()).isEqualTo(3);
        assertThat(allowance.spent()).isEqualTo(Long.MAX_VALUE - 3);
        assertThat(allowance.free()).isZero();
    }

    private static List<Integer> passed(Allowance allowance) {
        List<Integer> passed = new ArrayList<>();
        for (int percent = allowance.passThreshold(); percent != 0; percent = allowance.passThreshold()) {
            passed.add(percent);
        }
        return passed;
    }
}
