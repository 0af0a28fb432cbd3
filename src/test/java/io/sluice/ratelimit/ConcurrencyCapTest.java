package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConcurrencyCapTest {

    @ParameterizedTest
    @CsvSource({"8,4", "7,4", "5,3", "4,2", "3,2", "2,1", "1,1"})
    @DisplayName("A39: a rate limit halves the cap, rounded up, and never below one")
    void aRateLimitHalvesTheCap(int before, int after) {
        ConcurrencyCap cap = new ConcurrencyCap(before, before, 3);
        cap.rateLimited(cap.generation());
        assertThat(cap.cap()).isEqualTo(after);
    }

    @Test
    @DisplayName("A40: the cap after each of twelve successes")
    void theCapIsRestoredByOneAfterThreeSuccesses() {
        ConcurrencyCap cap = new ConcurrencyCap(8, 8, 3);
        cap.rateLimited(cap.generation());
        List<Integer> caps = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            cap.succeeded(cap.generation(), false);
            caps.add(cap.cap());
        }
        assertThat(caps).containsExactly(4, 4, 5, 5, 5, 6, 6, 6, 7, 7, 7, 8);
    }

    @Test
    @DisplayName("D-RL-21: a burst of refusals is one event")
    void aBurstOfRefusalsReducesOnce() {
        ConcurrencyCap cap = new ConcurrencyCap(8, 8, 3);
        int admitted = cap.generation();
        List<Boolean> news = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            news.add(cap.rateLimited(admitted));
        }
        assertThat(cap.cap()).isEqualTo(4);
        assertThat(news).containsExactly(true, false, false, false, false, false, false, false);
    }

    @Test
    @DisplayName("D-RL-22: successes of calls admitted before the refusal do not restore")
    void anOldSuccessDoesNotRestore() {
        ConcurrencyCap cap = new ConcurrencyCap(8, 8, 3);
        int before = cap.generation();
        cap.rateLimited(before);
        for (int i = 0; i < 7; i++) {
            cap.succeeded(before, true);
        }
        assertThat(cap.cap()).isEqualTo(4);
    }

    @Test
    void theCapGrowsByEvidenceOnlyWhileItIsWhatHoldsCallsBack() {
        ConcurrencyCap cap = new ConcurrencyCap(1, 5, 3);
        cap.succeeded(cap.generation(), false);
        assertThat(cap.cap()).isEqualTo(1);
        for (int i = 0; i < 10; i++) {
            cap.succeeded(cap.generation(), true);
        }
        assertThat(cap.cap()).as("never beyond the most").isEqualTo(5);
    }

    @Test
    void afterTheFirstRateLimitTheCapGrowsCarefully() {
        ConcurrencyCap cap = new ConcurrencyCap(1, 100, 3);
        for (int i = 0; i < 9; i++) {
            cap.succeeded(cap.generation(), true);
        }
        assertThat(cap.cap()).isEqualTo(10);
        cap.rateLimited(cap.generation());
        assertThat(cap.cap()).isEqualTo(5);
        for (int i = 0; i < 6; i++) {
            cap.succeeded(cap.generation(), true);
        }
        assertThat(cap.cap()).isEqualTo(7);
    }

    @Test
    @DisplayName("D-RL-10: a changed profile moves the live cap")
    void aChangedProfileMovesTheCap() {
        ConcurrencyCap lowered = new ConcurrencyCap(8, 8, 3);
        lowered.update(2, 2);
        assertThat(lowered.cap()).isEqualTo(2);

        ConcurrencyCap raised = new ConcurrencyCap(1, 1, 3);
        raised.update(8, 8);
        assertThat(raised.cap()).isEqualTo(8);

        ConcurrencyCap degraded = new ConcurrencyCap(8, 8, 3);
        degraded.rateLimited(degraded.generation());
        degraded.update(16, 16);
        assertThat(degraded.cap()).as("a reduction is not forgotten").isEqualTo(4);
    }
}
