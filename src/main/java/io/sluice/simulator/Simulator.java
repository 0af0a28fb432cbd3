package io.sluice.simulator;

import io.sluice.time.TimeSource;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A provider to test agents against. It speaks OpenAI's chat completions and Anthropic's messages, plain and streamed, and
 * truly enforces its limits, so that a client that paces badly is refused as it would be in earnest.
 *
 * <p>On a port of this machine, for any client:
 *
 * <pre>{@code
 * Simulator simulator = Simulator.builder().model("gpt-sim", ModelLimits.of(120, 600_000)).seed(42).build();
 * Mono.usingWhen(simulator.start(), running -> agent(running.baseUrl()), RunningSimulator::disposeLater)
 * }</pre>
 *
 * <p>In process and on virtual time, for whatever takes an {@link io.sluice.transport.HttpTransport}; an hour passes in
 * milliseconds:
 *
 * <pre>{@code
 * StepVerifier.withVirtualTime(() -> {
 *             SimulatedTransport simulated = simulator.transport();
 *             return agent(simulated, simulated.baseUrl()).then(Mono.fromSupplier(simulated::report));
 *         })
 *         .thenAwait(Duration.ofHours(1))
 *         .assertNext(report -> assertThat(report.refused()).isZero())
 *         .verifyComplete();
 * }</pre>
 *
 * <p>A request is counted on arrival with its prompt ({@link PromptTokens}) and, by {@link Charging}, its output cap, with
 * OpenAI 256 tokens where it names none; a refused request is not counted. Rate-limit headers, error bodies and usage are
 * in the format of the provider whose path was called: paths that end in {@code /chat/completions} are OpenAI's, in
 * {@code /messages} Anthropic's. Both count against the same limits.
 *
 * <p>What is random follows from the seed: the same requests in the same order are answered alike. Immutable and
 * thread-safe; each start has windows and a report of its own.
 */
public final class Simulator {

    private final SimulatorSettings settings;
    private final @Nullable Scheduler scheduler;
    private final @Nullable InstantSource instants;
    private final int port;

    Simulator(SimulatorSettings settings, @Nullable Scheduler scheduler, @Nullable InstantSource instants, int port) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.instants = instants;
        this.port = port;
    }

    /** Starts with no model, a window of 60 seconds, no latency, no faults and the seed 0. */
    public static SimulatorBuilder builder() {
        return new SimulatorBuilder();
    }

    /**
     * Opens the port. Each subscription starts another, which runs until it is disposed of.
     *
     * @return the running simulator, or reactor-netty's {@code ChannelBindException} where the port is taken
     */
    public Mono<RunningSimulator> start() {
        return Mono.defer(() -> RunningSimulator.start(new SimulatedService(settings, time()), port));
    }

    /**
     * A simulator in process, without a port. Each has windows and a report of its own. Inside of
     * {@code StepVerifier.withVirtualTime} it runs on virtual time, unless the builder was given a scheduler.
     */
    public SimulatedTransport transport() {
        return new SimulatedTransport(settings, time());
    }

    private TimeSource time() {
        return TimeSource.of(scheduler, instants);
    }
}
