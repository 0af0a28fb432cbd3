package io.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** The parts of a usage, and what stands for the sides that are unknown. */
class TokenUsageTest {

    @Test
    void whatIsCachedForAnHourIsPartOfWhatIsCached() {
        TokenUsage usage = TokenUsage.of(100, 10).withCache(50, 30).withCacheForAnHour(20);
        assertThat(usage.cacheWritten()).isEqualTo(30);
        assertThat(usage.cacheWrittenForAnHour()).isEqualTo(20);
        assertThat(usage).isNotEqualTo(TokenUsage.of(100, 10).withCache(50, 30));
        assertThat(usage)
                .hasToString(
                        "TokenUsage[input=100, output=10, cacheRead=50, cacheWritten=30, cacheWrittenForAnHour=20]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> usage.withCacheForAnHour(31))
                .withMessage("31 tokens were put into the cache for an hour, of 30 that were put there; it is contained"
                        + " in them");
    }

    @Test
    void anotherCacheForgetsWhatStayedInTheLast() {
        assertThat(TokenUsage.of(100, 10)
                        .withCache(50, 30)
                        .withCacheForAnHour(20)
                        .withCache(1, 2))
                .isEqualTo(TokenUsage.of(100, 10).withCache(1, 2));
    }

    @Test
    void whatIsUnknownIsReplacedAndWhatIsKnownStays() {
        assertThat(TokenUsage.UNKNOWN.orElse(3, 4)).isEqualTo(TokenUsage.of(3, 4));
        assertThat(TokenUsage.output(5).withReasoning(2).orElse(3, 4))
                .isEqualTo(TokenUsage.of(3, 5).withReasoning(2));
        TokenUsage known =
                TokenUsage.of(9, 8).withCache(1, 2).withCacheForAnHour(1).withReasoning(1);
        assertThat(known.orElse(-1, -1)).isEqualTo(known);
        assertThatIllegalArgumentException().isThrownBy(() -> TokenUsage.UNKNOWN.orElse(-1, 0));
    }
}
