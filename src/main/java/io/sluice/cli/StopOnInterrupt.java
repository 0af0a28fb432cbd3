package io.sluice.cli;

import io.sluice.llm.LlmAdapter;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Ctrl-C, or the end of the session, while a model is asked: the call is cancelled, and a program that it runs is ended. */
final class StopOnInterrupt implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(8);

    private final Sinks.Empty<Void> asked = Sinks.empty();
    private final Thread hook;
    private volatile boolean stopped;

    private StopOnInterrupt(LlmAdapter adapter) {
        this.hook = new Thread(() -> stop(adapter), "sluice-stop");
    }

    static StopOnInterrupt of(LlmAdapter adapter) {
        StopOnInterrupt stop = new StopOnInterrupt(adapter);
        Runtime.getRuntime().addShutdownHook(stop.hook);
        return stop;
    }

    private void stop(LlmAdapter adapter) {
        stopped = true;
        asked.tryEmitEmpty();
        PortableLlm.disposeLater(adapter).block(GRACE);
    }

    /** Completes when the program is to end. */
    Mono<Void> asked() {
        return asked.asMono();
    }

    boolean isAsked() {
        return stopped;
    }

    /** The call is over. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // The hook is running.
        }
    }
}
