package io.sluice.cli;

import java.math.BigDecimal;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number with or without a fraction. Unlike {@code Double.valueOf} it takes neither NaN nor Java's suffixes. */
final class DecimalNumber implements ITypeConverter<Double> {

    @Override
    public Double convert(String value) {
        try {
            return new BigDecimal(value).doubleValue();
        } catch (NumberFormatException notOne) {
            throw new TypeConversionException("'" + value + "' is not a number");
        }
    }
}
