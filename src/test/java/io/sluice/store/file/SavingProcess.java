package io.sluice.store.file;

import io.sluice.ratelimit.RateLimitProfile;
import java.nio.file.Path;

/** Saves so many profiles of a provider, one after the other: {@code PROJECT PROVIDER COUNT}. */
final class SavingProcess {

    private SavingProcess() {}

    public static void main(String[] arguments) {
        ProfileFile file = ProfileFile.in(Path.of(arguments[0]));
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            file.save(RateLimitProfile.builder(arguments[1], "model-" + i)
                    .rpm(1)
                    .tpm(1)
                    .build());
        }
    }
}
