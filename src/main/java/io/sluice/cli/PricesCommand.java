package io.sluice.cli;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.model.ModelKey;
import io.sluice.price.ModelPrice;
import io.sluice.price.PriceBook;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice prices}: what models cost today, and where that is from. */
@Command(
        name = "prices",
        description = {
            "Show what models cost, in dollars per million tokens, each with the source and date of its price.",
            "Prices in .sluice/model-prices.json take the place of built-in ones."
        })
final class PricesCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description = "One model, as provider/model or by its name alone; all where none is named.")
    private @Nullable String model;

    @Mixin
    private final ProjectOption project = new ProjectOption();

    @Option(
            names = "--json",
            description = "Print {\"prices\": [...]}, in the form of the project's file, instead of rows.")
    private boolean json;

    @Override
    public Integer call() {
        PriceBook book = project.priceFile().load();
        List<ModelPrice> rows = model == null ? book.prices() : named(book, model.strip());
        if (rows.isEmpty()) {
            throw new NoSuchPriceException(String.valueOf(model));
        }
        Output output = Output.of(command);
        if (json) {
            output.json(PriceRows.json(rows));
        } else if (model == null) {
            output.line("Dollars per million tokens");
            output.line("");
            PriceRows.table(rows).forEach(output::line);
        } else {
            rows.forEach(row -> PriceRows.details(row).forEach(output::line));
        }
        return ExitCode.OK;
    }

    /** A name with a slash may be that of a provider's model, or as a whole that of a model, as some have one. */
    private static List<ModelPrice> named(PriceBook book, String name) {
        Set<ModelKey> keys = new LinkedHashSet<>();
        try {
            if (name.indexOf('/') >= 0) {
                keys.add(ModelKey.parse(name));
            }
            for (ModelPrice price : book.prices()) {
                keys.add(new ModelKey(price.key().provider(), name, price.key().account()));
            }
        } catch (IllegalArgumentException blank) {
            return List.of();
        }
        Set<ModelPrice> found = new LinkedHashSet<>();
        for (ModelKey key : keys) {
            ModelPrice price = book.find(key);
            if (price != null) {
                found.add(price);
            }
        }
        return new ArrayList<>(found);
    }

    /** A model was asked for whose price nobody knows. */
    private static final class NoSuchPriceException extends SluiceException {

        NoSuchPriceException(String asked) {
            super(
                    "No price is known for '" + asked
                            + "'. Add it to .sluice/model-prices.json; 'sluice prices' shows those that are known.",
                    null,
                    FailureClass.CALLER,
                    null,
                    false);
        }
    }
}
