package io.sluice.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number without a fraction; what range it must lie in is said by what it is for. */
final class WholeNumber implements ITypeConverter<Long> {

    @Override
    public Long convert(String value) {
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException notOne) {
            throw new TypeConversionException("'" + value + "' is not a whole number, or too large");
        }
    }
}
