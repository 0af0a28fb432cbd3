package io.sluice.llm.claudecode;

import io.sluice.failure.FailureClassifier;
import io.sluice.time.TimeSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all calls of one adapter have in common.
 *
 * @param program the program and the arguments that go before all others
 * @param arguments those that go before what the call itself says
 * @param directory where it works; null for that of this process
 */
record ClaudeCodeSettings(
        List<String> program,
        List<String> arguments,
        @Nullable Path directory,
        Supplier<? extends Map<String, String>> environment,
        Supplier<? extends @Nullable String> apiKey,
        int maxLine,
        FailureClassifier classifier,
        TimeSource time) {}
