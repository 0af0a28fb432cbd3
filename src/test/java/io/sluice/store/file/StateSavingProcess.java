package io.sluice.store.file;

import io.sluice.model.ModelKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Saves the states of so many models of a provider, one after the other: {@code PROJECT PROVIDER COUNT}. */
final class StateSavingProcess {

    private StateSavingProcess() {}

    public static void main(String[] arguments) {
        StateFile file = StateFile.in(Path.of(arguments[0]));
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            ModelKey key = ModelKey.of(arguments[1], "model-" + i);
            file.save(Duration.ofMinutes(1), List.of(StateFileTest.state(key, Instant.now())));
        }
    }
}
