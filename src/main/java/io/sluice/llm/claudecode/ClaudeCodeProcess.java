package io.sluice.llm.claudecode;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One running program: what it reads, what it writes, and its end. Made and closed by one thread, which may block. */
final class ClaudeCodeProcess implements AutoCloseable {

    /** How long the program has to end after its last line, and what it started to let go of its output. */
    private static final long LAST_MILLIS = 5_000;

    private static final long STRAY_MILLIS = 1_000;

    private final Process process;
    private final String mark;
    private final @Nullable Path systemFile;
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final LastBytes errors;

    /** Values that came from the settings' supplier, of which any may be a secret. */
    private final List<String> secrets;

    private volatile boolean closed;
    private volatile boolean written;

    private ClaudeCodeProcess(Process process, String mark, @Nullable Path systemFile, List<String> secrets) {
        this.process = process;
        this.mark = mark;
        this.systemFile = systemFile;
        this.secrets = secrets;
        this.errors = new LastBytes(process.getErrorStream());
    }

    /**
     * @throws ClaudeCodeUnavailableException if there is no such program, or it may not be run
     */
    static ClaudeCodeProcess start(ClaudeCodeSettings settings, ClaudeCodeCommand command) throws IOException {
        String mark = UUID.randomUUID().toString();
        Path systemFile = null;
        List<String> line = new ArrayList<>(settings.program());
        line.addAll(command.arguments());
        line.addAll(settings.arguments());
        Process process = null;
        try {
            String system = command.system();
            if (system != null) {
                // A file that nobody else can read.
                systemFile = Files.createTempFile("sluice-", ".txt");
                Files.writeString(systemFile, system);
                line.addAll(List.of("--system-prompt-file", systemFile.toString()));
            }
            ProcessBuilder builder = new ProcessBuilder(line);
            if (settings.directory() != null) {
                builder.directory(settings.directory().toFile());
            }
            List<String> secrets = environment(builder.environment(), settings, command, mark);
            try {
                process = builder.start();
            } catch (IOException notStarted) {
                throw new ClaudeCodeUnavailableException(
                        "claude-code could not be started (" + notStarted.getMessage()
                                + "); install it, or say with command(..) where it is",
                        notStarted);
            }
            ClaudeCodeProcess started = new ClaudeCodeProcess(process, mark, systemFile, secrets);
            started.begin(command.input());
            return started;
        } finally {
            if (process == null && systemFile != null) {
                Files.deleteIfExists(systemFile);
            }
        }
    }

    private static List<String> environment(
            Map<String, String> variables, ClaudeCodeSettings settings, ClaudeCodeCommand command, String mark) {
        // With it the program takes itself for one that runs inside another (SDK of August 2026).
        variables.remove("CLAUDECODE");
        if (command.maxOutput() != null) {
            variables.put("CLAUDE_CODE_MAX_OUTPUT_TOKENS", String.valueOf(command.maxOutput()));
        }
        List<String> secrets = new ArrayList<>();
        settings.environment().get().forEach((name, value) -> {
            variables.put(name, value);
            secrets.add(value);
        });
        String key = settings.apiKey().get();
        if (key != null && !key.isBlank()) {
            variables.put("ANTHROPIC_API_KEY", key.strip());
            secrets.add(key.strip());
        }
        // Its retries within ours would multiply.
        variables.put("CLAUDE_CODE_MAX_RETRIES", "0");
        variables.put(ProcessTree.MARK, mark);
        return secrets;
    }

    private void begin(byte[] input) {
        ProcessSlots.start("sluice-claude-code-errors", errors);
        ProcessSlots.start("sluice-claude-code-input", () -> write(input));
        // What the program left running may hold its output open, so that it seems never to end.
        CompletableFuture<Void> unused = process.onExit()
                .thenRunAsync(this::endStrays, CompletableFuture.delayedExecutor(STRAY_MILLIS, TimeUnit.MILLISECONDS));
    }

    private void write(byte[] input) {
        try (OutputStream to = process.getOutputStream()) {
            to.write(input);
        } catch (IOException notRead) {
            // It ended without reading; how it ended says why.
        } finally {
            written = true;
        }
    }

    /** Also after an end: what holds on to a pipe would hold up a thread of ours for as long as it runs. */
    private void endStrays() {
        if (!closed || !written || !errors.isOver()) {
            ProcessTree.end(process.toHandle(), mark, new CompletableFuture<>());
        }
    }

    /** Its lines. */
    OutputLines lines(int maxLine) {
        return new OutputLines(process.getInputStream(), maxLine);
    }

    /** Its exit code, or -1 if it goes on although it has nothing more to say; then it is ended. */
    int exitCode() throws InterruptedException {
        if (process.waitFor(LAST_MILLIS, TimeUnit.MILLISECONDS)) {
            return process.exitValue();
        }
        CompletableFuture<Void> unused = end();
        return -1;
    }

    /** What it said last about itself, without secrets; empty where that is nothing. */
    String lastErrors() throws InterruptedException {
        return withoutSecrets(errors.text(STRAY_MILLIS)).strip();
    }

    String withoutSecrets(String text) {
        String without = text;
        for (String secret : secrets) {
            // Shorter ones could be any word.
            without = secret.length() < 8 ? without : without.replace(secret, "[key]");
        }
        return without;
    }

    /** Ends it and all that it started, later and on another thread; complete when they are gone, or cannot be ended. */
    CompletableFuture<Void> end() {
        if (ending.compareAndSet(false, true)) {
            ProcessTree.end(process.toHandle(), mark, ended);
        }
        return ended;
    }

    /** Whether it was ended by us. */
    boolean isEnding() {
        return ending.get();
    }

    /** Lets go of everything; what still runs is ended. */
    @Override
    public void close() throws IOException {
        closed = true;
        if (process.isAlive()) {
            CompletableFuture<Void> unused = end();
        }
        try {
            if (systemFile != null) {
                Files.deleteIfExists(systemFile);
            }
        } finally {
            process.getInputStream().close();
            process.getErrorStream().close();
        }
    }

    @Override
    public String toString() {
        return "ClaudeCodeProcess[" + process.pid() + "]";
    }
}
