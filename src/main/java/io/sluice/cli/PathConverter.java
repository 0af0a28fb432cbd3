package io.sluice.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The name of a file, as far as this process can read it. */
final class PathConverter implements ITypeConverter<Path> {

    @Override
    public Path convert(String value) {
        try {
            return path(value);
        } catch (IllegalArgumentException unusable) {
            throw new TypeConversionException(String.valueOf(unusable.getMessage()));
        }
    }

    /**
     * @throws IllegalArgumentException saying what to do, if it cannot be the name of a file here
     */
    static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException unusable) {
            throw new IllegalArgumentException(
                    "the name '" + name
                            + "' cannot be the name of a file in this locale; set LC_ALL to a UTF-8 one, such as C.UTF-8",
                    unusable);
        }
    }
}
