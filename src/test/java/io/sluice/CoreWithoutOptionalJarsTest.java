package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.RequestTokens;
import io.sluice.llm.openai.OpenAiAdapter;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.RunningSimulator;
import io.sluice.simulator.Simulator;
import io.sluice.tokens.TokenEstimator;
import io.sluice.transport.NettyTransport;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Who takes the core gets reactor-core, reactor-netty-http, Jackson, SLF4J and JSpecify, and that is enough. */
class CoreWithoutOptionalJarsTest {

    private static final List<String> CORE = List.of(
            "reactor-core-", "reactive-streams-", "reactor-netty-", "netty-", "jackson-", "slf4j-api-", "jspecify-");

    @Test
    void aCallGoesThroughWithTheCompileDependenciesAlone() throws IOException, InterruptedException {
        List<String> all = Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
        List<String> jars = all.stream()
                .filter(entry -> CORE.stream()
                        .anyMatch(
                                name -> Path.of(entry).getFileName().toString().startsWith(name)))
                .toList();
        List<String> classes =
                all.stream().filter(entry -> !entry.endsWith(".jar")).toList();

        assertThat(jars).hasSizeLessThan(all.size());
        assertThat(jars)
                .noneMatch(jar -> jar.matches(".*(picocli|progressbar|jline|nop|junit|assertj|reactor-test).*"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        Stream.concat(classes.stream(), jars.stream()).collect(Collectors.joining(File.pathSeparator)),
                        Start.class.getName())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(printed).contains("answered: ").doesNotContain("NoClassDefFoundError");
        assertThat(process.exitValue()).isZero();
    }

    /** A call to the simulator, through the adapter and under a permit. */
    static final class Start {

        public static void main(String[] arguments) {
            NettyTransport transport = NettyTransport.builder().build();
            ModelRateLimiter limiter = ModelRateLimiter.builder()
                    .profiles(RateLimitProfiles.current()
                            .with(RateLimitProfile.builder("sim", "*").rpm(10).build()))
                    .build();
            Simulator simulator = Simulator.builder()
                    .model("gpt-sim", ModelLimits.of(10, 10_000))
                    .build();
            LlmResponse answer = Mono.usingWhen(
                            simulator.start(),
                            running -> call(running, transport, limiter),
                            RunningSimulator::disposeLater)
                    .block(Duration.ofSeconds(30));
            transport.dispose();
            System.out.println("answered: " + answer);
            System.exit(0);
        }

        private static Mono<LlmResponse> call(
                RunningSimulator running, NettyTransport transport, ModelRateLimiter limiter) {
            LlmAdapter adapter = OpenAiAdapter.builder()
                    .provider("sim")
                    .baseUrl(running.baseUrl())
                    .transport(transport)
                    .build();
            LlmRequest request = LlmRequest.builder("gpt-sim").user("hello").build();
            PermitRequest permit = PermitRequest.of(
                    adapter.key(request), RequestTokens.estimate(request, TokenEstimator.characters()));
            return limiter.withPermit(permit, adapter.execute(request), LlmResponse::usage);
        }
    }
}
