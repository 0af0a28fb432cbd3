package io.sluice.store.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.Oversize;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitState;
import io.sluice.ratelimit.RateLimitState.Charge;
import io.sluice.support.Json;
import io.sluice.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {

    private static final ModelKey KEY = ModelKey.of("p", "m");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123456789Z");
    private static final Duration WINDOW = Duration.ofSeconds(4);

    @TempDir
    Path project;

    private StateFile file;

    @BeforeEach
    void file() {
        file = StateFile.in(project);
    }

    static RateLimitState state(ModelKey key, Instant at) {
        return new RateLimitState(
                key,
                at,
                List.of(new Charge(at.minusNanos(3_999_999_999L), 1), new Charge(at, 2)),
                List.of(new Charge(at.minusMillis(1_500), 1L << 53)),
                7,
                2,
                3,
                0.1,
                1234.5,
                at.plusSeconds(30));
    }

    @Test
    void whatIsSavedIsRead() {
        SavedState first = new SavedState(
                state(KEY, NOW),
                WINDOW,
                RateLimitProfile.builder("*", "*")
                        .rpm(5)
                        .maxConcurrency(9)
                        .oversize(Oversize.STRICT)
                        .build());
        SavedState second = new SavedState(
                new RateLimitState(KEY.account("team-a"), NOW, List.of(), List.of(), 0, 0, 0, 0, 0, null),
                Duration.ofDays(1),
                null);
        file.save(List.of(first, second));
        assertThat(file.read().problems()).isEmpty();
        assertThat(file.read().models()).containsExactly(first, second);
        assertThat(file.read().find(KEY)).isEqualTo(first);
        assertThat(file.read().find(ModelKey.of("p", "other"))).isNull();
        assertThat(file.load()).containsExactly(first.state(), second.state());
    }

    @Test
    void theFileIsOneObjectWithAnEntryForEachModel() {
        file.save(
                WINDOW,
                List.of(new RateLimitState(
                        KEY,
                        NOW,
                        List.of(new Charge(NOW.minusMillis(1), 1)),
                        List.of(new Charge(NOW.minusMillis(1), 500)),
                        2,
                        1,
                        1,
                        0.5,
                        250,
                        null)));
        assertThat(file.path())
                .isEqualTo(project.resolve(".sluice/model-rate-limit-state.json"))
                .content(UTF_8)
                .isEqualTo("{\"version\":1,\"models\":[{\"provider\":\"p\",\"model\":\"m\","
                        + "\"saved_at\":\"2026-11-24T12:00:00.123456789Z\",\"window_ns\":4000000000,"
                        + "\"concurrency_cap\":2,\"success_streak\":1,\"in_flight\":1,\"average_requests\":0.5,"
                        + "\"average_tokens\":250.0,\"requests\":[[1000000,1]],\"tokens\":[[1000000,500]]}]}");
    }

    @Test
    void chargesThatAreOverAreNotSavedAndThoseOfTheFutureAreOpenOrAsOfTheSaving() {
        file.save(
                WINDOW,
                List.of(new RateLimitState(
                        KEY,
                        NOW,
                        List.of(
                                new Charge(NOW.minus(WINDOW), 1),
                                new Charge(NOW.plusSeconds(99), 2),
                                new Charge(NOW.plusSeconds(3_601), 3)),
                        List.of(),
                        1,
                        0,
                        0,
                        0,
                        0,
                        null)));
        assertThat(file.load().get(0).requests())
                .containsExactly(new Charge(NOW, 3), new Charge(NOW.plusSeconds(99), 2));
    }

    @Test
    void aSaveReplacesTheModelsThatItNamesAndKeepsTheOthers() {
        RateLimitState a = state(ModelKey.of("p", "a"), NOW);
        RateLimitState b = state(ModelKey.of("p", "b"), NOW);
        file.save(WINDOW, List.of(a, b));
        RateLimitState later = state(ModelKey.of("p", "a"), NOW.plusSeconds(10));
        file.save(WINDOW, List.of(later));
        assertThat(file.load()).containsExactly(later, b);
    }

    @Test
    void aStateThatWasOnlyHandedOnDoesNotReplaceANewerOne() {
        RateLimitState old = state(ModelKey.of("p", "a"), NOW);
        RateLimitState newer = state(ModelKey.of("p", "a"), NOW.plusSeconds(5));
        RateLimitState own = state(ModelKey.of("p", "b"), NOW.plusSeconds(10));
        file.save(WINDOW, List.of(newer));
        file.save(WINDOW, List.of(old, own));
        assertThat(file.load()).containsExactly(newer, own);
    }

    @Test
    void aClockThatWasSetBackDoesNotKeepAModelFromBeingSaved() {
        file.save(WINDOW, List.of(state(KEY, NOW.plusSeconds(3_600))));
        RateLimitState now = state(KEY, NOW);
        file.save(WINDOW, List.of(now));
        assertThat(file.load()).containsExactly(now);
    }

    @Test
    void modelsThatNobodySavesAnyMoreAreDroppedAfterADayAndTwoWindows() {
        RateLimitState old = state(ModelKey.of("p", "old"), NOW);
        SavedState daily = new SavedState(state(ModelKey.of("p", "daily"), NOW), Duration.ofDays(1), null);
        file.save(WINDOW, List.of(old));
        file.save(List.of(daily));
        file.save(WINDOW, List.of(state(KEY, NOW.plus(Duration.ofDays(1)))));
        assertThat(file.load()).hasSize(3);
        RateLimitState later = state(KEY, NOW.plus(Duration.ofDays(1)).plusSeconds(1));
        file.save(WINDOW, List.of(later));
        assertThat(file.load()).containsExactly(daily.state(), later);
        RateLimitState muchLater = state(KEY, NOW.plus(Duration.ofDays(2)).plusSeconds(1));
        file.save(WINDOW, List.of(muchLater));
        assertThat(file.load()).containsExactly(muchLater);
    }

    @Test
    void unknownKeysStay() throws IOException {
        write("{\"note\": [0.10], \"models\": [{\"provider\": \"p\", \"model\": \"m\","
                + " \"saved_at\": \"2026-11-24T12:00:00Z\", \"newer\": {\"a\": 1}}, {\"x\": 2}]}");
        file.save(WINDOW, List.of(state(KEY, NOW)));
        assertThat(Json.compact(Json.read(Files.readAllBytes(file.path()))))
                .contains("\"note\":[0.10]", "\"newer\":{\"a\":1}", "{\"x\":2}", "\"saved_at\":\"" + NOW + "\"");
    }

    @Test
    @DisplayName("D-RL-36: reading creates nothing, nor does saving nothing")
    void readingCreatesNothing() {
        assertThat(file.read().models()).isEmpty();
        assertThat(file.load()).isEmpty();
        file.save(WINDOW, List.of());
        assertThat(project).isEmptyDirectory();
    }

    @Test
    @DisplayName("D-RL-36: what is written is for the owner only")
    void whatIsWrittenIsForTheOwnerOnly() throws IOException {
        file.save(WINDOW, List.of(state(KEY, NOW)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
    }

    @Test
    @DisplayName("D-RL-35: four processes save 20 models each, and none is lost")
    void concurrentProcessesLoseNothing() throws Exception {
        List<JavaProcess> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(JavaProcess.start(StateSavingProcess.class, project.toString(), "provider-" + i, "20"));
        }
        for (JavaProcess process : processes) {
            assertThat(process.end()).isEqualTo(new JavaProcess.Ended(0, "", ""));
        }
        assertThat(file.read().problems()).isEmpty();
        assertThat(file.load())
                .extracting(RateLimitState::key)
                .doesNotHaveDuplicates()
                .hasSize(80);
    }

    @Test
    @DisplayName("D-RL-34: a write that was cut at any byte leaves the old state, and the next save goes through")
    void aWriteThatWasCutAtAnyByteLeavesTheOldState() throws IOException {
        RateLimitState old = state(KEY, NOW);
        file.save(WINDOW, List.of(old));
        byte[] content = Files.readAllBytes(file.path());
        Path temporary = file.path().resolveSibling(file.path().getFileName() + ".tmp");
        for (int length = 0; length <= content.length; length++) {
            Files.write(temporary, Arrays.copyOf(content, length));
            assertThat(file.load()).containsExactly(old);
        }
        RateLimitState fresh = state(KEY, NOW.plusSeconds(1));
        file.save(WINDOW, List.of(fresh));
        assertThat(file.load()).containsExactly(fresh);
        assertThat(temporary).doesNotExist();
    }

    @Test
    @DisplayName("D-RL-32: a file that was cut at any byte is reported and never overwritten")
    void aFileThatWasCutAtAnyByteIsNeverOverwritten() throws IOException {
        file.save(WINDOW, List.of(state(KEY, NOW)));
        byte[] content = Files.readAllBytes(file.path());
        for (int length = 0; length < content.length; length++) {
            byte[] part = Arrays.copyOf(content, length);
            Files.write(file.path(), part);
            assertThatThrownBy(file::read).isInstanceOf(DamagedFileException.class);
            assertThatThrownBy(() -> file.save(WINDOW, List.of(state(KEY, NOW))))
                    .isInstanceOf(DamagedFileException.class);
            assertThat(Files.readAllBytes(file.path())).isEqualTo(part);
        }
    }

    private void write(String text) throws IOException {
        Files.createDirectories(file.path().getParent());
        Files.writeString(file.path(), text);
    }
}
