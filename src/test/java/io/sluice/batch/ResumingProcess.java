package io.sluice.batch;

import java.io.IOException;
import java.nio.file.Path;

/** Takes up a file of results and lets go of it, and says how that went: {@code FILE}. */
final class ResumingProcess {

    private ResumingProcess() {}

    public static void main(String[] arguments) throws IOException {
        try (ResultFile results = ResultFile.resume(Path.of(arguments[0]))) {
            System.out.println("taken up, with " + results.earlier().lines() + " results");
        } catch (ResultsUnusableException refused) {
            System.out.println(refused.getMessage());
        }
    }
}
