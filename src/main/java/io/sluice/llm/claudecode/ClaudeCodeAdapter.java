package io.sluice.llm.claudecode;

import io.sluice.call.AnswerListener;
import io.sluice.deadline.Deadline;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * Runs {@code claude -p}, once for each subscription (Claude Code 2.1, August 2026). The program works in a directory with
 * tools of its own, so what it answers with is text: tools, temperature, stop texts, seed and metadata of a request are left
 * out, and so are images unless they are parts of the message. A request has one message of the role {@code user}, and
 * instructions; the model {@code default} is the program's own. A conversation goes on where the extra field {@value #RESUME}
 * is the {@linkplain LlmResponse#requestId() request id} of an earlier answer, which is its session.
 *
 * <p>The usage of an answer is that of all models that took part, and its cost the program's own estimate. A stream tells text
 * as it is written, that between tools too; lines about tools are raw pieces without text.
 *
 * <p><b>Secrets.</b> Nothing that is said to the model stands among the program's arguments: messages go through its input,
 * instructions through a file that nobody else can read. Keys go through its environment, and what it says in errors is told
 * without them.
 *
 * <p><b>The end.</b> Cancelling, and a time that is over, end the program and everything that it started: they are asked to end,
 * and after two seconds made to. On Linux that finds what has come loose from it, too. What the program leaves running when it
 * ends by itself is left alone unless it holds the output open. Its own retries are off, because they would multiply.
 *
 * <p><b>Errors</b>, beside those of {@link LlmAdapter}: {@link ClaudeCodeUnavailableException}; {@link
 * io.sluice.deadline.DeadlineExceededException} after {@link ClaudeCodeBuilder#timeout}.
 *
 * <p><b>Threads.</b> A process has three threads, which may block; signals arrive on one of them, and a slow consumer of a
 * stream holds up its own process. What waits for its turn has no thread. The time-out is virtual where the scheduler is, the
 * end of processes never.
 *
 * <p>Thread-safe. Nothing runs between calls; {@link #dispose()} ends those that run.
 */
public final class ClaudeCodeAdapter implements LlmAdapter, Disposable {

    /** The extra field that names the session to go on with. */
    public static final String RESUME = "resume";

    private final String provider;
    private final ClaudeCodeSettings settings;
    private final ProcessSlots slots;
    private final Deadline deadline;
    private final Set<ClaudeCodeRun> running = ConcurrentHashMap.newKeySet();
    private volatile boolean disposed;

    ClaudeCodeAdapter(String provider, ClaudeCodeSettings settings, int processes, Deadline deadline) {
        this.provider = provider;
        this.settings = settings;
        this.slots = new ProcessSlots(processes);
        this.deadline = deadline;
    }

    /** Starts with the program {@code claude} of the path, the provider {@code claude-code}, and no key. */
    public static ClaudeCodeBuilder builder() {
        return new ClaudeCodeBuilder();
    }

    @Override
    public String provider() {
        return provider;
    }

    @Override
    public Mono<LlmResponse> execute(LlmRequest request) {
        return deadline.protect(Mono.deferContextual(context -> {
            ClaudeCodeCommand command = ClaudeCodeCommand.of(request, false);
            return Mono.create(sink -> {
                ClaudeCodeRun run = new ClaudeCodeRun(
                        settings,
                        command,
                        new ClaudeCodeAnswer() {
                            @Override
                            public void says(LlmChunk piece) {}

                            @Override
                            public void whole(LlmResponse response) {
                                sink.success(response);
                            }

                            @Override
                            public void failed(Throwable failure) {
                                sink.error(failure);
                            }

                            @Override
                            public void stop() {}
                        },
                        AnswerListener.of(context));
                sink.onDispose(() -> end(run));
                begin(run);
            });
        }));
    }

    @Override
    public Flux<LlmChunk> stream(LlmRequest request) {
        return deadline.protect(Flux.deferContextual(context -> {
            ClaudeCodeCommand command = ClaudeCodeCommand.of(request, true);
            return Flux.create(
                    sink -> {
                        StreamedPieces pieces = new StreamedPieces(sink);
                        ClaudeCodeRun run = new ClaudeCodeRun(settings, command, pieces, AnswerListener.of(context));
                        sink.onDispose(() -> end(run));
                        begin(run);
                    },
                    FluxSink.OverflowStrategy.ERROR);
        }));
    }

    private void begin(ClaudeCodeRun run) {
        running.add(run);
        CompletableFuture<Boolean> unused = run.over().thenApply(ended -> running.remove(run));
        slots.run(run);
        if (disposed) {
            run.close();
        }
    }

    private void end(ClaudeCodeRun run) {
        run.dispose();
        slots.forget(run);
    }

    /** Ends all that runs, and tells it with an error; what is asked after that is refused. Returns at once. */
    @Override
    public void dispose() {
        CompletableFuture<Void> unused = close();
    }

    /** As {@link #dispose()}; completes when the programs have gone, or cannot be ended. */
    public Mono<Void> disposeLater() {
        return Mono.fromFuture(this::close);
    }

    private CompletableFuture<Void> close() {
        disposed = true;
        List<ClaudeCodeRun> last = List.copyOf(running);
        last.forEach(ClaudeCodeRun::close);
        return CompletableFuture.allOf(last.stream().map(ClaudeCodeRun::over).toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    /** The program and as whom it counts; neither arguments nor environment. */
    @Override
    public String toString() {
        return "ClaudeCodeAdapter[provider=" + provider + ", program="
                + settings.program().get(0) + "]";
    }
}
