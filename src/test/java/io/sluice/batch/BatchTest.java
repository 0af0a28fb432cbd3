package io.sluice.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.FailureClass;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.openai.OpenAiAdapter;
import io.sluice.model.ModelKey;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.retry.ProviderRetry;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.RunningSimulator;
import io.sluice.simulator.Simulator;
import io.sluice.simulator.SimulatorBuilder;
import io.sluice.support.Json;
import io.sluice.transport.NettyTransport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.JsonNode;

/** Batches against a provider that really enforces its limits. */
class BatchTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ProviderRetry QUICK =
            ProviderRetry.attempts(3).backoff(Duration.ofMillis(10), Duration.ofMillis(50));
    private static final NettyTransport TRANSPORT =
            NettyTransport.builder().maxConnections(256).build();

    @TempDir
    Path directory;

    @BeforeAll
    static void warmUp() {
        HttpClient.create().warmup().block();
    }

    @AfterAll
    static void close() {
        TRANSPORT.disposeLater().block(LONG);
    }

    private static SimulatorBuilder simulator(long requests, long tokens) {
        return Simulator.builder()
                .anyModel(ModelLimits.of(requests, tokens))
                .window(Duration.ofMillis(500))
                .latency(Duration.ofMillis(1), Duration.ofMillis(10))
                .failWhen(body -> body.path("user").asString("").equals("poison"), 500);
    }

    private static LlmAdapter adapter(RunningSimulator running) {
        return adapter(running.baseUrl());
    }

    private static LlmAdapter adapter(String baseUrl) {
        return OpenAiAdapter.builder()
                .provider("sim")
                .baseUrl(baseUrl)
                .transport(TRANSPORT)
                .build();
    }

    private static ModelRateLimiter limiter(RateLimitProfile.Builder profile) {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none().with(profile.build()))
                .window(Duration.ofMillis(500))
                .build();
    }

    private static RateLimitProfile.Builder limits(long rpm, long tpm) {
        return RateLimitProfile.builder("*", "*").rpm(rpm).tpm(tpm).maxConcurrency(256);
    }

    private static Batch.Builder batch(RunningSimulator running, ModelRateLimiter limiter) {
        return Batch.builder()
                .adapter(adapter(running))
                .limiter(limiter)
                .retry(QUICK)
                .model("gpt-sim");
    }

    private static BatchInput lines(String... lines) {
        return BatchInput.stream(new ByteArrayInputStream(
                String.join("\n", lines).replace('\'', '"').getBytes(UTF_8)));
    }

    private static String[] prompts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{'custom_id':'p" + i + "','prompt':'number " + i + "','max_tokens':20}")
                .toArray(String[]::new);
    }

    private static <T> T with(SimulatorBuilder simulator, Function<RunningSimulator, Mono<T>> test) {
        return Mono.usingWhen(simulator.build().start(), test, RunningSimulator::disposeLater)
                .block(LONG);
    }

    @Test
    void twoHundredLinesWithAPoisonedOneAreOneErrorAndNoRefusal() throws IOException {
        String[] lines = prompts(200);
        lines[77] = "{'custom_id':'bad','prompt':'number 77','user':'poison'}";
        Path file = directory.resolve("out.jsonl");
        BatchTally tally = new BatchTally();
        AtomicReference<Long> refused = new AtomicReference<>();
        try (ResultFile results = ResultFile.create(file, false)) {
            with(
                    simulator(100, 1_000_000),
                    running -> batch(running, limiter(limits(100, 1_000_000)))
                            .build()
                            .run(lines(lines), results, tally)
                            .doOnNext(done -> refused.set(running.report().refused())));
        }

        BatchSummary summary = tally.summary();
        assertThat(refused.get()).isZero();
        assertThat(summary.answered()).isEqualTo(199);
        assertThat(summary.failed()).isEqualTo(1);
        assertThat(summary.requests()).isEqualTo(202);
        assertThat(summary.retries()).isEqualTo(2);
        assertThat(summary.tooManyRequests()).isZero();
        assertThat(summary.longestWait()).isGreaterThan(Duration.ofMillis(400));
        List<JsonNode> written =
                Files.readAllLines(file).stream().map(Json::read).toList();
        assertThat(written)
                .extracting(line -> line.path("id").asString())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 200)
                        .mapToObj(i -> i == 77 ? "bad" : "p" + i)
                        .toList());
        assertThat(written)
                .filteredOn(line -> !line.path("error").isNull())
                .singleElement()
                .satisfies(bad -> {
                    assertThat(bad.path("id").asString()).isEqualTo("bad");
                    assertThat(bad.path("line").asInt()).isEqualTo(78);
                    assertThat(bad.path("response").isNull()).isTrue();
                    assertThat(bad.path("attempts").asInt()).isEqualTo(3);
                    assertThat(bad.path("error").path("class").asString()).isEqualTo("TRANSIENT");
                    assertThat(bad.path("error").path("status").asInt()).isEqualTo(500);
                });
        assertThat(written).filteredOn(line -> line.path("error").isNull()).allSatisfy(good -> {
            assertThat(good.path("response")
                            .path("choices")
                            .path(0)
                            .path("message")
                            .path("content")
                            .asString())
                    .isNotBlank();
            assertThat(good.path("usage").path("output").asInt()).isBetween(1, 20);
            assertThat(good.path("waited").isNumber()).isTrue();
        });
    }

    @Test
    void linesThatCannotBeReadOrSentAreErrorsAndTheRestGoesOn() {
        List<BatchResult> results = with(
                simulator(100, 100_000),
                running -> batch(running, limiter(limits(100, 2_000)))
                        .build()
                        .run(lines(
                                "{'prompt':'one'}",
                                "{'prompt':",
                                "",
                                "[]",
                                "{'prompt':'" + "long ".repeat(4_000) + "'}",
                                "{'prompt':'two','model':'other'}"))
                        .collectList());

        assertThat(results.stream().map(BatchTest::shown).collect(Collectors.joining(", ")))
                .contains("1 answered", "2 CALLER 0", "4 CALLER 0", "5 TOO_LARGE 0", "6 answered");
        assertThat(results).hasSize(5);
        assertThat(results)
                .filteredOn(result -> result.line() == 5)
                .singleElement()
                .satisfies(large -> assertThat(large.error())
                        .isNotNull()
                        .extracting(BatchError::message)
                        .asString()
                        .contains("2000"));
    }

    private static String shown(BatchResult result) {
        BatchError error = result.error();
        return result.line() + " " + (error == null ? "answered" : error.failureClass() + " " + result.attempts());
    }

    @Test
    void aRefusalIsCountedAsSuch() {
        BatchTally tally = new BatchTally();
        with(
                simulator(5, 1_000_000),
                running -> batch(running, limiter(limits(1_000, 1_000_000)))
                        .build()
                        .run(lines(prompts(20)))
                        .doOnNext(tally::add)
                        .then(Mono.just(true)));

        assertThat(tally.summary().tooManyRequests()).isGreaterThan(0);
        assertThat(tally.summary().lines()).isEqualTo(20);
    }

    @Test
    void noMoreLinesAreWorkedOnThanAllowed() {
        AtomicInteger read = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        InputStream input =
                new ByteArrayInputStream("{\"prompt\":\"x\"}\n".repeat(2_000).getBytes(UTF_8)) {
                    @Override
                    public synchronized int read(byte[] into, int offset, int length) {
                        most.accumulateAndGet(read.incrementAndGet() - done.get(), Math::max);
                        return super.read(into, offset, Math.min(length, 15));
                    }
                };
        with(
                simulator(100_000, 1_000_000_000),
                running -> batch(running, limiter(limits(100_000, 1_000_000_000)))
                        .inFlight(16)
                        .build()
                        .run(BatchInput.stream(input))
                        .doOnNext(result -> done.incrementAndGet())
                        .then(Mono.just(true)));

        assertThat(done).hasValue(2_000);
        // One line is read ahead, and of it the first bytes of the next.
        assertThat(most.get()).isBetween(16, 20);
    }

    @Test
    void finishingGivesUpWhatWaitsAndCompletesWhatWasSent() {
        ModelRateLimiter limiter =
                limiter(limits(10, 1_000_000).utilizationTarget(1).concurrency(10));
        List<BatchResult> results =
                with(simulator(10, 1_000_000).latency(Duration.ofMillis(200), Duration.ofMillis(200)), running -> {
                    Batch batch = batch(running, limiter).build();
                    Flux<BatchResult> all = batch.run(lines(prompts(500)));
                    Mono<BatchResult> finish = Flux.interval(Duration.ofMillis(10))
                            .filter(tick -> running.report().inFlight() == 10)
                            .next()
                            .doOnNext(tick -> batch.finish())
                            .then(Mono.empty());
                    return all.mergeWith(finish).collectList();
                });

        assertThat(results).hasSize(10).allMatch(BatchResult::isAnswered);
        assertThat(limiter.snapshot(ModelKey.of("sim", "gpt-sim")).pending()).isZero();
    }

    @Test
    void anInputThatBreaksOffFailsTheRunAfterTheResultsBeforeIt() {
        InputStream broken = new InputStream() {
            private final InputStream begin = new ByteArrayInputStream("{\"prompt\":\"x\"}\n".getBytes(UTF_8));

            @Override
            public int read() throws IOException {
                int next = begin.read();
                if (next < 0) {
                    throw new IOException("the disk is gone");
                }
                return next;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int next = read();
                into[offset] = (byte) next;
                return 1;
            }
        };
        List<Signal<BatchResult>> signals = with(
                simulator(100, 1_000_000),
                running -> batch(running, limiter(limits(100, 1_000_000)))
                        .build()
                        .run(BatchInput.stream(broken))
                        .materialize()
                        .collectList());

        assertThat(signals).hasSize(2);
        assertThat(signals.get(0).get()).isNotNull().matches(BatchResult::isAnswered);
        assertThat(signals.get(1).getThrowable()).hasMessage("the disk is gone");
    }

    @Test
    void aMissingFileIsAnErrorOfTheRun() {
        BatchInput absent = BatchInput.file(directory.resolve("absent.jsonl"));
        Signal<BatchResult> end = with(
                simulator(1, 1),
                running -> batch(running, limiter(limits(1, 1)))
                        .build()
                        .run(absent)
                        .materialize()
                        .next());

        assertThat(end.getThrowable()).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void resultsAreNotOverwrittenUnlessThatIsSaid() throws IOException {
        Path file = directory.resolve("results.jsonl");
        Files.writeString(file, "paid for\n");

        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> ResultFile.create(file, false));
        assertThat(file).hasContent("paid for");
        ResultFile.create(file, true).close();
        assertThat(file).isEmptyFile();
    }

    @Test
    void aDiskThatRefusesEndsTheRun() throws IOException {
        ResultFile closed = ResultFile.create(directory.resolve("closed.jsonl"), false);
        closed.close();
        BatchTally tally = new BatchTally();
        with(
                simulator(1_000, 1_000_000),
                running -> batch(running, limiter(limits(1_000, 1_000_000)))
                        .build()
                        .run(lines(prompts(50)), closed, tally)
                        .materialize()
                        .doOnNext(signal -> assertThat(signal.getThrowable()).isInstanceOf(IOException.class)));

        assertThat(tally.summary().lines()).isZero();
    }

    @Test
    void aRefusedLineIsSentAgainAndEachRefusalIsCounted() {
        BatchTally tally = new BatchTally();
        AtomicReference<Long> refused = new AtomicReference<>();
        with(
                simulator(5, 1_000_000),
                running -> batch(running, limiter(limits(1_000, 1_000_000)))
                        .retry(ProviderRetry.attempts(20))
                        .build()
                        .run(lines(prompts(20)))
                        .doOnNext(tally::add)
                        .then(Mono.fromRunnable(
                                () -> refused.set(running.report().refused())))
                        .thenReturn(true));

        assertThat(tally.summary().answered()).isEqualTo(20);
        assertThat(tally.summary().tooManyRequests()).isGreaterThan(0).isEqualTo(refused.get());
        assertThat(tally.summary().requests()).isEqualTo(20 + refused.get());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLineThatWaitsForAnotherAttemptIsGivenUpWhenTheBatchIsFinished(boolean stillSent) throws IOException {
        Path file = directory.resolve("out.jsonl");
        ModelRateLimiter limiter = limiter(limits(1_000, 1_000_000));
        BatchTally tally = new BatchTally();
        try (ResultFile results = ResultFile.create(file, false)) {
            with(simulator(1_000, 1_000_000).latency(Duration.ofMillis(100), Duration.ofMillis(100)), running -> {
                Batch batch = batch(running, limiter)
                        .retry(ProviderRetry.attempts(3).backoff(Duration.ofMinutes(5), Duration.ofMinutes(5)))
                        .build();
                Mono<BatchSummary> finish = Flux.interval(Duration.ofMillis(2))
                        .filter(tick -> stillSent
                                ? running.report().inFlight() == 1
                                : running.report().failed() == 1
                                        && limiter.snapshot(ModelKey.of("sim", "gpt-sim"))
                                                        .inFlight()
                                                == 0)
                        .next()
                        .doOnNext(tick -> batch.finish())
                        .then(Mono.empty());
                return batch.run(lines("{'prompt':'bad','user':'poison'}"), results, tally)
                        .mergeWith(finish)
                        .then(Mono.just(true));
            });
        }

        assertThat(file).isEmptyFile();
        assertThat(tally.summary().lines()).isZero();
        // It was sent and may cost something, so it counts.
        assertThat(tally.summary().requests()).isEqualTo(1);
        assertThat(limiter.snapshot(ModelKey.of("sim", "gpt-sim")).pending()).isZero();
    }

    @Test
    void aLineThatFailsForGoodWhileTheBatchIsFinishedHasItsError() {
        List<BatchResult> results =
                with(simulator(10, 1_000_000).latency(Duration.ofMillis(100), Duration.ofMillis(100)), running -> {
                    Batch batch = batch(running, limiter(limits(10, 1_000_000)))
                            .retry(ProviderRetry.attempts(1))
                            .build();
                    Mono<BatchResult> finish = Flux.interval(Duration.ofMillis(2))
                            .filter(tick -> running.report().inFlight() == 1)
                            .next()
                            .doOnNext(tick -> batch.finish())
                            .then(Mono.empty());
                    return batch.run(lines("{'prompt':'bad','user':'poison'}"))
                            .mergeWith(finish)
                            .collectList();
                });

        assertThat(results)
                .singleElement()
                .satisfies(bad ->
                        assertThat(bad.error()).extracting(BatchError::status).isEqualTo(500));
    }

    @ParameterizedTest
    @CsvSource({"429, rate_limit_exceeded", "500, server_error", "503, overloaded", "408, timeout"})
    void aLineThatFailsTwiceAndThenIsAnsweredHasAnAnswerOfThreeAttempts(int status, String code) {
        AtomicInteger asked = new AtomicInteger();
        BatchTally tally = new BatchTally();
        List<BatchResult> results = answering(
                asked,
                status,
                code,
                url -> Batch.builder()
                        .adapter(adapter(url))
                        .limiter(limiter(limits(1_000, 1_000_000)))
                        .retry(QUICK)
                        .model("m")
                        .build()
                        .run(lines("{'prompt':'x'}"))
                        .doOnNext(tally::add)
                        .collectList());

        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.isAnswered()).isTrue();
            assertThat(result.attempts()).isEqualTo(3);
            assertThat(result.tooManyRequests()).isEqualTo(status == 429 ? 2 : 0);
        });
        assertThat(asked).hasValue(3);
        assertThat(tally.summary().requests()).isEqualTo(3);
        assertThat(tally.summary().retries()).isEqualTo(2);
        assertThat(tally.summary().tooManyRequests()).isEqualTo(status == 429 ? 2 : 0);
    }

    @ParameterizedTest
    @CsvSource({"400, invalid_request_error, CALLER", "429, insufficient_quota, QUOTA", "413, too_large, TOO_LARGE"})
    void whatNoWaitingHelpsIsSentOnce(int status, String code, FailureClass failureClass) {
        AtomicInteger asked = new AtomicInteger();
        List<BatchResult> results = answering(
                asked,
                status,
                code,
                url -> Batch.builder()
                        .adapter(adapter(url))
                        .limiter(limiter(limits(1_000, 1_000_000)))
                        .model("m")
                        .build()
                        .run(lines("{'prompt':'x'}"))
                        .collectList());

        assertThat(asked).hasValue(1);
        assertThat(results)
                .singleElement()
                .extracting(BatchResult::error)
                .extracting(BatchError::failureClass)
                .isEqualTo(failureClass);
    }

    /** A server that gives an error twice, and then answers. */
    private static <T> T answering(AtomicInteger asked, int status, String code, Function<String, Mono<T>> test) {
        String error = "{\"error\":{\"message\":\"no\",\"code\":\"" + code + "\"}}";
        String answer = "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"hi\"}}],"
                + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}";
        Mono<? extends DisposableServer> server = HttpServer.create()
                .host("127.0.0.1")
                .handle((request, response) -> {
                    boolean fails = asked.incrementAndGet() <= 2;
                    return response.status(fails ? status : 200)
                            .addHeader("retry-after-ms", "20")
                            .sendString(Mono.just(fails ? error : answer));
                })
                .bind();
        return Mono.usingWhen(server, running -> test.apply("http://127.0.0.1:" + running.port() + "/v1"), running -> {
                    running.dispose();
                    return running.onDispose();
                })
                .block(LONG);
    }
}
