package io.sluice.store.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.ratelimit.RateLimitState;
import io.sluice.ratelimit.RateLimitState.Charge;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A state file that is old, damaged or another program's hangs nobody, lifts no limit and is never overwritten. */
class DamagedStateFileTest {

    private static final ModelKey KEY = ModelKey.of("p", "m");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final String NAME = "\"provider\": \"p\", \"model\": \"m\", \"saved_at\": \"2026-11-24T12:00:00Z\"";
    private static final String GOOD = "{\"provider\": \"good\", \"model\": \"one\","
            + " \"saved_at\": \"2026-11-24T12:00:00Z\", \"concurrency_cap\": 3}";

    @TempDir
    Path project;

    private StateFile file;

    @BeforeEach
    void file() throws IOException {
        file = StateFile.in(project);
        Files.createDirectories(file.path().getParent());
    }

    // ---- the file as a whole ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"states\": {\"p::m\": {\"request_timestamps\": [1000000.0], \"token_events\": [], \"in_flight\": 1,"
                        + " \"current_concurrency_cap\": 1}}, \"reservations\": {}, \"reservation_counter\": 1}",
                "{\"states\": {}}",
                "{\"states\": null}"
            })
    @DisplayName("D-RL-29: the earlier system's state, in seconds since a boot, is not believed and not overwritten")
    void theStateOfTheEarlierSystemIsNotBelieved(String content) throws IOException {
        write(content);
        assertThatNobodyUsesIt(file.path()
                + " is the state file of another program, and cannot be used here. Nothing was changed; move it away to"
                + " start anew.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "\"1\"", "1.0", "null"})
    void theStateOfAnotherVersionIsNotBelieved(String version) throws IOException {
        write("{\"version\": " + version + ", \"models\": []}");
        assertThatNobodyUsesIt(file.path() + " is the state file of another version, ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null | line 1, column 1: expected an object with the states of models, found null.",
                "5 | line 1, column 1: expected an object with the states of models, found number.",
                "[1] | line 1, column 1: expected an object with the states of models, found array.",
                "{\"models\": {}} | line 1, column 1: expected an array under \"models\", found object.",
                "{\"models\": null} | line 1, column 1: expected an array under \"models\", found null.",
                "{\"models\": [NaN]} | line 1, column 16: Non-standard token 'NaN'.",
                "{\"models\": [ | line 1, column 13: it ends too early.",
                "{} {} | line 1, column 4: there is more after its end.",
            })
    @DisplayName("D-RL-31, D-RL-33: what is no state file is one clear error, and stays as it is")
    void whatIsNoStateFileIsRefused(String content, String words) throws IOException {
        write(content);
        assertThatNobodyUsesIt(file.path() + " is damaged at " + words);
    }

    @Test
    void nestingWithoutEndIsRefused() throws IOException {
        write("{\"models\":" + "[".repeat(100_000));
        assertThatNobodyUsesIt(file.path() + " is damaged at line 1, ");
    }

    @Test
    @DisplayName("D-RL-31: an empty object knows nothing, and is filled")
    void anEmptyObjectKnowsNothing() throws IOException {
        write("{}");
        assertThat(file.read().models()).isEmpty();
        file.save(Duration.ofMinutes(1), List.of(StateFileTest.state(KEY, NOW)));
        assertThat(file.load()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    @DisplayName("D-RL-33: a byte order mark and UTF-16 are understood")
    void byteOrderMarksAreUnderstood(String charset) throws IOException {
        Files.write(
                file.path(),
                ("\ufeff{\"models\": [" + GOOD.replace("one", "schön") + "]}").getBytes(Charset.forName(charset)));
        assertThat(file.load()).extracting(RateLimitState::key).containsExactly(ModelKey.of("good", "schön"));
    }

    @Test
    @DisplayName("D-RL-33: Latin-1 is refused instead of being misread")
    void latin1IsRefused() throws IOException {
        Files.write(file.path(), ("{\"models\": [" + GOOD.replace("one", "schön") + "]}").getBytes(ISO_8859_1));
        assertThatNobodyUsesIt(file.path() + " is damaged at ");
    }

    private void assertThatNobodyUsesIt(String message) throws IOException {
        byte[] before = Files.readAllBytes(file.path());
        assertThatThrownBy(file::read).isInstanceOf(DamagedFileException.class).hasMessageStartingWith(message);
        assertThatThrownBy(file::load).isInstanceOf(DamagedFileException.class);
        assertThatThrownBy(() -> file.save(Duration.ofMinutes(1), List.of(StateFileTest.state(KEY, NOW))))
                .isInstanceOf(DamagedFileException.class);
        assertThat(file.path()).hasBinaryContent(before);
    }

    // ---- single entries and values ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "7 | entry 0: 7: write an object with the keys provider, model, saved_at, window_ns, concurrency_cap,"
                        + " requests, tokens",
                "{} | entry 0: provider is missing: add it",
                "{'provider':'p'} | entry 0: model is missing: add it",
                "{'provider':' ','model':'m'} | entry 0: {'provider':' ','model':'m'}: name a provider and a model",
                "{'provider':'p','model':'m'} | entry 0: saved_at is missing: add it",
                "{'provider':'p','model':'m','saved_at':12.5} | entry 0: saved_at is 12.5: write a text in quotes",
                "{'provider':'p','model':'m','saved_at':'12:00'}"
                        + " | entry 0: saved_at is '12:00': write a time such as 2026-11-24T12:00:00Z",
                "{'provider':'p','model':'m','saved_at':'+1000000000-12-31T23:59:59Z'} | entry 0: saved_at is"
                        + " '+1000000000-12-31T23:59:59Z': write a time such as 2026-11-24T12:00:00Z",
            })
    @DisplayName("D-RL-33: an entry without a name or a time is reported and left out, and the rest is used")
    void anEntryThatIsNothingIsLeftOut(String entry, String problem) throws IOException {
        write("{\"models\": [" + entry.replace('\'', '"') + ", " + GOOD + "]}");
        StateFile.Contents contents = file.read();
        assertThat(contents.problems()).extracting(EntryProblem::toString).containsExactly(problem.replace('\'', '"'));
        assertThat(contents.states()).extracting(RateLimitState::concurrencyCap).containsExactly(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'concurrency_cap': -3 | concurrency_cap is -3: write a number of at least 0",
                "'concurrency_cap': null | concurrency_cap is null: write a whole number, without quotes",
                "'concurrency_cap': 1.5 | concurrency_cap is 1.5: write a whole number, without quotes",
                "'success_streak': '2' | success_streak is '2': write a whole number, without quotes",
                "'in_flight': -10 | in_flight is -10: write a number of at least 0",
                "'average_requests': 'NaN' | average_requests is 'NaN': write a number, without quotes",
                "'average_requests': -1 | average_requests is -1: write a number of at least 0",
                "'average_tokens': 1e999999999 | average_tokens is 1E+999999999: write a number of at least 0",
                "'window_ns': 0 | window_ns is 0: write nanoseconds, between a microsecond and 400 days",
                "'window_ns': -1 | window_ns is -1: write nanoseconds, between a microsecond and 400 days",
                "'window_ns': [] | window_ns is []: write a whole number, without quotes",
                "'paused_until': 5 | paused_until is 5: write a text in quotes",
                "'paused_until': '9999-01-01T00:00:00Z' | paused_until is '9999-01-01T00:00:00Z': it is more than a day"
                        + " after saved_at",
                "'requests': {} | requests is {}: write an array of pairs [nanoseconds before saved_at, amount]",
                "'requests': null | requests is null: write an array of pairs [nanoseconds before saved_at, amount]",
                "'limits': 5 | limits is 5: write an object with the keys provider, model, account, rpm_limit,"
                        + " tpm_limit, utilization_target, concurrency_cap, source, itpm_limit, otpm_limit,"
                        + " rpd_limit, tpd_limit, max_concurrency, oversize, refund_policy, refund_refused,"
                        + " burst_seconds, skew_seconds, counts, day_zone, pool, aliases",
                "'limits': {'provider':'p','model':'m','rpm_limit':0} | limits is"
                        + " {'provider':'p','model':'m','rpm_limit':0}: rpm_limit must be greater than zero",
            })
    @DisplayName("D-RL-31: a value that cannot be is reported, and is as if it were not known")
    void aValueThatCannotBeIsNotKnown(String value, String problem) throws IOException {
        write("{\"models\": [{" + NAME + ", " + value.replace('\'', '"') + "}]}");
        StateFile.Contents contents = file.read();
        assertThat(contents.problems())
                .extracting(EntryProblem::toString)
                .containsExactly("entry 0: " + problem.replace('\'', '"'));
        assertThat(contents.models())
                .containsExactly(new SavedState(
                        new RateLimitState(KEY, NOW, List.of(), List.of(), 0, 0, 0, 0, 0, null),
                        Duration.ofMinutes(1),
                        null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[-3600000000001, 5]",
                "[1, 0]",
                "[1, -5]",
                "[1, 9007199254740993]",
                "[1.0, 5]",
                "[\"NaN\", 5]",
                "[null, 5]",
                "[1]",
                "[1, 2, 3]",
                "7",
                "null",
                "[99999999999999999999, 5]"
            })
    @DisplayName("D-RL-31: a charge that cannot be is reported, and the others count")
    void aChargeThatCannotBeIsLeftOut(String charge) throws IOException {
        write("{\"models\": [{" + NAME + ", \"tokens\": [[5, 1], " + charge + ", [3, 2], " + charge + "]}]}");
        assertThat(file.load().get(0).tokens())
                .containsExactly(new Charge(NOW.minusNanos(5), 1), new Charge(NOW.minusNanos(3), 2));
        assertThat(file.read().problems())
                .singleElement()
                .asString()
                .startsWith("entry 0: tokens is ")
                .endsWith(": it is no pair [nanoseconds before saved_at, amount] and was left out, as were 1 more");
    }

    @Test
    void ofSeveralEntriesForOneModelTheLastCountsAndASaveLeavesOne() throws IOException {
        write("{\"models\": [{" + NAME + ", \"concurrency_cap\": 2}, {" + NAME + ", \"concurrency_cap\": 5}]}");
        assertThat(file.load()).extracting(RateLimitState::concurrencyCap).containsExactly(5);
        assertThat(file.read().problems())
                .extracting(EntryProblem::toString)
                .containsExactly("entry 0: model is \"m\": the same model stands again in entry 1, which counts:"
                        + " remove one of them");
        RateLimitState fresh = StateFileTest.state(KEY, NOW.plusSeconds(1));
        file.save(Duration.ofSeconds(4), List.of(fresh));
        assertThat(file.load()).containsExactly(fresh);
        assertThat(file.read().problems()).isEmpty();
    }

    // ---- what a limiter makes of it ----

    @Test
    @DisplayName("D-RL-31: charges out of order count in their order")
    void chargesOutOfOrderCountInTheirOrder() throws IOException {
        write("{\"models\": [{" + NAME + ", \"requests\": [[10000000000, 1], [50000000000, 4], [30000000000, 5]]}]}");
        ModelRateLimiter limiter = restored(NOW);
        assertThat(limiter.snapshot(KEY).requests()).isEqualTo(10);
        assertThat(wait(limiter)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    @DisplayName("D-RL-30, D-RL-31: no call in flight is restored, and no cap beyond the profile's bounds")
    void noDamageHangsACallOrLiftsALimit() throws IOException {
        for (String values : List.of(
                "\"concurrency_cap\": 64, \"in_flight\": -10",
                "\"concurrency_cap\": 99999999999, \"in_flight\": 1",
                "\"concurrency_cap\": 0, \"in_flight\": 99",
                "\"concurrency_cap\": -3",
                "\"in_flight\": 4")) {
            write("{\"models\": [{" + NAME + ", " + values + "}]}");
            ModelRateLimiter limiter = restored(NOW);
            assertThat(limiter.snapshot(KEY).currentConcurrencyCap()).isBetween(1, 4);
            assertThat(limiter.snapshot(KEY).inFlight()).isZero();
            assertThat(wait(limiter)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-24T12:00:00Z", "2026-11-24T11:59:00Z", "2015-01-01T00:00:00Z"})
    @DisplayName("D-RL-29: after a restart with the clock set back, nobody waits longer than a window")
    void aClockThatWasSetBackCostsAWindowAtMost(String now) throws IOException {
        write("{\"models\": [{" + NAME + ", \"requests\": [[50000000000, 10]]}]}");
        ModelRateLimiter limiter = restored(Instant.parse(now));
        assertThat(limiter.snapshot(KEY).requests())
                .as("and the window is not spent twice")
                .isEqualTo(10);
        assertThat(wait(limiter)).isLessThanOrEqualTo(Duration.ofMinutes(1));
    }

    @Test
    @DisplayName("D-RL-29: after a restart with the clock moved forward, what is over is over")
    void aClockThatMovedForwardFreesWhatIsOver() throws IOException {
        write("{\"models\": [{" + NAME + ", \"requests\": [[50000000000, 6], [0, 4]]}]}");
        assertThat(restored(NOW.plusSeconds(9)).snapshot(KEY).requests()).isEqualTo(10);
        assertThat(restored(NOW.plusSeconds(10)).snapshot(KEY).requests()).isEqualTo(4);
        assertThat(restored(NOW.plus(Duration.ofDays(4_000))).snapshot(KEY).requests())
                .isZero();
        SavedState saved = Objects.requireNonNull(file.read().find(KEY));
        assertThat(saved.requests(NOW.plusSeconds(9))).isEqualTo(10);
        assertThat(saved.requests(NOW.plusSeconds(10))).isEqualTo(4);
        assertThat(saved.requests(NOW.plusSeconds(60))).isZero();
        assertThat(saved.requests(NOW.minusSeconds(999_999)))
                .as("from the future: as made now")
                .isEqualTo(10);
        assertThat(saved.age(NOW.plusSeconds(9))).isEqualTo(Duration.ofSeconds(9));
        assertThat(saved.age(NOW.minusSeconds(9))).isZero();
    }

    private ModelRateLimiter restored(Instant now) {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder(KEY)
                                .rpm(10)
                                .utilizationTarget(1)
                                .concurrency(4)
                                .build()))
                .scheduler(VirtualTimeScheduler.create(false))
                .instantSource(() -> now)
                .restore(file.load())
                .build();
    }

    private static Duration wait(ModelRateLimiter limiter) {
        return limiter.estimateWait(PermitRequest.of(KEY, TokenEstimate.NONE));
    }

    private void write(String text) throws IOException {
        Files.write(file.path(), text.getBytes(UTF_8));
    }
}
