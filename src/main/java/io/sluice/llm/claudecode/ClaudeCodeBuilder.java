package io.sluice.llm.claudecode;

import io.sluice.deadline.Deadline;
import io.sluice.failure.FailureClassifier;
import io.sluice.llm.ServerSentEvents;
import io.sluice.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Settings of an adapter for Claude Code; not thread-safe. */
public final class ClaudeCodeBuilder {

    /** How long a call may take, its turn in the queue included, unless another time is set. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

    /** How many processes run at once unless another number is set; each takes some hundred megabytes. */
    public static final int DEFAULT_PROCESSES = 16;

    private static final int MOST_PROCESSES = 1_000;

    private String provider = "claude-code";
    private List<String> program = List.of("claude");
    private @Nullable Path directory;
    private Supplier<? extends Map<String, String>> environment = Map::of;
    private Supplier<? extends @Nullable String> apiKey = () -> null;
    private @Nullable String permissionMode;
    private List<String> allowedTools = List.of();
    private List<String> disallowedTools = List.of();
    private @Nullable Integer maxTurns;
    private @Nullable Path mcpConfig;
    private List<String> arguments = List.of();
    private Duration timeout = DEFAULT_TIMEOUT;
    private int processes = DEFAULT_PROCESSES;
    private int maxLine = ServerSentEvents.MAX_EVENT;
    private FailureClassifier classifier = FailureClassifier.standard();
    private @Nullable InstantSource instantSource;

    ClaudeCodeBuilder() {}

    /**
     * As whom the calls count, for limits and prices.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public ClaudeCodeBuilder provider(String provider) {
        if (provider.isBlank()) {
            throw new IllegalArgumentException("provider must not be blank");
        }
        this.provider = provider;
        return this;
    }

    /**
     * The program, and arguments that go before all others; default {@code claude}, looked for in the path.
     *
     * @throws IllegalArgumentException if the program is blank
     */
    public ClaudeCodeBuilder command(String program, String... arguments) {
        if (program.isBlank()) {
            throw new IllegalArgumentException("the program must not be blank, such as claude");
        }
        List<String> line = new ArrayList<>(List.of(program));
        line.addAll(List.of(arguments));
        this.program = List.copyOf(line);
        return this;
    }

    /** Where the program works; default the directory of this process. */
    public ClaudeCodeBuilder workingDirectory(Path directory) {
        this.directory = Objects.requireNonNull(directory, "directory");
        return this;
    }

    /**
     * Variables that the program finds beside those of this process, asked for each call, on a thread that may block. Their
     * values are taken for secrets: errors are told without them.
     */
    public ClaudeCodeBuilder environment(Supplier<? extends Map<String, String>> environment) {
        this.environment = Objects.requireNonNull(environment, "environment");
        return this;
    }

    /** Where the key comes from, which the program finds as {@code ANTHROPIC_API_KEY}; asked as {@link #environment} is. */
    public ClaudeCodeBuilder apiKey(Supplier<? extends @Nullable String> key) {
        this.apiKey = Objects.requireNonNull(key, "key");
        return this;
    }

    /**
     * What the program may do without asking, such as {@code plan} or {@code acceptEdits}; default its own settings.
     *
     * @throws IllegalArgumentException if it is blank, or begins with a hyphen
     */
    public ClaudeCodeBuilder permissionMode(String mode) {
        this.permissionMode = ClaudeCodeCommand.value("permissionMode", mode);
        return this;
    }

    /**
     * Tools that need no permission, such as {@code Read} or {@code Bash(git log:*)}; they take the place of those before.
     *
     * @throws IllegalArgumentException if one is blank, or begins with a hyphen
     */
    public ClaudeCodeBuilder allowedTools(String... tools) {
        this.allowedTools = checked("allowedTools", tools);
        return this;
    }

    /**
     * Tools that are not used; they take the place of those before.
     *
     * @throws IllegalArgumentException if one is blank, or begins with a hyphen
     */
    public ClaudeCodeBuilder disallowedTools(String... tools) {
        this.disallowedTools = checked("disallowedTools", tools);
        return this;
    }

