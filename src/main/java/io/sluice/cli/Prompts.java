package io.sluice.cli;

import io.sluice.batch.BatchInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The input of a batch as it was named.
 *
 * @param name the name of a file, or {@code -}
 */
record Prompts(String name) {

    boolean isStandardInput() {
        return name.equals("-");
    }

    /** A pipe, for one, cannot. */
    boolean canBeReadTwice() {
        return !isStandardInput() && Files.isRegularFile(Path.of(name));
    }

    BatchInput lines() {
        return isStandardInput() ? BatchInput.stream(System.in) : BatchInput.file(Path.of(name));
    }

    /** In bytes; 0 where that is unknown. */
    long size() {
        return isStandardInput() ? 0 : Path.of(name).toFile().length();
    }

    /**
     * @throws BatchFailedException if they cannot be read
     */
    void requireReadable() {
        if (isStandardInput()) {
            return;
        }
        Path file = Path.of(name);
        if (Files.isDirectory(file)) {
            throw BatchFailedException.input(name, new IOException("it is a directory"));
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A pipe is opened once, when it is read.
            return;
        }
        try {
            Files.newInputStream(file).close();
        } catch (IOException unreadable) {
            throw BatchFailedException.input(name, unreadable);
        }
    }

    boolean isSameFile(Path results) throws IOException {
        return !isStandardInput() && Files.exists(results) && Files.isSameFile(Path.of(name), results);
    }
}
