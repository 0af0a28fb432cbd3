package io.sluice.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    @Test
    void itIsTheFirstHalfOfTheSha256() {
        assertThat(Fingerprint.of("abc")).isEqualTo(new Fingerprint(0xba7816bf8f01cfeaL, 0x414140de5dae2223L));
    }

    @Test
    void linesWithTheSameNameHaveDifferentOnes() {
        assertThat(Fingerprint.of("a").occurrence(1)).isEqualTo(Fingerprint.of("a"));
        assertThat(IntStream.rangeClosed(1, 100_000).mapToObj(Fingerprint.of("a")::occurrence))
                .doesNotHaveDuplicates();
    }

    @Test
    void aTableHoldsWhatAMapWould() {
        Random random = new Random(11);
        FingerprintTable table = new FingerprintTable();
        Map<Fingerprint, Integer> map = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            // Few different low halves, so that places are taken.
            Fingerprint one = new Fingerprint(random.nextInt(20), random.nextInt(500));
            assertThat(table.increment(one)).isEqualTo(map.merge(one, 1, Integer::sum));
        }
        map.forEach((one, times) -> assertThat(table.get(one)).isEqualTo(times));
        assertThat(table.size()).isEqualTo(map.size());
        assertThat(table.get(new Fingerprint(99, 99))).isZero();
    }
}
