package io.sluice.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.budget.Budget;
import io.sluice.budget.Charge;
import io.sluice.budget.UnknownPriceException;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Which price is whose. */
class PriceBookTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 22);
    private static final PriceBook BOOK = PriceBook.builtin().clock(() -> Instant.parse("2026-11-22T12:00:00Z"));

    private static TokenRates rates(String input, String output) {
        return TokenRates.of(new BigDecimal(input), new BigDecimal(output));
    }

    private static ModelPrice.Builder price(String model, String input) {
        return ModelPrice.builder(ModelKey.parse(model), rates(input, input)).source("a contract", DAY);
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-4o-2024-08-06, openai/gpt-4o",
        "OpenAI/GPT-4o, openai/gpt-4o",
        "anthropic/claude-opus-4-20250514, anthropic/claude-opus-4",
        "anthropic/claude-opus-4-0, anthropic/claude-opus-4",
        "anthropic/claude-opus-4-5-20251101, anthropic/claude-opus-4-5",
        "anthropic/claude-3-5-haiku-latest, anthropic/claude-3-5-haiku",
        "google/gemini-2.0-flash-001, google/gemini-2.0-flash",
        "groq/openai/gpt-oss-120b, groq/openai/gpt-oss-120b"
    })
    void aModelFindsItsPriceByNameByAliasAndByVersion(String asked, String found) {
        assertThat(BOOK.resolve(ModelKey.parse(asked)).key()).isEqualTo(ModelKey.parse(found));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anthropic/claude-opus-4-9",
                "openai/gpt-4o-realtime",
                "openai/gpt-7",
                "openai/gpt-6",
                "azure/gpt-4o",
                "anthropic/claude-sonnet-4-6-fast"
            })
    void aNameThatIsMerelySimilarHasNoPrice(String asked) {
        assertThat(BOOK.usd(ModelKey.parse(asked), TokenUsage.of(1, 1))).isNull();
        assertThatThrownBy(() -> BOOK.resolve(ModelKey.parse(asked)))
                .isInstanceOf(NoPriceException.class)
                .hasMessage("No price is known for " + asked
                        + ". Add it to the project's .sluice/model-prices.json, or with PriceBook.with(..).");
    }

    @Test
    void everyBuiltInPriceHasASourceAndADate() {
        Set<ModelKey> keys = new HashSet<>();
        assertThat(BOOK.prices()).hasSizeGreaterThan(60).allSatisfy(price -> {
            assertThat(price.source()).isNotBlank();
            assertThat(price.date()).isBetween(LocalDate.of(2025, 1, 1), LocalDate.of(2026, 11, 22));
            assertThat(keys.add(price.key())).isTrue();
        });
    }

    @Test
    void aDeclaredPriceTakesThePlaceOfAllBuiltInOnesOfItsModel() {
        PriceBook book = BOOK.with(price("google/gemini-3.6-flash", "1").build());
        for (String day : new String[] {"2026-01-01", "2027-06-01"}) {
            ModelPrice found = book.find(ModelKey.of("google", "gemini-3.6-flash"), LocalDate.parse(day));
            assertThat(found.source()).isEqualTo("a contract");
        }
        assertThat(book.prices()).hasSameSizeAs(BOOK.prices());
    }

    @Test
    void anAliasOfABuiltInModelFindsTheDeclaredPriceOfIt() {
        PriceBook book = BOOK.with(price("anthropic/claude-opus-4", "1").build());
        assertThat(book.resolve(ModelKey.of("anthropic", "claude-opus-4-0")).source())
                .isEqualTo("a contract");
    }

    @Test
    void aDeclaredPriceOfTheVersionGoesBeforeThatOfTheModel() {
        PriceBook book = BOOK.with(price("openai/gpt-4o-2024-08-06", "9").build());
        assertThat(book.usd(ModelKey.of("openai", "gpt-4o-2024-08-06"), TokenUsage.of(1_000_000, 0)))
                .isEqualByComparingTo("9");
        assertThat(book.usd(ModelKey.of("openai", "gpt-4o-2024-11-20"), TokenUsage.of(1_000_000, 0)))
                .isEqualByComparingTo("2.5");
    }

    @Test
    void anAccountMayHaveAPriceOfItsOwn() {
        PriceBook book = BOOK.with(price("openai/gpt-4o", "1").build())
                .with(ModelPrice.builder(ModelKey.of("openai", "gpt-4o").account("team-a"), rates("2", "2"))
                        .source("another contract", DAY)
                        .build());
        ModelKey model = ModelKey.of("openai", "gpt-4o");
        assertThat(book.resolve(model.account("team-a")).source()).isEqualTo("another contract");
        assertThat(book.resolve(model.account("team-b")).source()).isEqualTo("a contract");
        assertThat(book.resolve(model).source()).isEqualTo("a contract");
    }

    @Test
    void aModelWithoutAPriceForTheTierHasNone() {
        ModelKey model = ModelKey.of("openai", "gpt-5.4");
        assertThat(BOOK.usd(model, TokenUsage.of(1, 1))).isNotNull();
        assertThat(BOOK.tier(ServiceTier.BATCH).usd(model, TokenUsage.of(1, 1))).isNull();
    }

    @Test
    void aFeeForEachRequestIsAddedOnce() {
        PriceBook book = BOOK.with(price("p/m", "2")
                .perRequest(new BigDecimal("0.005"))
                .tier(ServiceTier.BATCH, new BigDecimal("0.5"))
                .build());
        ModelKey model = ModelKey.of("p", "m");
        assertThat(book.usd(model, TokenUsage.of(0, 0))).isEqualByComparingTo("0.005");
        assertThat(book.usd(model, TokenUsage.of(1_000, 0))).isEqualByComparingTo("0.007");
        assertThat(book.tier(ServiceTier.BATCH).usd(model, TokenUsage.of(1_000, 0)))
                .isEqualByComparingTo("0.006");
    }

    @Test
    void thinkingMayHaveAPriceOfItsOwn() {
        BigDecimal one = BigDecimal.ONE;
        PriceBook book = BOOK.with(
                ModelPrice.builder("p", "m", new TokenRates(one, one, one, one, BigDecimal.TEN, new BigDecimal("3")))
                        .source("a contract", DAY)
                        .build());
        assertThat(book.usd(ModelKey.of("p", "m"), TokenUsage.of(0, 1_000_000).withReasoning(400_000)))
                .isEqualByComparingTo("7.2");
    }

    @Test
    void moreTokensNeverCostLess() {
        Random random = new Random(1);
        for (ModelPrice price : BOOK.prices()) {
            for (int i = 0; i < 200; i++) {
                long input = random.nextLong(400_000);
                long output = random.nextLong(10_000);
                BigDecimal less = price.usd(TokenUsage.of(input, output), ServiceTier.STANDARD);
                BigDecimal more = price.usd(
                        TokenUsage.of(input + random.nextLong(100_000), output + random.nextLong(1_000)),
                        ServiceTier.STANDARD);
                assertThat(more).as("%s", price).isGreaterThanOrEqualTo(less);
            }
        }
    }

    @Test
    void aLongerCallThatCostsLessIsRefused() {
        assertThatThrownBy(() -> price("p/m", "2").above(100, rates("1", "3")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not cost less");
        assertThatThrownBy(() -> price("p/m", "2").above(100, rates("2", "3")).above(100, rates("3", "3")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bounds must rise, was 100 after 100");
    }

    @Test
    void aBudgetInMoneyRefusesAModelThatHasNoPrice() {
        Budget budget = Budget.root("run").usd("1").prices(BOOK::usd).build();
        Mono<String> call = Mono.just("sent")
                .transform(budget.charge(
                        Charge.of(ModelKey.of("openai", "gpt-7"), TokenEstimate.of(10, 10)),
                        answer -> TokenUsage.of(10, 10)));
        StepVerifier.create(call)
                .verifyErrorSatisfies(refused -> assertThat(refused)
                        .isInstanceOf(UnknownPriceException.class)
                        .hasMessageContaining(
                                "the price of openai/gpt-7 is not known. Add it to the prices of the budget"));
        budget.dispose();
    }

    @Test
    void aBudgetIsChargedWhatTheCacheReallyCost() {
        Budget budget = Budget.root("run").usd("1").prices(BOOK::usd).build();
        TokenUsage used = TokenUsage.of(50_000, 1_000).withCache(40_000, 8_000).withCacheForAnHour(3_000);
        StepVerifier.create(Mono.just("sent")
                        .transform(budget.charge(
                                Charge.of(
                                        ModelKey.of("anthropic", "claude-fable-5-1"), TokenEstimate.of(50_000, 1_000)),
                                answer -> used)))
                .expectNext("sent")
                .verifyComplete();
        // 2,000 * 10 + 40,000 * 0.25 + 5,000 * 12.5 + 3,000 * 20 + 1,000 * 50 = 202,500 dollars per million
        assertThat(budget.snapshot().spent().money()).hasToString("$0.2025");
        budget.dispose();
    }
}
