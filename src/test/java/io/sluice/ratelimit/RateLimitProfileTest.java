package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.model.ModelKey;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RateLimitProfileTest {

    @Test
    @DisplayName("A4: defaults")
    void theDefaultsAreThoseOfTheSeed() {
        RateLimitProfile profile = RateLimitProfile.builder("openai", "gpt-5.4")
                .rpm(120)
                .tpm(600_000)
                .build();
        assertThat(profile.utilizationTarget()).isEqualTo(0.7);
        assertThat(profile.concurrencyCap()).isEqualTo(1);
        assertThat(profile.maxConcurrency()).isEqualTo(1);
        assertThat(profile.source()).isEqualTo("local");
        assertThat(profile.oversize()).isEqualTo(Oversize.ADMIT_ALONE);
    }

    @Test
    @DisplayName("A5: validation in the seed's order and wording, with the value and the name")
    void badValuesAreRefusedInOrder() {
        RateLimitProfile.Builder builder = RateLimitProfile.builder("p", "m")
                .rpm(0)
                .tpm(0)
                .utilizationTarget(0)
                .concurrency(0);
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessage("rpm_limit must be greater than zero, was 0 (profile of p/m)");
        builder.rpm(1);
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessage("tpm_limit must be greater than zero, was 0 (profile of p/m)");
        builder.tpm(1);
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessage("utilization_target must be greater than 0 and at most 1, was 0.0 (profile of p/m)");
        builder.utilizationTarget(Double.NaN);
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("was NaN");
        builder.utilizationTarget(1.0001);
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("was 1.0001");
        builder.utilizationTarget(1);
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessage("concurrency_cap must be greater than zero, was 0 (profile of p/m)");
        assertThat(builder.concurrency(1).build().effectiveRpm()).isEqualTo(1);
    }

    @Test
    @DisplayName("D-RL-28: blank names, overflow and separators in names")
    void namesAreStructuredAndNeverBlank() {
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimitProfile.builder(" ", "m"));
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimitProfile.builder("p", "\t"));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        RateLimitProfile.builder("p", "m").rpm(Long.MAX_VALUE).build())
                .withMessageContaining("at most");
        assertThat(ModelKey.of("a::b", "c")).isNotEqualTo(ModelKey.of("a", "b::c"));
        assertThat(ModelKey.of("  OpenAI\u2003", "GPT-4O ")).isEqualTo(ModelKey.of("openai", "gpt-4o"));
        assertThat(ModelKey.parse("groq/openai/gpt-oss-120b")).isEqualTo(ModelKey.of("groq", "openai/gpt-oss-120b"));
    }

    @Test
    @DisplayName("D-RL-20: effective limits are exact decimals")
    void effectiveLimitsAreExact() {
        assertThat(RateLimitProfile.builder("p", "m").tpm(90_000).build().effectiveTpm())
                .isEqualTo(63_000);
        assertThat(RateLimitProfile.builder("p", "m").rpm(360).build().effectiveRpm())
                .isEqualTo(252);
        for (double target : new double[] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}) {
            for (long limit = 1; limit <= 5_000; limit++) {
                long exact = BigDecimal.valueOf(limit)
                        .multiply(new BigDecimal(Double.toString(target)))
                        .setScale(0, RoundingMode.FLOOR)
                        .longValueExact();
                assertThat(RateLimitProfile.builder("p", "m")
                                .rpm(limit)
                                .utilizationTarget(target)
                                .build()
                                .effectiveRpm())
                        .isEqualTo(Math.max(1, exact));
            }
        }
    }

    @Test
    void anyLimitMayBeAbsent() {
        RateLimitProfile none = RateLimitProfile.builder("tool", "search").build();
        assertThat(none.rpm()).isNull();
        assertThat(none.effectiveRpm()).isEqualTo(Long.MAX_VALUE);
        assertThat(none.effectiveTpm()).isEqualTo(Long.MAX_VALUE);
        assertThat(none)
                .hasToString("RateLimitProfile[tool/search, rpm=none, tpm=none, utilizationTarget=0.7, "
                        + "concurrencyCap=1, maxConcurrency=1, oversize=ADMIT_ALONE, "
                        + "refundPolicy=REFUND_UNUSED, refundRefused=true, burst=none, skew=none, source=local]");
    }

    @Test
    void aCopyDiffersInWhatWasChangedOnly() {
        RateLimitProfile one =
                RateLimitProfile.builder("p", "m").rpm(10).concurrency(3).build();
        assertThat(one.toBuilder().build()).isEqualTo(one).hasSameHashCodeAs(one);
        assertThat(one.toBuilder().rpm(11).build()).isNotEqualTo(one);
    }
}