    private static List<String> checked(String name, String... values) {
        for (String value : values) {
            ClaudeCodeCommand.value(name, value);
        }
        return List.of(values);
    }

    /**
     * How often the model may go on with what its tools found; default the program's own.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public ClaudeCodeBuilder maxTurns(int turns) {
        if (turns < 1) {
            throw new IllegalArgumentException("maxTurns must be at least 1, was " + turns);
        }
        this.maxTurns = turns;
        return this;
    }

    /** A file that says which MCP servers there are; no others are used. */
    public ClaudeCodeBuilder mcpConfig(Path file) {
        this.mcpConfig = Objects.requireNonNull(file, "file");
        return this;
    }

    /**
     * Further arguments as the program takes them, such as {@code --max-budget-usd 2}; they take the place of those before.
     * Every user of the machine can list them.
     */
    public ClaudeCodeBuilder arguments(String... arguments) {
        this.arguments = List.of(arguments);
        return this;
    }

    /**
     * How long a call may take, its turn in the queue included; default {@link #DEFAULT_TIMEOUT}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public ClaudeCodeBuilder timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be greater than zero, was " + timeout);
        }
        this.timeout = timeout;
        return this;
    }

    /**
     * How many processes run at once; others wait, in order. Default {@link #DEFAULT_PROCESSES}.
     *
     * @throws IllegalArgumentException if it is not between 1 and 1,000
     */
    public ClaudeCodeBuilder maxProcesses(int processes) {
        if (processes < 1 || processes > MOST_PROCESSES) {
            throw new IllegalArgumentException("maxProcesses must be between 1 and 1,000, was " + processes);
        }
        this.processes = processes;
        return this;
    }

    /**
     * The longest line of output in bytes, which is kept in memory; a longer one is an {@link
     * io.sluice.llm.EventTooLargeException}. Default 32 MiB.
     *
     * @throws IllegalArgumentException if it is below 1,024
     */
    public ClaudeCodeBuilder maxLine(int bytes) {
        if (bytes < 1_024) {
            throw new IllegalArgumentException("maxLine must be at least 1,024 bytes, was " + bytes);
        }
        this.maxLine = bytes;
        return this;
    }

    /** What the program's errors mean; default {@link FailureClassifier#standard()}. */
    public ClaudeCodeBuilder classifier(FailureClassifier classifier) {
        this.classifier = Objects.requireNonNull(classifier, "classifier");
        return this;
    }

    /** What time it is, for errors that say when to come again; default that of {@code Schedulers.parallel()}. */
    public ClaudeCodeBuilder instantSource(InstantSource instantSource) {
        this.instantSource = Objects.requireNonNull(instantSource, "instantSource");
        return this;
    }

    /** The adapter. */
    public ClaudeCodeAdapter build() {
        List<String> all = new ArrayList<>();
        if (permissionMode != null) {
            all.addAll(List.of("--permission-mode", permissionMode));
        }
        if (!allowedTools.isEmpty()) {
            all.addAll(List.of("--allowedTools", String.join(",", allowedTools)));
        }
        if (!disallowedTools.isEmpty()) {
            all.addAll(List.of("--disallowedTools", String.join(",", disallowedTools)));
        }
        if (maxTurns != null) {
            all.addAll(List.of("--max-turns", String.valueOf(maxTurns)));
        }
        if (mcpConfig != null) {
            all.addAll(List.of("--mcp-config", mcpConfig.toString(), "--strict-mcp-config"));
        }
        all.addAll(arguments);
        ClaudeCodeSettings settings = new ClaudeCodeSettings(
                program,
                List.copyOf(all),
                directory,
                environment,
                apiKey,
                maxLine,
                classifier,
                TimeSource.of(null, instantSource));
        return new ClaudeCodeAdapter(
                provider, settings, processes, Deadline.attempt(timeout).named(provider));
    }
}
