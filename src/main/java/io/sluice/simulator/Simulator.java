package io.sluice.simulator;

import io.sluice.time.TimeSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A provider to test agents against, on a port of this machine. It enforces requests and tokens per rolling window, model by
 * model: a request is charged on arrival with its prompt ({@link PromptTokens}) and its whole output cap, 256 tokens where
 * it names none; a refused request is not charged.
 *
 * <pre>{@code
 * Simulator simulator = Simulator.builder().model("gpt-sim", ModelLimits.of(120, 600_000)).seed(42).build();
 * Mono.usingWhen(simulator.start(), running -> agent(running.baseUrl()), RunningSimulator::disposeLater)
 * }</pre>
 *
 * <p>Immutable and thread-safe; each start has windows and a report of its own.
 */
public final class Simulator {

    private final SimulatorSettings settings;
    private final @Nullable Scheduler scheduler;
    private final int port;

    Simulator(SimulatorSettings settings, @Nullable Scheduler scheduler, int port) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.port = port;
    }

    /** Starts with no model, a window of 60 seconds, no latency and the seed 0. */
    public static SimulatorBuilder builder() {
        return new SimulatorBuilder();
    }

    /**
     * Opens the port. Each subscription starts another, which runs until it is disposed of.
     *
     * @return the running simulator, or reactor-netty's {@code ChannelBindException} where the port is taken
     */
    public Mono<RunningSimulator> start() {
        return Mono.defer(
                () -> RunningSimulator.start(new SimulatedProvider(settings), TimeSource.of(scheduler, null), port));
    }
}
