package io.sluice.llm.claudecode;

import io.sluice.FailureClass;
import io.sluice.call.AnswerListener;
import io.sluice.failure.FailureReading;
import io.sluice.failure.ProviderAnswer;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmResponse;
import io.sluice.model.TokenUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;

/** One call, on a thread of its own from the start of the program to its end. */
final class ClaudeCodeRun implements Runnable, Disposable {

    /** Lines that are not JSON, of which the last ones may say why there is no result. */
    private static final int LONGEST_WORDS = 4_000;

    private final ClaudeCodeSettings settings;
    private final ClaudeCodeCommand command;
    private final ClaudeCodeAnswer answer;
    private final @Nullable AnswerListener listener;
    private final ClaudeCodeLines lines = new ClaudeCodeLines();

    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile boolean stopped;
    private volatile boolean closed;
    private volatile @Nullable ClaudeCodeProcess process;

    private boolean answered;
    private String words = "";

    ClaudeCodeRun(
            ClaudeCodeSettings settings,
            ClaudeCodeCommand command,
            ClaudeCodeAnswer answer,
            @Nullable AnswerListener listener) {
        this.settings = settings;
        this.command = command;
        this.answer = answer;
        this.listener = listener;
    }

    @Override
    public void run() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        ClaudeCodeProcess program = null;
        LlmResponse response = null;
        Throwable failure = null;
        try (ClaudeCodeProcess started = ClaudeCodeProcess.start(settings, command)) {
            program = started;
            process = started;
            if (stopped || closed) {
                CompletableFuture<Void> unused = started.end();
            }
            response = follow(started);
        } catch (Throwable thrown) {
            failure = thrown;
        }
        // Nobody who is cancelled listens any more; what the program said while it was ended means nothing.
        if (!stopped) {
            tell(response, failure);
        }
        if (program == null || !program.isEnding()) {
            over.complete(null);
        } else {
            CompletableFuture<Boolean> unused = program.end().thenApply(gone -> over.complete(null));
        }
    }

    private void tell(@Nullable LlmResponse response, @Nullable Throwable failure) {
        try {
            if (closed) {
                answer.failed(gone());
            } else if (response != null) {
                answer.whole(response);
            } else {
                answer.failed(Objects.requireNonNull(failure));
            }
        } catch (InterruptedException unwanted) {
            answer.failed(unwanted);
        }
    }

    static ClaudeCodeUnavailableException gone() {
        return new ClaudeCodeUnavailableException("this adapter of claude-code was disposed of", null);
    }

    private LlmResponse follow(ClaudeCodeProcess program) throws IOException, InterruptedException {
        OutputLines output = program.lines(settings.maxLine());
        for (byte[] line = output.next(); line != null && !stopped; line = output.next()) {
            JsonNode object = ClaudeCodeLines.object(line);
            if (object == null) {
                remember(line);
            } else {
                read(object);
            }
            if (lines.result() != null) {
                break;
            }
        }
        JsonNode result = lines.result();
        int exitCode = program.exitCode();
        if (result == null) {
            throw noResult(program, exitCode);
        }
        if (result.path("is_error").asBoolean(false)
                || !result.path("subtype").asString("success").equals("success")) {
            throw failed(result, program);
        }
        return ClaudeCodeLines.response(result);
    }

    private void read(JsonNode line) throws InterruptedException {
        if (!answered && ClaudeCodeLines.isAnswer(line)) {
            answered = true;
            if (listener != null) {
                listener.answered(name -> List.of());
            }
        }
        LlmChunk piece = lines.read(line);
        if (piece != null) {
            answer.says(piece);
        }
    }

    private void remember(byte[] line) {
        String more = words + new String(line, StandardCharsets.UTF_8) + "\n";
        words = more.substring(Math.max(0, more.length() - LONGEST_WORDS));
    }

    /** The result says what went wrong, and what it cost. */
    private ProviderFailure failed(JsonNode result, ClaudeCodeProcess program) {
        TokenUsage usage = ClaudeCodeLines.usage(result);
        FailureReading reading = read(result, program);
        String said = reading.message();
        String subtype = result.path("subtype").asString("");
        return ProviderFailure.of(reading, said != null ? said : "claude-code ended with " + subtype, null)
                .withUsage(usage);
    }

    /** The program ended in some other way; its last words may say in which. */
    private ProviderFailure noResult(ClaudeCodeProcess program, int exitCode) throws InterruptedException {
        String last = program.lastErrors();
        String said = program.withoutSecrets(words).strip();
        String both = said.isEmpty() || last.isEmpty() ? said + last : said + "\n" + last;
        String how = exitCode < 0
                ? "claude-code closed its output and did not end; it was ended"
                : "claude-code ended with exit code " + exitCode + " and without a result";
        if (both.isEmpty()) {
            return new ProviderFailure(0, null, how, FailureClass.TRANSIENT, null);
        }
        FailureReading reading = read(Map.of("error", Map.of("message", both)), program);
        String message = reading.message();
        return ProviderFailure.of(
                reading.failureClass() == FailureClass.UNKNOWN ? as(FailureClass.TRANSIENT, reading) : reading,
                message == null ? how : how + ": " + message,
                null);
    }

    private FailureReading read(Object body, ClaudeCodeProcess program) {
        FailureReading reading = settings.classifier()
                .read(ProviderAnswer.of(0).body(body), settings.time().instant());
        String message = reading.message();
        return new FailureReading(
                reading.failureClass(),
                reading.status(),
                reading.code(),
                message == null ? null : program.withoutSecrets(message),
                reading.hint(),
                reading.nothingSent(),
                reading.usage());
    }

    private static FailureReading as(FailureClass meaning, FailureReading reading) {
        return new FailureReading(
                meaning,
                reading.status(),
                reading.code(),
                reading.message(),
                reading.hint(),
                reading.nothingSent(),
                reading.usage());
    }

    /** Completes when the thread of the call has ended, and where its program was ended, when that is gone. */
    CompletableFuture<Void> over() {
        return over;
    }

    /** Nobody wants the answer any more. Returns at once; the program and what it started are ended on another thread. */
    @Override
    public void dispose() {
        stopped = true;
        answer.stop();
        boolean unused = end();
    }

    /** The adapter is no more; whoever waits is told. Returns at once. */
    void close() {
        closed = true;
        answer.stop();
        if (end() && !stopped) {
            answer.failed(gone());
        }
    }

    /** Whether it will never begin. */
    private boolean end() {
        if (begun.compareAndSet(false, true)) {
            over.complete(null);
            return true;
        }
        ClaudeCodeProcess running = process;
        if (running != null && !over.isDone()) {
            CompletableFuture<Void> unused = running.end();
        }
        return false;
    }

    @Override
    public boolean isDisposed() {
        return stopped;
    }
}
