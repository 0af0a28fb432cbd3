package io.sluice.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    @Test
    void itIsTheBeginningOfTheSha256OfTheLine() {
        assertThat(Fingerprint.ofLine("abc".getBytes(UTF_8))).hasToString("ba7816bf8f01cfea414140de5dae2223");
    }

    @Test
    void itIsReadAsItWasWritten() {
        Fingerprint one = Fingerprint.ofLine("{\"prompt\":\"x\"}".getBytes(UTF_8));
        assertThat(Fingerprint.parse(one.toString())).isEqualTo(one);
        assertThat(Fingerprint.parse("ba78")).isNull();
        assertThat(Fingerprint.parse("zz7816bf8f01cfea414140de5dae2223")).isNull();
    }

    @Test
    void aNameIsNotALineOfTheSameText() {
        assertThat(Fingerprint.ofId("a")).isNotEqualTo(Fingerprint.ofLine("a".getBytes(UTF_8)));
        assertThat(Fingerprint.ofId("a").occurrence(1)).isEqualTo(Fingerprint.ofId("a"));
        assertThat(Fingerprint.ofId("a").occurrence(2)).isNotEqualTo(Fingerprint.ofId("a"));
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
