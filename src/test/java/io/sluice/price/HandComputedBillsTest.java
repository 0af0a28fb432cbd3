package io.sluice.price;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.ModelKey;
import io.sluice.model.Money;
import io.sluice.model.TokenUsage;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bills that were computed by hand from the providers' price lists of November 2026, to the nano-dollar. The input holds what
 * was read from a cache and what was written to one, that what stays an hour, the output what was thought.
 */
class HandComputedBillsTest {

    @ParameterizedTest(name = "{index}: {arguments}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            model                                | day        | tier     |   input |   read | written |  hour | output | thought | computed by hand: tokens * dollars per million          |       spent |    reserved
            openai/gpt-6-astra                   | 2026-11-22 | standard |  100000 |      0 |       0 |     0 |   2000 |       0 | 100000*10 + 2000*50                                     |  1100000000 |  1100000000
            openai/gpt-6-astra                   | 2026-11-22 | standard |  100000 |  60000 |       0 |     0 |   2000 |    1500 | 40000*10 + 60000*1 + 2000*50                            |   560000000 |   560000000
            openai/gpt-6-astra                   | 2026-11-22 | standard |  100000 |  60000 |   30000 |     0 |   2000 |       0 | 10000*10 + 60000*1 + 30000*12.5 + 2000*50               |   635000000 |   635000000
            openai/gpt-6-astra                   | 2026-11-22 | standard |  272000 |      0 |       0 |     0 |   1000 |       0 | 272000*10 + 1000*50                                     |  2770000000 |  2770000000
            openai/gpt-6-astra                   | 2026-11-22 | standard |  272001 |      0 |       0 |     0 |   1000 |       0 | 272001*20 + 1000*75                                     |  5515020000 |  5515020000
            openai/gpt-6-astra                   | 2026-11-22 | standard |  300000 | 200000 |   50000 |     0 |   1000 |     999 | 50000*20 + 200000*2 + 50000*25 + 1000*75                |  2725000000 |  2725000000
            openai/gpt-6-astra                   | 2026-11-22 | batch    |  100000 |  60000 |       0 |     0 |   2000 |       0 | (40000*10 + 60000*1 + 2000*50) * 0.5                    |   280000000 |   280000000
            openai/gpt-6-astra                   | 2026-11-22 | flex     |       7 |      0 |       0 |     0 |      3 |       0 | (7*10 + 3*50) * 0.5                                     |      110000 |      110000
            openai/gpt-6-astra                   | 2026-11-22 | fast     |  300000 |      0 |       0 |     0 |     10 |       0 | (300000*20 + 10*75) * 2                                 | 12001500000 | 12001500000
            openai/gpt-6-sol                     | 2026-11-22 | standard |    1234 |   1000 |      34 |     0 |    567 |     400 | 200*2 + 1000*0.2 + 34*2.5 + 567*10                      |     6355000 |     6355000
            openai/gpt-6-luna                    | 2026-11-22 | standard |       1 |      0 |       0 |     0 |      1 |       0 | 1*0.1 + 1*0.5                                           |         600 |         600
            openai/gpt-6-luna                    | 2026-11-22 | standard |    1001 |    900 |     101 |     0 |     11 |       0 | 0*0.1 + 900*0.01 + 101*0.125 + 11*0.5                   |       27125 |       27125
            openai/gpt-5.6-sol                   | 2026-11-22 | standard |  272001 | 272000 |       0 |     0 |    100 |     100 | 1*10 + 272000*1 + 100*45                                |   276510000 |   276510000
            openai/gpt-5.6-terra                 | 2026-07-29 | standard |   10000 |   5000 |       0 |     0 |   1000 |       0 | 5000*2.5 + 5000*0.25 + 1000*15                          |    28750000 |    28750000
            openai/gpt-5.6-terra                 | 2026-07-30 | standard |   10000 |   5000 |       0 |     0 |   1000 |       0 | 5000*2 + 5000*0.2 + 1000*12                             |    23000000 |    23000000
            openai/gpt-5.6-luna                  | 2026-07-29 | standard |   10000 |      0 |       0 |     0 |   1000 |       0 | 10000*1 + 1000*6                                        |    16000000 |    16000000
            openai/gpt-5.6-luna                  | 2026-11-22 | standard |   10000 |   9999 |       0 |     0 |   1000 |       0 | 1*0.2 + 9999*0.02 + 1000*1.2                            |     1400180 |     1400180
            openai/gpt-5.4                       | 2026-11-22 | standard |  272000 | 100000 |       0 |     0 |   5000 |    4000 | 172000*2.5 + 100000*0.25 + 5000*15                      |   530000000 |   530000000
            openai/gpt-5.4-2026-03-05            | 2026-11-22 | standard |  272001 | 100000 |       0 |     0 |   5000 |    4000 | 172001*5 + 100000*0.5 + 5000*22.5                       |  1022505000 |  1022505000
            openai/gpt-5.4-mini                  | 2026-11-22 | standard |     333 |    111 |       0 |     0 |     77 |       0 | 222*0.75 + 111*0.075 + 77*4.5                           |      521325 |      521325
            openai/gpt-5-nano                    | 2026-11-22 | standard |   12345 |   1234 |       0 |     0 |    678 |     600 | 11111*0.05 + 1234*0.005 + 678*0.4                       |      832920 |      832920
            openai/gpt-4o-2024-08-06             | 2026-11-22 | standard | 1000000 | 500000 |       0 |     0 |      0 |       0 | 500000*2.5 + 500000*1.25                                |  1875000000 |  1875000000
            openai/gpt-4o-mini                   | 2026-11-22 | standard |      19 |      0 |       0 |     0 |      7 |       0 | 19*0.15 + 7*0.6                                         |        7050 |        7050
            openai/o4-mini                       | 2026-11-22 | standard |    2049 |   1024 |       0 |     0 |   8191 |    8000 | 1025*1.1 + 1024*0.275 + 8191*4.4                        |    37449500 |    37449500
            anthropic/claude-fable-5-1           | 2026-11-22 | standard |   50000 |  40000 |    8000 |  3000 |   1000 |     200 | 2000*10 + 40000*0.25 + 5000*12.5 + 3000*20 + 1000*50    |   202500000 |   202500000
            anthropic/claude-opus-5-5            | 2026-11-22 | standard |   36867 |  30464 |    3883 |     0 |    412 |       0 | 2520*4 + 30464*0.2 + 3883*5 + 412*20                    |    43827800 |    43827800
            anthropic/claude-opus-5-5            | 2026-11-22 | batch    |   36867 |  30464 |    3883 |  3883 |    412 |       0 | (2520*4 + 30464*0.2 + 3883*8 + 412*20) * 0.5            |    27738400 |    27738400
            anthropic/claude-opus-4-1-20250805   | 2026-11-22 | standard |    2500 |      0 |    2000 |  1000 |  64000 |   60000 | 500*15 + 1000*18.75 + 1000*30 + 64000*75                |  4856250000 |  4856250000
            anthropic/claude-opus-4-0            | 2026-11-22 | standard |    1000 |      0 |       0 |     0 |   1000 |       0 | 1000*15 + 1000*75                                       |    90000000 |    90000000
            anthropic/claude-sonnet-5-5          | 2026-10-06 | standard |   10000 |   9000 |       0 |     0 |     10 |       0 | 1000*2 + 9000*0.2 + 10*10                               |     3900000 |     3900000
            anthropic/claude-sonnet-5-5          | 2026-10-07 | standard |   10000 |   9000 |       0 |     0 |     10 |       0 | 1000*2 + 9000*0.1 + 10*10                               |     3000000 |     3000000
            anthropic/claude-sonnet-4-5-20250929 | 2026-11-22 | standard |  200000 |      0 |       0 |     0 |   1000 |       0 | 200000*3 + 1000*15                                      |   615000000 |   615000000
            anthropic/claude-sonnet-4-5-20250929 | 2026-11-22 | standard |  200001 | 100000 |   50001 | 20000 |   1000 |       0 | 50000*6 + 100000*0.6 + 30001*7.5 + 20000*12 + 1000*22.5 |   847507500 |   847507500
            anthropic/claude-haiku-5-5           | 2026-11-22 | batch    |     101 |      0 |     101 |     0 |      1 |       0 | (101*0.125 + 1*0.5) * 0.5                               |        6562 |        6563
            anthropic/claude-haiku-5-5           | 2026-11-22 | standard |  100001 |  90000 |   10001 |     1 |     33 |       0 | 90000*0.05 + 10000*0.625 + 1*1 + 33*2.5                 |    10833500 |    10833500
            google/gemini-3.1-pro-preview        | 2026-11-22 | standard |  200001 | 150000 |       0 |     0 |   3000 |    2500 | 50001*4 + 150000*0.4 + 3000*18                          |   314004000 |   314004000
            google/gemini-3.6-flash              | 2026-12-31 | standard |    4321 |    321 |       0 |     0 |   1234 |    1000 | 4000*0.75 + 321*0.075 + 1234*3.75                       |     7651575 |     7651575
            google/gemini-3.6-flash              | 2027-01-01 | standard |    4321 |    321 |       0 |     0 |   1234 |    1000 | 4000*1.5 + 321*0.15 + 1234*7.5                          |    15303150 |    15303150
            google/gemini-2.5-flash              | 2026-11-22 | standard |     258 |      0 |       0 |     0 |     48 |      36 | 258*0.3 + 48*2.5                                        |      197400 |      197400
            google/gemini-2.0-flash-001          | 2026-11-22 | standard | 1000001 |    999 |       0 |     0 |      0 |       0 | 999002*0.1 + 999*0.025                                  |    99925175 |    99925175
            mistral/mistral-large-2512           | 2026-11-22 | standard |     777 |     77 |       0 |     0 |      7 |       0 | 700*0.5 + 77*0.05 + 7*1.5                               |      364350 |      364350
            mistral/mistral-medium-3             | 2026-11-22 | standard |     777 |     77 |       0 |     0 |      7 |       0 | 777*0.4 + 7*2                                           |      324800 |      324800
            groq/openai/gpt-oss-20b              | 2026-11-22 | standard |       3 |      3 |       0 |     0 |      0 |       0 | 3*0.0375                                                |         112 |         113
            groq/openai/gpt-oss-20b              | 2026-11-22 | standard |       1 |      1 |       0 |     0 |      0 |       0 | 1*0.0375                                                |          38 |          38
            groq/openai/gpt-oss-20b              | 2026-11-22 | standard |       5 |      5 |       0 |     0 |      1 |       0 | 5*0.0375 + 1*0.3                                        |         488 |         488
            """)
    void aBillIsExactToTheNanoDollar(
            String model,
            LocalDate day,
            String tier,
            long input,
            long read,
            long written,
            long hour,
            long output,
            long thought,
            String byHand,
            long spent,
            long reserved) {
        TokenUsage usage = TokenUsage.of(input, output)
                .withCache(read, written)
                .withCacheForAnHour(hour)
                .withReasoning(thought);
        BigDecimal usd = Objects.requireNonNull(PriceBook.builtin()
                .clock(() -> day.atTime(12, 0).toInstant(ZoneOffset.UTC))
                .tier(ServiceTier.valueOf(tier.toUpperCase(Locale.ROOT)))
                .usd(ModelKey.parse(model), usage));
        assertThat(Money.roundedHalfEven(usd).nanos()).as(byHand).isEqualTo(spent);
        assertThat(Money.roundedUp(usd).nanos()).as(byHand).isEqualTo(reserved);
    }
}
