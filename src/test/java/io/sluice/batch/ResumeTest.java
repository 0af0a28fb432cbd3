package io.sluice.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.support.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
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

    private BatchSummary run(ResultFile results, String... lines) throws IOException {
        ModelRateLimiter limiter = ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("*", "*").concurrency(4).build()))
                .build();
        BatchTally tally = new BatchTally();
        try (results) {
            Batch.builder()
                    .adapter(echo)
                    .limiter(limiter)
                    .model("m")
                    .build()
                    .run(
                            BatchInput.stream(new ByteArrayInputStream(
                                    String.join("\n", lines).replace('\'', '"').getBytes(UTF_8))),
                            results,
                            tally)
                    .block();
        }
        return tally.summary();
    }

    private BatchSummary resume(boolean retryErrors, String... lines) throws IOException {
        echo.asked.clear();
        return run(ResultFile.resume(file, retryErrors), lines);
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
        String[] lines = {"{'prompt':'good'}", "{'prompt':'bad'}", "not json", "{'prompt':'other'}"};
        run(ResultFile.create(file, false), lines);
        assertThat(answers()).containsExactly("line-1=good", "line-2=error", "line-3=error", "line-4=other");

        BatchSummary kept = resume(false, lines);
        assertThat(echo.asked).isEmpty();
        assertThat(kept.skipped()).isEqualTo(4);
        assertThat(kept.skippedFailed()).isEqualTo(2);

        echo.healed = true;
        BatchSummary again = resume(true, lines);
        assertThat(echo.asked).containsExactly("bad");
        assertThat(again.skipped()).isEqualTo(2);
        assertThat(again.failed()).isEqualTo(1);
        assertThat(answers()).containsExactly("line-1=good", "line-2=bad", "line-3=error", "line-4=other");
        assertThat(directory.toFile().list()).containsExactly("out.jsonl");
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
    void aLineInBetweenThatIsNoResultStaysAndIsReported() throws IOException {
        run(ResultFile.create(file, false), prompts(3));
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.add(1, "{\"id\":\"p9\",");
        lines.add(2, "{\"id\":\"p8\"}");
        Files.write(file, lines);

        ResultFile results = ResultFile.resume(file, false);
        assertThat(results.unreadableLines()).isEqualTo(2);
        assertThat(results.unreadable()).containsExactly(2L, 3L);
        assertThat(run(results, prompts(3)).skipped()).isEqualTo(3);
        assertThat(Files.readAllLines(file)).isEqualTo(lines);
    }

    @Test
    void aFileOfOtherThingsIsNotTouched() throws IOException {
        for (String content : List.of("precious", "dear diary\nnothing happened\n", "[{\"a\":1,\n \"b\":2}]")) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> ResultFile.resume(file, false))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("it holds other things than results");
            assertThat(Files.readString(file)).isEqualTo(content);
        }
    }

    @Test
    void onlyWhatBeginsLikeAResultIsCutOff() throws IOException {
        run(ResultFile.create(file, false), prompts(1));
        Files.writeString(file, "a note of mine", StandardOpenOption.APPEND);
        resume(false, prompts(2));
        assertThat(Files.readAllLines(file)).hasSize(3).element(1).isEqualTo("a note of mine");
    }

    @Test
    void aLinkStaysALinkAndTheFileItsMode() throws IOException {
        Path target = directory.resolve("real.jsonl");
        run(ResultFile.create(target, false), "{'prompt':'bad'}", "{'prompt':'good'}");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
        Files.createSymbolicLink(file, target);
        echo.healed = true;
        resume(true, "{'prompt':'bad'}", "{'prompt':'good'}");
        assertThat(file).isSymbolicLink();
        assertThat(answers()).containsExactly("line-1=bad", "line-2=good");
        assertThat(Files.readAllLines(target)).hasSize(2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
    }

    @Test
    void anEmptyFileHoldsNothingThatCouldBeLost() throws IOException {
        Files.createFile(file);
        run(ResultFile.create(file, false), prompts(2));
        assertThat(answers()).hasSize(2);
        assertThatThrownBy(() -> ResultFile.create(file, false)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aFileThatIsBeingWrittenIsNotTakenUp() throws IOException {
        try (ResultFile first = ResultFile.create(file, false)) {
            assertThat(first.earlierAnswers()).isZero();
            assertThatThrownBy(() -> ResultFile.resume(file, false))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("another batch is writing it");
            assertThatThrownBy(() -> ResultFile.create(file, true)).isInstanceOf(FileSystemException.class);
        }
        ResultFile.resume(file, false).close();
    }
}
