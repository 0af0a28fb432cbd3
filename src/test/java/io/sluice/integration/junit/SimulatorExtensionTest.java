package io.sluice.integration.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.llm.LlmRequest;
import io.sluice.llm.openai.OpenAiAdapter;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.RunningSimulator;
import io.sluice.simulator.SimulatedTransport;
import io.sluice.simulator.Simulator;
import io.sluice.simulator.SimulatorRun;
import io.sluice.transport.HttpTransport;
import io.sluice.transport.NettyTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;

class SimulatorExtensionTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final SimulatorExtension SIMULATOR =
            SimulatorExtension.of(Simulator.builder().model("gpt-sim", ModelLimits.of(1, 1_000)));

    private static final NettyTransport TRANSPORT = NettyTransport.builder().build();
    private static final List<RunningSimulator> SEEN = new ArrayList<>();

    @BeforeAll
    static void warmUp() {
        HttpClient.create().warmup().block();
    }

    @AfterAll
    static void everyPortIsClosedAfterItsTest() {
        assertThat(SEEN).isNotEmpty().allMatch(RunningSimulator::isDisposed);
        TRANSPORT.disposeLater().block(LONG);
    }

    @BeforeEach
    void ask(RunningSimulator simulator) {
        SEEN.add(simulator);
    }

    private static void call(HttpTransport transport, SimulatorRun simulator) {
        OpenAiAdapter adapter = OpenAiAdapter.builder()
                .baseUrl(simulator.baseUrl())
                .transport(transport)
                .build();
        StepVerifier.create(adapter.execute(
                        LlmRequest.builder("gpt-sim").user("hello").maxOutput(5).build()))
                .expectNextCount(1)
                .expectComplete()
                .verify(LONG);
    }

    @RepeatedTest(2)
    void eachTestHasWindowsAndAReportOfItsOwn(RunningSimulator simulator) {
        call(TRANSPORT, simulator);
        assertThat(simulator.report().admitted()).isEqualTo(1);
        assertThat(SEEN).last().as("the one that @BeforeEach was given").isSameAs(simulator);
    }

    @RepeatedTest(2)
    void theSameInProcess(SimulatedTransport simulator) {
        call(simulator, simulator);
        assertThat(simulator.report().admitted()).isEqualTo(1);
    }
}
