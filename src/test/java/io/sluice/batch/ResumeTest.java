package io.sluice.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.support.Json;
import io.sluice.testing.JavaProcess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** A batch that goes on where an earlier run ended. */
class ResumeTest {

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("out.jsonl");
    }

    /** Answers at once with what it was asked, and remembers it; refuses what is called bad. */
    private static final class Echo implements LlmAdapter {
        @Override
        public Flux<LlmChunk> stream(LlmRequest request) {
            return Flux.error(new UnsupportedOperationException("a batch does not stream"));
        }

        final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
        boolean healed;

        @Override
        public String provider() {
            return "echo";
        }

        @Override
        public Mono<LlmResponse> execute(LlmRequest request) {
            return Mono.defer(() -> {
                String prompt = request.messages().get(0).content().asString();
                asked.add(prompt);
                if (prompt.startsWith("bad") && !healed) {
                    return Mono.error(new ProviderFailure(400, null, "bad", FailureClass.CALLER, null));
                }
                JsonNode raw = Json.mapper().createObjectNode().put("echo", prompt);
                return Mono.just(new LlmResponse(prompt, "stop", TokenUsage.of(1, 1), null, raw));
            });
        }
    }

    private final Echo echo = new Echo();

    private static BatchInput input(String... lines) {
        return BatchInput.stream(new ByteArrayInputStream(
                String.join("\n", lines).replace('\'', '"').getBytes(UTF_8)));
    }

    private static ModelRateLimiter unlimited() {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("*", "*").concurrency(4).build()))
                .build();
    }

    private BatchSummary run(ResultFile results, String... lines) throws IOException {
        ModelRateLimiter limiter = unlimited();
        BatchTally tally = new BatchTally();
        try (results) {
            Batch.builder()
                    .adapter(echo)
                    .limiter(limiter)
                    .model("m")
                    .build()
                    .run(input(lines), results, tally)
                    .block();
        }
        return tally.summary();
    }

    private BatchSummary resume(boolean retryErrors, String... lines) throws IOException {
        echo.asked.clear();
        ResultFile results = ResultFile.resume(file);
        if (retryErrors) {
            results.match(input(lines), true);
        }
        return run(results, lines);
    }

    private List<String> answers() throws IOException {
        return Files.readAllLines(file, UTF_8).stream()
                .map(Json::read)
                .map(result -> result.path("id").asString() + "="
                        + (result.path("error").isNull()
                                ? result.path("response").path("echo").asString()
                                : "error"))
                .sorted()
                .toList();
    }

    private static String[] prompts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{'custom_id':'p" + i + "','prompt':'number " + i + "'}")
                .toArray(String[]::new);
    }

    @Test
    void linesThatHaveAResultAreNotSentAgain() throws IOException {
        run(ResultFile.create(file, false), Arrays.copyOf(prompts(10), 6));

        BatchSummary summary = resume(false, prompts(10));

        assertThat(echo.asked).containsExactlyInAnyOrder("number 6", "number 7", "number 8", "number 9");
        assertThat(summary.skipped()).isEqualTo(6);
        assertThat(summary.answered()).isEqualTo(4);
        assertThat(answers())
                .isEqualTo(IntStream.range(0, 10)
                        .mapToObj(i -> "p" + i + "=number " + i)
                        .toList());
    }

    @Test
    void withoutResultsItJustBegins() throws IOException {
        assertThat(resume(false, prompts(3)).answered()).isEqualTo(3);
        assertThat(resume(false, prompts(3)).skipped()).isEqualTo(3);
        assertThat(echo.asked).isEmpty();
    }

    @Test
    void linesWithoutANameAreKnownByTheirContentWhereverTheyStand() throws IOException {
        run(ResultFile.create(file, false), "{'prompt':'a'}", "{'prompt':'b'}");

        BatchSummary summary =
                resume(false, "{'prompt':'new'}", "{'prompt':'b'}", "", "{'prompt':'a'}", "{'prompt': 'a'}");

        assertThat(echo.asked).containsExactlyInAnyOrder("new", "a");
        assertThat(summary.skipped()).isEqualTo(2);
    }

    @Test
    void equalLinesAreAsManyLinesOfWork() throws IOException {
        run(ResultFile.create(file, false), "{'prompt':'a'}", "{'prompt':'a'}");
        assertThat(echo.asked).hasSize(2);

        assertThat(resume(false, "{'prompt':'a'}", "{'prompt':'a'}", "{'prompt':'a'}")
                        .skipped())
                .isEqualTo(2);
        assertThat(echo.asked).containsExactly("a");
        assertThat(resume(false, "{'prompt':'a'}", "{'prompt':'a'}", "{'prompt':'a'}")
                        .skipped())
                .isEqualTo(3);
    }

    @Test
    void twoLinesOfOneNameAreTwoLinesOfWork() throws IOException {
        String[] lines = {"{'custom_id':'x','prompt':'one'}", "{'custom_id':'x','prompt':'two'}"};
        run(ResultFile.create(file, false), lines);
        assertThat(answers()).containsExactly("x=one", "x=two");
        List<String> written = Files.readAllLines(file);
        for (String kept : written) {
            Files.writeString(file, kept + "\n");
            resume(false, lines);
            assertThat(answers()).containsExactly("x=one", "x=two");
            assertThat(echo.asked).hasSize(1);
        }
    }

    @Test
    void errorsAreLeftUnlessTheyAreToBeTriedAgain() throws IOException {
        String[] lines = {
            "{'custom_id':'1','prompt':'good'}",
            "{'custom_id':'2','prompt':'bad'}",
            "{'custom_id':'3','prompt':7}",
            "{'custom_id':'4','prompt':'other'}"
        };
        run(ResultFile.create(file, false), lines);
        assertThat(answers()).containsExactly("1=good", "2=error", "3=error", "4=other");

        BatchSummary kept = resume(false, lines);
        assertThat(echo.asked).isEmpty();
        assertThat(kept.skipped()).isEqualTo(4);
        assertThat(kept.skippedFailed()).isEqualTo(2);

        echo.healed = true;
        BatchSummary again = resume(true, lines);
        assertThat(echo.asked).containsExactly("bad");
        assertThat(again.skipped()).isEqualTo(2);
        assertThat(again.failed()).isEqualTo(1);
        assertThat(answers()).containsExactly("1=good", "2=bad", "3=error", "4=other");
        assertThat(directory.toFile().list()).containsExactly("out.jsonl");
    }

    @Test
    void resultsOfLinesThatAreNotInTheInputStayEvenAsErrors() throws IOException {
        run(
                ResultFile.create(file, false),
                "{'custom_id':'1','prompt':'bad one'}",
                "{'custom_id':'2','prompt':'bad two'}",
                "{'custom_id':'3','prompt':'three'}");
        echo.healed = true;

        resume(true, "{'custom_id':'2','prompt':'bad two'}");

        assertThat(echo.asked).containsExactly("bad two");
        assertThat(answers()).containsExactly("1=error", "2=bad two", "3=three");
    }

    @Test
    void theResultsSayHowFarTheInputIs() throws IOException {
        run(
                ResultFile.create(file, false),
                "{'prompt':'a'}",
                "{'prompt':'a'}",
                "{'prompt':'bad'}",
                "{'prompt':'gone'}");

        try (ResultFile results = ResultFile.resume(file)) {
            assertThat(results.earlier().lines()).isEqualTo(4);
            assertThat(results.match(
                            input("{'prompt':'new'}", "{'prompt':'a'}", "{'prompt':'bad'}", "{'prompt':'newer'}"),
                            false))
                    .isEqualTo(new ResumePoint(1, 1, 2));
            assertThat(results.match(input("{'prompt':'else'}"), false).done()).isZero();
        }
    }

    @Test
    void takingErrorsOutKeepsPermissionsLinksAndAllOtherBytes() throws IOException {
        run(ResultFile.create(file, false), "{'prompt':'one'}", "{'prompt':'bad'}", "{'prompt':'two'}");
        List<String> lines = Files.readAllLines(file);
        String bad = lines.stream()
                .filter(line -> line.contains("CALLER"))
                .findFirst()
                .orElseThrow();
        lines.remove(bad);
        String rest = lines.get(0) + "\r\n\n{\"damaged\n" + lines.get(1) + "\n";
        Files.writeString(file, lines.get(0) + "\r\n\n{\"damaged\n" + bad + "\n" + lines.get(1) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(directory.resolve("link.jsonl"), file);

        try (ResultFile results = ResultFile.resume(link)) {
            assertThat(results.match(input("{'prompt':'bad'}"), true).failed()).isEqualTo(1);
        }

        assertThat(Files.readString(file)).isEqualTo(rest);
        assertThat(link).isSymbolicLink();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("out.jsonl", "link.jsonl");
    }

    @Test
    void anInputThatCannotBeReadTakesNothingOut() throws IOException {
        run(ResultFile.create(file, false), "{'prompt':'bad'}");
        String before = Files.readString(file);

        try (ResultFile results = ResultFile.resume(file)) {
            assertThatThrownBy(() -> results.match(BatchInput.file(directory.resolve("absent")), true))
                    .isInstanceOf(NoSuchFileException.class);
        }
        assertThat(file).hasContent(before);
    }

    @Test
    void aLastLineThatWasCutAnywhereIsDroppedOrWhole() throws IOException {
        run(ResultFile.create(file, false), prompts(3));
        byte[] all = Files.readAllBytes(file);
        int last = new String(all, UTF_8).trim().lastIndexOf('\n') + 1;
        for (int cut = last; cut <= all.length; cut++) {
            Files.write(file, Arrays.copyOf(all, cut));
            resume(false, prompts(3));
            // All but the line break is a whole result.
            assertThat(echo.asked).as("cut at %s", cut).hasSize(cut < all.length - 1 ? 1 : 0);
            assertThat(answers()).containsExactly("p0=number 0", "p1=number 1", "p2=number 2");
        }
    }

    @Test
    void aFirstLineThatWasCutAnywhereIsDroppedOrWhole() throws IOException {
        run(ResultFile.create(file, false), prompts(1));
        byte[] all = Files.readAllBytes(file);
        for (int cut = 0; cut <= all.length; cut++) {
            Files.write(file, Arrays.copyOf(all, cut));
            resume(false, prompts(1));
            assertThat(answers()).as("cut at %s", cut).containsExactly("p0=number 0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0\0\0\0", "{\"id\":\"p9\",\"li\0\0\0", "\0\0\0\"error\":null}\n"})
    void whatAPowerCutLeavesAtTheEndIsDropped(String end) throws IOException {
        run(ResultFile.create(file, false), prompts(3));
        Files.writeString(file, end, StandardOpenOption.APPEND);

        try (ResultFile results = ResultFile.resume(file)) {
            assertThat(results.earlier().torn()).isTrue();
            assertThat(results.earlier().damaged()).isZero();
        }
        assertThat(answers()).containsExactly("p0=number 0", "p1=number 1", "p2=number 2");
    }

    @Test
    void aLineInBetweenThatIsNoResultStaysAndItsWorkIsDoneAgain() throws IOException {
        run(ResultFile.create(file, false), prompts(3));
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        String damaged = lines.set(1, lines.get(1).substring(0, 40));
        lines.add(2, "{\"id\":\"p8\"}");
        Files.write(file, lines);

        ResultFile results = ResultFile.resume(file);
        assertThat(results.earlier().torn()).isFalse();
        assertThat(results.earlier().damaged()).isEqualTo(2);
        assertThat(results.earlier().damagedLines()).containsExactly(2L, 3L);
        echo.asked.clear();
        assertThat(run(results, prompts(3)).skipped()).isEqualTo(2);
        assertThat(echo.asked)
                .singleElement()
                .satisfies(prompt -> assertThat(damaged).contains(prompt));
        assertThat(Files.readAllLines(file)).hasSize(5).startsWith(lines.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dear diary\nnothing happened\n",
                "dear diary\nnothing happened",
                "dear diary",
                "{\"a\":1}",
                "[]\n"
            })
    void aFileOfOtherThingsIsRefusedAndNotHarmed(String diary) throws IOException {
        Files.writeString(file, diary);

        assertThatThrownBy(() -> ResultFile.resume(file))
                .isInstanceOf(ResultsUnusableException.class)
                .hasMessage(file + " is not a file of results: line 1 is none, and no other line is one;"
                        + " name another file of results");
        assertThat(file).hasContent(diary);
        ResultFile.create(file, true).close();
    }

    @Test
    void whatSomebodyWroteBehindTheResultsStays() throws IOException {
        run(ResultFile.create(file, false), prompts(1));
        Files.writeString(file, "checked by hand", StandardOpenOption.APPEND);

        assertThat(resume(false, prompts(2)).skipped()).isEqualTo(1);
        assertThat(Files.readAllLines(file)).hasSize(3).contains("checked by hand");
    }

    @Test
    void aDirectoryIsRefused() {
        assertThatThrownBy(() -> ResultFile.resume(directory)).hasMessageContaining("is not a regular file");
    }

    @Test
    void resultsCanGoToADevice() throws IOException {
        try (ResultFile nowhere = ResultFile.create(Path.of("/dev/null"), true)) {
            assertThat(run(nowhere, prompts(2)).answered()).isEqualTo(2);
        }
    }

    @Test
    void aFileThatIsBeingWrittenIsNotTakenUp() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link.jsonl"), file);
        try (ResultFile first = ResultFile.create(file, false)) {
            assertThat(first.earlier().lines()).isZero();
            for (int again = 0; again < 3; again++) {
                assertThatThrownBy(() -> ResultFile.resume(file))
                        .isInstanceOf(ResultsUnusableException.class)
                        .hasMessageContaining("is being written by another batch");
                assertThatThrownBy(() -> ResultFile.resume(link)).isInstanceOf(ResultsUnusableException.class);
                assertThatThrownBy(() -> ResultFile.create(file, true)).isInstanceOf(ResultsUnusableException.class);
            }
            // Being refused must not have cost the first one its lock, for other processes either.
            assertThat(JavaProcess.start(ResumingProcess.class, file.toString())
                            .end()
                            .out())
                    .contains("is being written by another batch");
        }
        assertThat(JavaProcess.start(ResumingProcess.class, file.toString())
                        .end()
                        .out())
                .contains("taken up");
        ResultFile.resume(file).close();
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("out.jsonl", "link.jsonl");
    }

    @Test
    void ofManyThatWantTheFileAtOnceOneHasItAtATime() throws IOException {
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        Flux.range(0, 2_000)
                .parallel(4)
                .runOn(Schedulers.boundedElastic())
                .doOnNext(i -> {
                    try (ResultFile mine = ResultFile.resume(file)) {
                        most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                        taken.incrementAndGet();
                        assertThat(mine.earlier().lines()).isZero();
                        holders.decrementAndGet();
                    } catch (ResultsUnusableException refused) {
                        assertThat(refused.path()).isEqualTo(file);
                    } catch (IOException failure) {
                        throw new UncheckedIOException(failure);
                    }
                })
                .sequential()
                .blockLast();

        assertThat(most).hasValue(1);
        // How many come first is the machine's affair; that it is free in the end is not.
        assertThat(taken).hasPositiveValue();
        ResultFile.resume(file).close();
    }

    @Test
    void whatIsCountedIsInTheFile() throws IOException {
        BatchTally tally = new BatchTally();
        ModelRateLimiter limiter = unlimited();
        try (ResultFile results = ResultFile.create(file, false)) {
            Mono<BatchSummary> running = Batch.builder()
                    .adapter(echo)
                    .limiter(limiter)
                    .model("m")
                    .build()
                    .run(input(prompts(3_000)), results, tally)
                    .cache();
            Flux<Long> missing = Flux.interval(Duration.ofMillis(1), Schedulers.boundedElastic())
                    .onBackpressureDrop()
                    .map(tick -> tally.summary().lines() - wholeLines())
                    .takeUntilOther(running);
            assertThat(missing.mergeWith(running.then(Mono.empty()))
                            .collectList()
                            .block())
                    .isNotEmpty()
                    .allMatch(lines -> lines <= 0);
        }
        assertThat(wholeLines()).isEqualTo(3_000);
    }

    private long wholeLines() {
        try {
            return Files.readString(file).chars().filter(c -> c == '\n').count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
