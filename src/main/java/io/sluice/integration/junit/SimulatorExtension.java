package io.sluice.integration.junit;

import io.sluice.simulator.RunningSimulator;
import io.sluice.simulator.SimulatedTransport;
import io.sluice.simulator.Simulator;
import io.sluice.simulator.SimulatorBuilder;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a simulator of its own, with fresh windows and a fresh report, and stops it when the test has ended. A
 * test asks for it by a parameter: {@link RunningSimulator} opens a port, {@link SimulatedTransport} runs in process and
 * on virtual time. Where a test fails, the report is published as the entry {@code simulator}.
 *
 * <pre>{@code
 * class MyAgentTest {
 *
 *     @RegisterExtension
 *     static final SimulatorExtension SIMULATOR =
 *             SimulatorExtension.of(Simulator.builder().model("gpt-sim", ModelLimits.of(60, 100_000)));
 *
 *     @Test
 *     void theAgentIsNeverRefused(RunningSimulator simulator) {
 *         new MyAgent(simulator.baseUrl()).run();
 *         assertThat(simulator.report().refused()).isZero();
 *     }
 *
 *     @Test
 *     void theAgentSurvivesAnOverload(RunningSimulator simulator) {
 *         simulator.inject(Fault.status(503), Occasion.first(3));
 *         new MyAgent(simulator.baseUrl()).run();
 *     }
 * }
 * }</pre>
 *
 * <p>One test has one simulator of either kind, however many of its parameters and {@code @BeforeEach} methods ask for it.
 * Who asks in a constructor or in {@code @BeforeAll} gets one that lasts for the class. Thread-safe; tests may run at once,
 * unless the builder was given a port.
 */
public final class SimulatorExtension implements ParameterResolver, AfterTestExecutionCallback {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Simulator simulator;

    /** Tells extensions of one test class apart. */
    private final Namespace namespace = Namespace.create(SimulatorExtension.class, this);

    private SimulatorExtension(Simulator simulator) {
        this.simulator = simulator;
    }

    /** Simulators as the builder describes them. */
    public static SimulatorExtension of(Simulator simulator) {
        return new SimulatorExtension(Objects.requireNonNull(simulator, "simulator"));
    }

    /**
     * Simulators as the builder describes them now.
     *
     * @throws IllegalStateException if there is no model to serve
     */
    public static SimulatorExtension of(SimulatorBuilder builder) {
        return of(builder.build());
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == RunningSimulator.class || type == SimulatedTransport.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Store store = context.getStore(namespace);
        return parameter.getParameter().getType() == SimulatedTransport.class
                ? store.computeIfAbsent(
                        SimulatedTransport.class, key -> simulator.transport(), SimulatedTransport.class)
                : store.computeIfAbsent(Port.class, key -> open(), Port.class).running();
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            return;
        }
        Store store = context.getStore(namespace);
        Port port = store.get(Port.class, Port.class);
        SimulatedTransport transport = store.get(SimulatedTransport.class, SimulatedTransport.class);
        if (port != null) {
            context.publishReportEntry("simulator", port.running().report().toString());
        }
        if (transport != null) {
            context.publishReportEntry("simulator", transport.report().toString());
        }
    }

    /** JUnit's callbacks are synchronous: this is where a test waits for the port. */
    private Port open() {
        RunningSimulator running = simulator.start().block(LONGEST);
        return new Port(Objects.requireNonNull(running, "running"));
    }

    /** Closed by JUnit at the end of what it was opened for. */
    private record Port(RunningSimulator running) implements AutoCloseable {

        @Override
        public void close() {
            running.disposeLater().block(LONGEST);
        }
    }
}
