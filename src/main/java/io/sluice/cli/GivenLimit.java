package io.sluice.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;

/**
 * A limit as an option gives it: a number, or {@code none}.
 *
 * @param number null for none
 */
record GivenLimit(@Nullable Long number) {

    static final String NONE = "none";

    /** Reads the option's value. */
    static final class Converter implements ITypeConverter<GivenLimit> {

        @Override
        public GivenLimit convert(String value) {
            return new GivenLimit(value.equals(NONE) ? null : new WholeNumber().convert(value));
        }
    }
}
