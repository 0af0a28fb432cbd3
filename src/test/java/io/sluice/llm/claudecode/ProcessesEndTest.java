package io.sluice.llm.claudecode;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.deadline.DeadlineExceededException;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Whatever becomes of a call: no process, thread or open file is left of it. */
class ProcessesEndTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final boolean FULL = Boolean.getBoolean("sluice.long");

    private Set<Long> before;
    private long openBefore;

    /** The first call of all opens what stays open. */
    @BeforeAll
    static void warmUp() {
        FakeClaude.adapter().build().execute(ask("hello")).block(LONG);
        await("the first process to go", () -> threads().isEmpty());
    }

    @BeforeEach
    void remember() {
        before = children();
        openBefore = openFiles();
    }

    @AfterEach
    void nothingIsLeft() {
        await("processes to end", () -> before.containsAll(children()));
        await("threads to end", () -> threads().isEmpty());
        await("files to be closed", () -> openFiles() <= openBefore + 2);
        assertThat(Path.of(System.getProperty("java.io.tmpdir"))).isDirectoryNotContaining(file -> {
            String name = file.getFileName().toString();
            return name.startsWith("sluice-") && name.endsWith(".txt");
        });
    }

    private static LlmRequest ask(String text) {
        return LlmRequest.builder("sonnet").system("be brief").user(text).build();
    }

    /** Waits in real time, because processes end in it. */
    private static void await(String what, BooleanSupplier condition) {
        CountDownLatch never = new CountDownLatch(1);
        try {
            for (int i = 0; i < 600 && !condition.getAsBoolean(); i++) {
                boolean unused = never.await(50, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        assertThat(condition.getAsBoolean()).as("waited for " + what).isTrue();
    }

    /** Programs of ours, also those that came loose, as far as the system shows it. */
    private static Set<Long> children() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(FakeClaude.class.getName()))
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("sluice-claude-code"))
                .toList();
    }

    private static long openFiles() {
        Path open = Path.of("/proc/self/fd");
        if (!Files.isDirectory(open)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(open)) {
            return files.count();
        } catch (IOException gone) {
            return 0;
        }
    }

    /** The processes below one that has begun to say something; there are two. */
    private static long child(LlmChunk init) {
        return init.raw().path("child").asLong(-1);
    }

    @Test
    void aCancelledCallEndsTheWholeTree() {
        LlmChunk init = Objects.requireNonNull(
                FakeClaude.adapter().build().stream(ask("parent")).blockFirst(LONG));
        long child = child(init);
        assertThat(child).isPositive();
        await("the child to end", () -> ProcessHandle.of(child).isEmpty());
    }

    @Test
    void aTimeoutEndsTheWholeTree() {
        StepVerifier.create(FakeClaude.adapter()
                        .timeout(Duration.ofSeconds(2))
                        .build()
                        .execute(ask("parent")))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(DeadlineExceededException.class)
                        .hasMessageContaining("claude-code"))
                .verify(LONG);
    }

    @Test
    void whoDoesNotEndWhenAskedToIsEndedByForce() {
        FakeClaude.adapter().build().stream(ask("stubborn")).blockFirst(LONG);
    }

    /** It would hold up the reading thread for as long as it runs. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatCameLooseAndHoldsTheOutputIsFound() {
        StepVerifier.create(FakeClaude.adapter().build().execute(ask("stray")))
                .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("exit code 3"))
                .verify(LONG);
    }

    @Test
    void aProgramThatGoesOnAfterItsResultIsAnsweredAndEnded() {
        LlmResponse response = Objects.requireNonNull(
                FakeClaude.adapter().build().execute(ask("lingers")).block(LONG));
        assertThat(response.text()).isEqualTo("said all");
    }

    @Test
    void callsBeyondTheProcessesWaitInOrderAndACancelledOneIsForgotten() {
        ClaudeCodeAdapter adapter = FakeClaude.adapter().maxProcesses(1).build();
        List<String> order = new ArrayList<>();
        Disposable first = adapter.execute(ask("hang")).subscribe();
        Disposable second = adapter.execute(ask("second")).subscribe();
        Mono<String> third = adapter.execute(ask("third"))
                .map(LlmResponse::text)
                .doOnNext(order::add)
                .cache();
        Disposable unused = third.subscribe();
        second.dispose();
        first.dispose();
        third.block(LONG);
        assertThat(order).containsExactly("heard: third");
    }

    @Test
    void disposingEndsWhatRunsAndTellsIt() {
        ClaudeCodeAdapter adapter = FakeClaude.adapter().build();
        StepVerifier.create(adapter.stream(ask("hang")))
                .expectNextCount(1)
                .then(adapter::dispose)
                .expectError(ClaudeCodeUnavailableException.class)
                .verify(LONG);
        assertThat(adapter.isDisposed()).isTrue();
        StepVerifier.create(adapter.execute(ask("hello")))
                .expectError(ClaudeCodeUnavailableException.class)
                .verify(LONG);
    }

    /** The thread that reads would wait for somebody who wants more. */
    @Test
    void disposingMeetsAStreamThatNobodyReads() {
        ClaudeCodeAdapter adapter = FakeClaude.adapter().build();
        StepVerifier.create(adapter.stream(ask("pieces 20000")), 1)
                .expectNextCount(1)
                .then(() -> adapter.disposeLater().block(LONG))
                .expectError(ClaudeCodeUnavailableException.class)
                .verify(LONG);
    }

    /** Fifty at once, each with an end of its own: answers, crashes, hangs, garbage, cancels and time-outs at random. */
    @Test
    void ofFiftyAtOnceNothingIsLeft() {
        String[] kinds = {
            "hello", "hang", "parent", "crash oh", "garbage", "noisy", "large 500000", "pieces 500", "stray"
        };
        int rounds = FULL ? 10 : 1;
        for (int round = 0; round < rounds; round++) {
            Random random = new Random(round);
            ClaudeCodeAdapter adapter = FakeClaude.adapter()
                    .maxProcesses(50)
                    .timeout(Duration.ofSeconds(FULL ? 8 : 4))
                    .build();
            Long ended = Flux.range(0, 50)
                    .flatMap(
                            i -> {
                                LlmRequest request = ask(kinds[i % kinds.length]);
                                Flux<?> call = random.nextBoolean()
                                        ? adapter.stream(request)
                                        : adapter.execute(request).flux();
                                Duration patience = Duration.ofMillis(200 + random.nextInt(FULL ? 9_800 : 4_800));
                                return call.takeUntilOther(Mono.delay(patience))
                                        .then()
                                        .onErrorComplete()
                                        .thenReturn(i);
                            },
                            50)
                    .count()
                    .block(LONG);
            assertThat(ended).isEqualTo(50);
        }
    }
}
