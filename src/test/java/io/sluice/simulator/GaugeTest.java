package io.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GaugeTest {

    private static final long LENGTH = 1_000;

    private record Charge(long at, long amount, long mark) {}

    /** The three kinds written down as they are defined: look at all that ever happened. */
    private static final class Definition {

        private final List<Charge> all = new ArrayList<>();
        private final WindowKind kind;
        private final long limit;
        private final long length;

        Definition(WindowKind kind, long limit, long length) {
            this.kind = kind;
            this.limit = limit;
            this.length = length;
        }

        long used(long now) {
            return switch (kind) {
                case ROLLING -> sum(now - length + 1, now);
                case FIXED -> sum(Math.floorDiv(now, length) * length, now);
                case TOKEN_BUCKET -> bucket(now);
            };
        }

        private long sum(long from, long to) {
            return all.stream()
                    .filter(charge -> charge.at() >= from && charge.at() <= to)
                    .mapToLong(Charge::amount)
                    .sum();
        }

        /** Rounded up, which is what decides about whole amounts. */
        private long bucket(long now) {
            BigInteger unit = BigInteger.valueOf(length);
            BigInteger out = BigInteger.ZERO;
            long latest = now;
            for (Charge charge : all) {
                out = refilled(out, charge.at() - latest).add(unit.multiply(BigInteger.valueOf(charge.amount())));
                latest = charge.at();
            }
            return refilled(out, now - latest)
                    .add(unit)
                    .subtract(BigInteger.ONE)
                    .divide(unit)
                    .longValueExact();
        }

        private BigInteger refilled(BigInteger out, long elapsed) {
            return out.subtract(BigInteger.valueOf(Math.max(0, elapsed)).multiply(BigInteger.valueOf(limit)))
                    .max(BigInteger.ZERO);
        }
    }

    @ParameterizedTest
    @EnumSource(WindowKind.class)
    void eachKindCountsAsItsDefinitionDoes(WindowKind kind) {
        for (long seed = 1; seed <= 8; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long limit = random.nextLong(1, 300);
            Gauge gauge = Gauge.of(kind, limit, LENGTH);
            Definition definition = new Definition(kind, limit, LENGTH);
            long now = random.nextLong(-5_000, 5_000);
            long highest = 0;
            for (int i = 0; i < 250; i++) {
                now += random.nextInt(3) == 0 ? 0 : random.nextLong(0, 80);
                long asked = random.nextLong(0, limit + 1);
                assertThat(gauge.used(now)).isEqualTo(definition.used(now));
                long delay = gauge.delay(asked, now);
                if (delay == 0) {
                    definition.all.add(new Charge(now, asked, gauge.charge(asked, now)));
                    highest = Math.max(highest, definition.used(now));
                } else {
                    assertThat(definition.used(now + delay - 1) + asked).isGreaterThan(limit);
                }
                assertThat(definition.used(now + delay) + (delay == 0 ? 0 : asked))
                        .isLessThanOrEqualTo(limit);
                long reset = gauge.reset(now);
                assertThat(definition.used(now + reset)).isZero();
                assertThat(reset == 0 || definition.used(now + reset - 1) > 0).isTrue();
            }
            assertThat(gauge.highest()).isEqualTo(highest).isLessThanOrEqualTo(limit);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WindowKind.class,
            names = {"ROLLING", "FIXED"})
    void whatIsGivenBackIsTakenFromItsOwnWindow(WindowKind kind) {
        SplittableRandom random = new SplittableRandom(7);
        Gauge gauge = Gauge.of(kind, 500, LENGTH);
        Definition definition = new Definition(kind, 500, LENGTH);
        long now = 0;
        for (int i = 0; i < 500; i++) {
            now += random.nextLong(0, 80);
            long asked = random.nextLong(0, 60);
            if (gauge.delay(asked, now) == 0) {
                definition.all.add(new Charge(now, asked, gauge.charge(asked, now)));
            }
            int at = definition.all.size() - 1 - random.nextInt(Math.min(30, definition.all.size()));
            Charge charge = definition.all.get(at);
            long back = random.nextLong(0, charge.amount() + 1);
            gauge.giveBack(charge.mark(), back, now);
            definition.all.set(at, new Charge(charge.at(), charge.amount() - back, charge.mark()));
            assertThat(gauge.used(now)).isEqualTo(definition.used(now));
        }
    }

    @Test
    void aBucketTakesBackWhatWasNotUsed() {
        Gauge bucket = Gauge.of(WindowKind.TOKEN_BUCKET, 100, LENGTH);
        bucket.charge(100, 0);
        bucket.giveBack(0, 30, 0);
        assertThat(bucket.delay(31, 0)).isEqualTo(10);
        bucket.giveBack(0, 90, 0);
        assertThat(bucket.used(0)).isZero();
        assertThat(bucket.highest()).isEqualTo(100);
    }

    /** Each row reproduces a message of OpenAI or Groq, seen between 2024 and 2026. */
    @ParameterizedTest
    @CsvSource({
        "200000, 150974, 53621, 60, 1378500000",
        "200000, 200000, 9180, 60, 2754000000",
        "500, 500, 1, 60, 120000000",
        "3, 3, 1, 60, 20000000000",
        "200, 200, 1, 86400, 432000000000",
        "10000, 10000, 1, 86400, 8640000000",
        "50, 50, 1, 86400, 1728000000000",
        "200000, 196672, 3473, 86400, 62640000000",
    })
    void aBucketStatesTheWaitsThatProvidersState(long limit, long used, long requested, long seconds, long nanos) {
        Gauge bucket = Gauge.of(WindowKind.TOKEN_BUCKET, limit, seconds * 1_000_000_000);
        bucket.charge(used, 1_700_000_000_000_000_000L);
        assertThat(bucket.delay(requested, 1_700_000_000_000_000_000L)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @EnumSource(WindowKind.class)
    void withoutLimitsNothingOverflows(WindowKind kind) {
        Gauge gauge = Gauge.of(kind, ModelLimits.UNLIMITED, ModelLimits.LONGEST.toNanos());
        assertThat(gauge.delay(ModelLimits.UNLIMITED, 0)).isZero();
        gauge.charge(ModelLimits.UNLIMITED, 0);
        assertThat(gauge.delay(ModelLimits.UNLIMITED, 0)).isEqualTo(ModelLimits.LONGEST.toNanos());
        assertThat(gauge.used(1)).isBetween(ModelLimits.UNLIMITED - 20_000, ModelLimits.UNLIMITED);
    }
}
