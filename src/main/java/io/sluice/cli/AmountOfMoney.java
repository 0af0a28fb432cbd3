package io.sluice.cli;

import io.sluice.model.Money;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Dollars, more than none. */
final class AmountOfMoney implements ITypeConverter<Money> {

    @Override
    public Money convert(String value) {
        Money amount;
        try {
            amount = Money.usd(value);
        } catch (IllegalArgumentException notOne) {
            throw new TypeConversionException(
                    "'" + value + "' is not an amount of dollars; write it as 5, 5.00 or 0.000000075");
        }
        if (amount.equals(Money.ZERO)) {
            throw new TypeConversionException("must be more than 0, was '" + value + "'");
        }
        return amount;
    }
}
