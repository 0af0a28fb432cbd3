package io.sluice.cli;

import io.sluice.budget.Budget;
import io.sluice.model.ModelKey;
import io.sluice.model.Money;
import io.sluice.price.PriceBook;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a batch may spend. */
final class BudgetOptions {

    private static final long MOST_TOKENS = 1L << 53;

    @Option(
            names = "--budget-usd",
            paramLabel = "AMOUNT",
            converter = AmountOfMoney.class,
            description =
                    "Stop when so many dollars are spent, by the prices of 'sluice prices'. What was sent is finished;"
                            + " the lines that are left have no result, and --resume does them later. The simulator's calls are"
                            + " priced as OpenAI's.")
    private @Nullable Money money;

    @Option(
            names = "--budget-tokens",
            paramLabel = "N",
            converter = NumberOfTokens.class,
            description = "Stop when so many tokens are spent, input and output together.")
    private @Nullable Long tokens;

    /** Above 0, and no more than a budget can be limited to. */
    static final class NumberOfTokens implements ITypeConverter<Long> {

        private final WholeNumber whole = new WholeNumber();

        @Override
        public Long convert(String value) {
            Long number = whole.convert(value);
            if (number < 1 || number > MOST_TOKENS) {
                throw new TypeConversionException("must be between 1 and " + MOST_TOKENS + ", was '" + value + "'");
            }
            return number;
        }
    }

    /**
     * The budget of this run, or null where nothing limits it.
     *
     * @throws io.sluice.SluiceException if the project's prices cannot be read, or the model that was named has none
     */
    @Nullable
    Budget budget(ProviderOptions provider, ProjectOption project) {
        if (money == null && tokens == null) {
            return null;
        }
        Budget.Builder budget = Budget.root("batch");
        if (tokens != null) {
            budget.tokens(tokens);
        }
        if (money != null) {
            PriceBook prices = project.priceFile().load();
            String model = provider.model();
            if (model != null) {
                // Told once and before anything is sent, not with each line.
                prices.resolve(priced(ModelKey.of(provider.name(), model)));
            }
            budget.money(money).prices((key, usage) -> prices.usd(priced(key), usage));
        }
        return budget.build();
    }

    private static ModelKey priced(ModelKey key) {
        return key.provider().equals(KnownProvider.SIMULATOR)
                ? ModelKey.of(KnownProvider.OPENAI.label(), key.model())
                : key;
    }
}
