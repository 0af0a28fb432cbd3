package io.sluice.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.ratelimit.RateLimitState;
import io.sluice.testing.HeldScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What a saver writes and when, on virtual time. */
class StateSaverTest {

    private static final ModelKey KEY = ModelKey.of("p", "m");
    private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path project;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create(false);
    private final List<Throwable> failures = new ArrayList<>();
    private StateFile file;

    @BeforeEach
    void file() {
        file = StateFile.in(project);
    }

    private ModelRateLimiter limiter(List<RateLimitState> known) {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("*", "*")
                                .rpm(10)
                                .tpm(1_000)
                                .utilizationTarget(1)
                                .concurrency(4)
                                .build()))
                .scheduler(time)
                .instantSource(this::wallClock)
                .restore(known)
                .build();
    }

    private StateSaver saver(ModelRateLimiter limiter, Scheduler writer) {
        return StateSaver.of(limiter, file)
                .scheduler(time)
                .writeOn(writer)
                .onFailure(failures::add)
                .start();
    }

    private StateSaver saver(ModelRateLimiter limiter) {
        return saver(limiter, Schedulers.immediate());
    }

    private Instant wallClock() {
        return START.plusNanos(time.now(TimeUnit.NANOSECONDS));
    }

    private void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    private static Permit take(ModelRateLimiter limiter, ModelKey key) {
        return Objects.requireNonNull(
                limiter.acquire(PermitRequest.of(key, TokenEstimate.of(100, 0))).block());
    }

    private SavedState saved() {
        return Objects.requireNonNull(file.read().find(KEY));
    }

    @Test
    void whatChangedIsSavedAfterEachPeriod() {
        ModelRateLimiter limiter = limiter(List.of());
        StateSaver saver = saver(limiter);
        assertThat(project).as("before the first period").isEmptyDirectory();

        Permit permit = take(limiter, KEY);
        pass(SECOND);
        assertThat(saved().state().inFlight()).isEqualTo(1);
        assertThat(saved().state().at()).isEqualTo(START.plusSeconds(1));
        assertThat(saved().tokens(wallClock())).isEqualTo(100);
        assertThat(saved().window()).isEqualTo(Duration.ofMinutes(1));
        assertThat(Objects.requireNonNull(saved().limits()).rpm())
                .as("the limits in force")
                .isEqualTo(10);

        permit.succeeded(TokenUsage.of(40, 0));
        pass(SECOND);
        assertThat(saved().state().inFlight()).isZero();
        assertThat(saved().tokens(wallClock())).isEqualTo(40);
        saver.dispose();
    }

    @Test
    void nothingIsWrittenWhileNothingChanges() throws IOException {
        ModelRateLimiter limiter = limiter(List.of());
        StateSaver saver = saver(limiter);
        pass(Duration.ofSeconds(10));
        assertThat(project).isEmptyDirectory();

        take(limiter, KEY).succeeded(TokenUsage.UNKNOWN);
        pass(SECOND);
        assertThat(saved().requests(wallClock())).isEqualTo(1);
        FileTime touched = FileTime.from(START);
        Files.setLastModifiedTime(file.path(), touched);
        pass(Duration.ofMinutes(5));
        assertThat(saved().requests(wallClock())).as("it grew old by itself").isZero();
        saver.disposeLater().block();
        assertThat(Files.getLastModifiedTime(file.path())).isEqualTo(touched);
    }

    @Test
    void onlyTheModelsThatChangedAreSaved() {
        ModelKey other = ModelKey.of("p", "other");
        ModelRateLimiter limiter = limiter(List.of());
        StateSaver saver = saver(limiter);
        take(limiter, KEY);
        take(limiter, other);
        pass(SECOND);
        take(limiter, other);
        pass(SECOND);
        assertThat(saved().state().at()).isEqualTo(START.plusSeconds(1));
        assertThat(Objects.requireNonNull(file.read().find(other)).state().at()).isEqualTo(START.plusSeconds(2));
        saver.dispose();
    }

    @Test
    void whatHappenedSinceTheLastPeriodIsSavedAtTheEnd() {
        ModelRateLimiter limiter = limiter(List.of());
        StateSaver saver = saver(limiter);
        Permit permit = take(limiter, KEY);
        pass(SECOND);
        permit.succeeded(TokenUsage.UNKNOWN);
        limiter.dispose();
        StepVerifier.create(saver.disposeLater()).verifyComplete();
        assertThat(saved().state().inFlight()).isZero();
        assertThat(saver.isDisposed()).isTrue();
        StepVerifier.create(saver.disposeLater()).as("once more").verifyComplete();
        assertThat(failures).isEmpty();
    }

    @Test
    void afterTheEndNothingIsSavedAnyMore() {
        ModelRateLimiter limiter = limiter(List.of());
        StateSaver saver = saver(limiter);
        saver.dispose();
        take(limiter, KEY);
        pass(Duration.ofMinutes(1));
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void aRestartGoesOnFromWhatWasSaved() {
        ModelRateLimiter first = limiter(List.of());
        StateSaver saver = saver(first);
        for (int i = 0; i < 4; i++) {
            take(first, KEY);
        }
        pass(SECOND);
        saver.disposeLater().block();

        pass(Duration.ofSeconds(9));
        ModelRateLimiter second = limiter(file.load());
        assertThat(second.snapshot(KEY).requests()).isEqualTo(4);
        assertThat(second.snapshot(KEY).inFlight()).isZero();
        pass(Duration.ofSeconds(50));
        assertThat(second.snapshot(KEY).requests()).isZero();
    }

    @Test
    void whatWasOnlyHandedOnIsNotSavedAgain() throws IOException {
        RateLimitState known = StateFileTest.state(KEY, START.minusSeconds(1));
        file.save(Duration.ofMinutes(1), List.of(known));
        ModelRateLimiter limiter = limiter(file.load());
        StateSaver saver = saver(limiter);
        FileTime touched = FileTime.from(START);
        Files.setLastModifiedTime(file.path(), touched);
        pass(Duration.ofSeconds(3));
        assertThat(Files.getLastModifiedTime(file.path())).isEqualTo(touched);
        assertThat(saved().state()).isEqualTo(known);
        saver.dispose();
    }

    @Test
    void neverTwoSavesAtOnceAndALateOneIsNotCaughtUpWith() {
        ModelRateLimiter limiter = limiter(List.of());
        HeldScheduler writer = new HeldScheduler();
        StateSaver saver = saver(limiter, writer);
        take(limiter, KEY);
        pass(Duration.ofSeconds(30));
        assertThat(project).as("the writer is busy elsewhere").isEmptyDirectory();
        writer.runAll();
        assertThat(saved().requests(wallClock())).isEqualTo(1);
        take(limiter, KEY);
        writer.runAll();
        assertThat(saved().requests(wallClock()))
                .as("the next period has only begun")
                .isEqualTo(1);
        pass(SECOND);
        writer.runAll();
        assertThat(saved().requests(wallClock())).isEqualTo(2);
        saver.dispose();
        writer.runAll();
    }

    @Test
    void theEndWaitsForASaveThatIsUnderWay() {
        ModelRateLimiter limiter = limiter(List.of());
        HeldScheduler writer = new HeldScheduler();
        StateSaver saver = saver(limiter, writer);
        pass(SECOND);
        take(limiter, KEY);
        StepVerifier.create(saver.disposeLater())
                .then(() -> assertThat(project).isEmptyDirectory())
                .then(writer::runAll)
                .verifyComplete();
        assertThat(saved().requests(wallClock())).isEqualTo(1);
    }

    @Test
    void aSaveThatFailsIsToldOnceAndTriedAgain() throws IOException {
        Path inTheWay = Files.writeString(project.resolve(".sluice"), "precious");
        ModelRateLimiter limiter = limiter(List.of());
        StateSaver saver = saver(limiter);
        take(limiter, KEY);
        pass(Duration.ofSeconds(10));
        assertThat(failures).singleElement().asString().contains("model-rate-limit-state.json");
        assertThat(inTheWay).hasContent("precious");

        Files.delete(inTheWay);
        pass(SECOND);
        assertThat(saved().requests(wallClock())).isEqualTo(1);
        Files.writeString(file.path(), "{\"states\": {}}");
        take(limiter, KEY);
        StepVerifier.create(saver.disposeLater())
                .as("the end comes all the same")
                .verifyComplete();
        assertThat(failures).as("told again after a success").hasSize(2);
        assertThat(failures.get(1)).isInstanceOf(DamagedFileException.class);
        assertThat(file.path()).hasContent("{\"states\": {}}");
    }

    @Test
    void aListenerThatThrowsStopsNothing() throws IOException {
        Path inTheWay = Files.writeString(project.resolve(".sluice"), "precious");
        ModelRateLimiter limiter = limiter(List.of());
        StateSaver saver = StateSaver.of(limiter, file)
                .scheduler(time)
                .writeOn(Schedulers.immediate())
                .onFailure(failure -> {
                    throw new IllegalStateException("no");
                })
                .start();
        take(limiter, KEY);
        pass(SECOND);
        Files.delete(inTheWay);
        pass(SECOND);
        assertThat(saved().requests(wallClock())).isEqualTo(1);
        saver.dispose();
    }

    @Test
    void aWriterThatTakesNoMoreWorkIsToldAndTheEndComes() {
        ModelRateLimiter limiter = limiter(List.of());
        Scheduler writer = Schedulers.newSingle("gone");
        writer.dispose();
        StateSaver saver = saver(limiter, writer);
        take(limiter, KEY);
        pass(Duration.ofSeconds(5));
        assertThat(failures).hasSize(1);
        StepVerifier.create(saver.disposeLater()).expectComplete().verify(Duration.ofSeconds(10));
    }

    @Test
    void withoutSettingsItRunsOnVirtualTimeWhereThatIsSwitchedOn() {
        StepVerifier.withVirtualTime(() -> {
                    ModelRateLimiter limiter = ModelRateLimiter.builder().build();
                    StateSaver saver = StateSaver.of(limiter, file)
                            .every(Duration.ofMillis(200))
                            .start();
                    ModelKey key = ModelKey.of("openai", "gpt-4o");
                    return limiter.withPermit(
                                    PermitRequest.of(key, TokenEstimate.of(5, 5)),
                                    permit -> Mono.delay(Duration.ofSeconds(2)))
                            .then(saver.disposeLater());
                })
                .expectSubscription()
                .expectNoEvent(SECOND)
                .then(() -> assertThat(file.load())
                        .singleElement()
                        .satisfies(state -> assertThat(state.inFlight()).isEqualTo(1)))
                .thenAwait(SECOND)
                .verifyComplete();
        assertThat(file.load()).extracting(RateLimitState::inFlight).containsExactly(0);
    }

    @Test
    void onRealTimeFilesAreWrittenWhereBlockingIsAllowed() {
        ModelRateLimiter limiter = ModelRateLimiter.builder().build();
        StateSaver saver = StateSaver.of(limiter, file)
                .every(Duration.ofMillis(1))
                .onFailure(failures::add)
                .start();
        ModelKey key = ModelKey.of("openai", "gpt-4o");
        Flux.interval(Duration.ofMillis(2))
                .take(20)
                .concatMap(tick ->
                        limiter.withPermit(PermitRequest.of(key, TokenEstimate.of(5, 5)), permit -> Mono.just(1)))
                .then(saver.disposeLater())
                .block(Duration.ofSeconds(30));
        assertThat(failures).isEmpty();
        assertThat(Objects.requireNonNull(file.read().find(key)).requests(Instant.now()))
                .isEqualTo(20);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        StateSaver.Builder builder = StateSaver.of(limiter(List.of()), file);
        assertThatThrownBy(() -> builder.every(Duration.ZERO))
                .hasMessage("period must be at least 1 millisecond, was PT0S");
        assertThatThrownBy(() -> builder.window(Duration.ZERO))
                .hasMessage("window must be between 1 microsecond and 400 days, was PT0S");
    }
}
