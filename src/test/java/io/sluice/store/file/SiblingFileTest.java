package io.sluice.store.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.DayWindow;
import io.sluice.ratelimit.Oversize;
import io.sluice.ratelimit.RateLimit;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes beyond the seven keys: kept beside them, and read and saved as one with them. */
class SiblingFileTest {

    private static final ModelKey KEY = ModelKey.of("p", "m");

    @TempDir
    Path project;

    private ProfileFile file;

    @BeforeEach
    void file() throws IOException {
        file = ProfileFile.in(project);
        Files.createDirectories(file.path().getParent());
    }

    @Test
    void theFirstFileKeepsItsSevenKeysAndTheSiblingHasTheRest() {
        RateLimitProfile profile = profile(5)
                .concurrency(2)
                .maxConcurrency(32)
                .oversize(Oversize.STRICT)
                .burst(Duration.ofSeconds(10))
                .skew(Duration.ofMillis(1_500))
                .build();
        file.save(profile);
        assertThat(file.path()).content(UTF_8).isEqualTo("""
                [
                  {
                    "provider": "p",
                    "model": "m",
                    "rpm_limit": 5,
                    "tpm_limit": 6,
                    "utilization_target": 0.7,
                    "concurrency_cap": 2,
                    "source": "local"
                  }
                ]""");
        assertThat(file.siblingPath())
                .isEqualTo(project.resolve(".sluice/model-rate-limits.sluice.json"))
                .content(UTF_8)
                .isEqualTo("""
                [
                  {
                    "provider": "p",
                    "model": "m",
                    "max_concurrency": 32,
                    "oversize": "strict",
                    "burst_seconds": 10,
                    "skew_seconds": 1.5
                  }
                ]""");
        assertThat(read()).containsExactly(profile);
    }

    @Test
    void furtherLimitsDaysPoolsAndAliasesStandInTheSibling() {
        RateLimitProfile profile = profile(5)
                .limit(RateLimit.ITPM, 30_000L)
                .limit(RateLimit.OTPM, 8_000L)
                .rpd(1_500)
                .limit(RateLimit.TPD, 9_007_199_254_740_992L)
                .day(DayWindow.calendar(ZoneId.of("America/Los_Angeles")))
                .pool("big")
                .alias("m-latest")
                .alias("m-4")
                .build();
        file.save(profile);
        assertThat(file.siblingPath()).content(UTF_8).isEqualTo("""
                [
                  {
                    "provider": "p",
                    "model": "m",
                    "itpm_limit": 30000,
                    "otpm_limit": 8000,
                    "rpd_limit": 1500,
                    "tpd_limit": 9007199254740992,
                    "day_zone": "America/Los_Angeles",
                    "pool": "big",
                    "aliases": [
                      "m-latest",
                      "m-4"
                    ]
                  }
                ]""");
        assertThat(read()).containsExactly(profile);
    }

    @Test
    void aProfileThatNeedsNoSiblingMakesNone() throws IOException {
        file.save(profile(5).build());
        try (var files = Files.list(file.path().getParent())) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("model-rate-limits.json", "model-rate-limits.json.lock");
        }
    }

    @Test
    void profilesThatTheFirstFileCannotHoldStandInTheSiblingAlone() throws IOException {
        List<RateLimitProfile> profiles = List.of(
                RateLimitProfile.builder("tool", "search").rpm(60).build(),
                RateLimitProfile.builder("tool", "read").tpm(60).build(),
                RateLimitProfile.builder("tool", "none").concurrency(3).build(),
                RateLimitProfile.builder(KEY.account("team-a"))
                        .rpm(1)
                        .tpm(2)
                        .utilizationTarget(0.9)
                        .maxConcurrency(8)
                        .source("override")
                        .build());
        profiles.forEach(file::save);
        file.save(profile(7).build());
        assertThat(Json.read(Files.readAllBytes(file.path()))).hasSize(1);
        assertThat(read()).hasSize(5).startsWith(profile(7).build()).containsAll(profiles);
        assertThat(file.load(RateLimitProfiles.none())
                        .resolve(KEY.account("team-a"))
                        .maxConcurrency())
                .isEqualTo(8);
    }

    @Test
    void aProfileMovesBetweenTheFilesWithItsLimits() throws IOException {
        RateLimitProfile rpmOnly = RateLimitProfile.builder(KEY).rpm(3).build();
        RateLimitProfile both = profile(5).maxConcurrency(9).build();
        for (RateLimitProfile profile :
                List.of(rpmOnly, both, rpmOnly, profile(6).build())) {
            file.save(profile);
            assertThat(read()).containsExactly(profile);
        }
        assertThat(file.siblingPath()).hasContent("[]");
    }

    @Test
    void whatIsBackAtItsDefaultGoesFromTheSibling() {
        file.save(profile(5).maxConcurrency(9).build());
        file.save(profile(5).build());
        assertThat(file.siblingPath()).hasContent("[]");
        assertThat(read()).containsExactly(profile(5).build());
    }

    @Test
    void aChangeSeesTheWholeProfile() {
        file.save(profile(5).maxConcurrency(9).build());
        file.change(KEY, old -> Objects.requireNonNull(old).toBuilder().rpm(8).build());
        assertThat(read()).containsExactly(profile(8).maxConcurrency(9).build());
    }

    @Test
    void whatAnotherProgramChangesInTheFirstFileKeepsWhatTheSiblingAdds() throws IOException {
        file.save(profile(5).maxConcurrency(9).build());
        writeMain("[{\"provider\": \"p\", \"model\": \"m\", \"rpm_limit\": 50, \"tpm_limit\": 6}]");
        assertThat(read()).containsExactly(profile(50).maxConcurrency(9).build());
    }

    @Test
    void unknownKeysAndUnusableEntriesOfTheSiblingStay() throws IOException {
        writeMain("[{\"provider\": \"p\", \"model\": \"m\", \"rpm_limit\": 5, \"tpm_limit\": 6}]");
        writeSibling("[7, {\"provider\": \"P\", \"model\": \"M\", \"new\": 0.10, \"max_concurrency\": 4}]");
        file.save(profile(5).maxConcurrency(9).build());
        file.save(profile(5).build());
        assertThat(Json.compact(Json.read(Files.readAllBytes(file.siblingPath()))))
                .isEqualTo("[7,{\"provider\":\"P\",\"model\":\"M\",\"new\":0.10}]");
    }

    @Test
    void anInstalledRowNeedsNoSibling() {
        file.install(RateLimitProfiles.builtin().defaults());
        assertThat(file.siblingPath()).doesNotExist();
    }

    @Test
    void aDeclarationInTheSiblingIsNotInstalledOver() {
        RateLimitProfile declared =
                RateLimitProfile.builder("openai", "gpt-4o").rpm(3).build();
        file.save(declared);
        assertThat(file.install(RateLimitProfiles.builtin().defaults())).hasSize(20);
        assertThat(read()).contains(declared);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "5 | entry 0: 5: write an object with the keys provider, model, account, rpm_limit, tpm_limit,"
                        + " utilization_target, concurrency_cap, source, itpm_limit, otpm_limit,"
                        + " rpd_limit, tpd_limit, max_concurrency, oversize, refund_policy, refund_refused,"
                        + " burst_seconds, skew_seconds, counts, day_zone, pool, aliases",
                "{} | entry 0: provider is missing: add it",
                "{'provider':'p','model':'m','account':7} | entry 0: account is 7: write a text in quotes",
                "{'provider':'p','model':'m','max_concurrency':'9'}"
                        + " | entry 0: max_concurrency is '9': write a whole number, without quotes",
                "{'provider':'p','model':'m','max_concurrency':2147483648}"
                        + " | entry 0: max_concurrency is 2147483648: write a number up to 2147483647",
                "{'provider':'p','model':'m','max_concurrency':0} | entry 0: max_concurrency is 0: max_concurrency"
                        + " must be at least the concurrency_cap of 1",
                "{'provider':'p','model':'m','oversize':'STRICT'}"
                        + " | entry 0: oversize is 'STRICT': write one of 'admit_alone', 'strict'",
                "{'provider':'p','model':'m','skew_seconds':'2s'}"
                        + " | entry 0: skew_seconds is '2s': write a number of seconds between 0 and 9223372036, with up"
                        + " to nine decimals, without quotes",
                "{'provider':'p','model':'m','burst_seconds':-1}"
                        + " | entry 0: burst_seconds is -1: write a number of seconds between 0 and 9223372036, with up"
                        + " to nine decimals, without quotes",
                "{'provider':'p','model':'m','skew_seconds':1e-1000000000}"
                        + " | entry 0: skew_seconds is 1E-1000000000: write a number of seconds between 0 and 9223372036, with"
                        + " up to nine decimals, without quotes",
                "{'provider':'p','model':'m','skew_seconds':4000}"
                        + " | entry 0: {\"provider\":\"p\",\"model\":\"m\",\"skew_seconds\":4000}: skew must be between zero"
                        + " and PT1H",
                "{'provider':'p','model':'m','itpm_limit':0}"
                        + " | entry 0: itpm_limit is 0: itpm_limit must be greater than zero",
                "{'provider':'p','model':'m','otpm_limit':'8000'}"
                        + " | entry 0: otpm_limit is '8000': write a whole number, without quotes",
                "{'provider':'p','model':'m','rpd_limit':null}"
                        + " | entry 0: rpd_limit is null: write a whole number, without quotes",
                "{'provider':'p','model':'m','tpd_limit':9007199254740993}"
                        + " | entry 0: tpd_limit is 9007199254740993: tpd_limit must be at most 9007199254740992",
                "{'provider':'p','model':'m','day_zone':'Moon/Crater'}"
                        + " | entry 0: day_zone is 'Moon/Crater': write a zone such as 'America/Los_Angeles' or 'UTC'",
                "{'provider':'p','model':'m','pool':' '}"
                        + " | entry 0: pool is ' ': pool must be names, not blank and not a wildcard",
                "{'provider':'p','model':'m','aliases':'a'}"
                        + " | entry 0: aliases is 'a': write an array of names in quotes",
                "{'provider':'p','model':'m','aliases':['a',7]}"
                        + " | entry 0: aliases is ['a',7]: write an array of names in quotes",
                "{'provider':'p','model':'x','oversize':'strict'} | entry 0: model is 'x': there is no profile of it"
                        + " in model-rate-limits.json to which this would add: give it one, or remove this",
                "{'provider':'p','model':'m','rpm_limit':9} | entry 0: model is 'm': model-rate-limits.json has limits"
                        + " for this model as well, which count: remove one of them",
                "{'provider':'t','model':'x','rpm_limit':0}"
                        + " | entry 0: rpm_limit is 0: rpm_limit must be greater than zero",
                "{'provider':'t','model':'x','tpm_limit':null}"
                        + " | entry 0: tpm_limit is null: write a whole number, without quotes",
            })
    void aBadEntryOfTheSiblingIsReportedAndTakesNothingAway(String entry, String problem) throws IOException {
        file.save(profile(5).build());
        writeSibling("[" + entry.replace('\'', '"') + "]");
        ProfileFile.Contents contents = file.read();
        assertThat(contents.problems()).singleElement().satisfies(found -> {
            assertThat(found.toString()).isEqualTo(problem.replace('\'', '"'));
            assertThat(found.file()).isEqualTo(file.siblingPath());
        });
        assertThat(contents.profiles()).containsExactly(profile(5).build());
    }

    @Test
    void ofSeveralEntriesWithOneNameTheLastCounts() throws IOException {
        file.save(profile(5).build());
        writeSibling("[{\"provider\": \"p\", \"model\": \"m\", \"max_concurrency\": 4},"
                + " {\"provider\": \"p\", \"model\": \"m\", \"max_concurrency\": 5}]");
        assertThat(read()).containsExactly(profile(5).maxConcurrency(5).build());
        assertThat(file.read().problems())
                .extracting(EntryProblem::toString)
                .containsExactly("entry 0: model is \"m\": the same model stands again in entry 1, which counts:"
                        + " remove one of them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null", "[{\"provider\"", "\u00e4"})
    void aDamagedSiblingStopsEveryWriteOfBoth(String content) throws IOException {
        file.save(profile(5).build());
        byte[] before = Files.readAllBytes(file.path());
        writeSibling(content);
        assertThatThrownBy(file::read)
                .isInstanceOf(DamagedFileException.class)
                .hasMessageStartingWith(file.siblingPath() + " is damaged at line ");
        assertThatThrownBy(() -> file.save(profile(8).build())).isInstanceOf(DamagedFileException.class);
        assertThat(file.path()).hasBinaryContent(before);
        assertThat(file.siblingPath()).hasContent(content);
    }

    @Test
    void aReaderSeesTheOldProfileOrTheNewWhileBothFilesAreWritten() throws Exception {
        List<RateLimitProfile> both = List.of(
                profile(5).maxConcurrency(9).build(),
                profile(50).maxConcurrency(90).build());
        file.save(both.get(0));
        FutureTask<Void> writer = new FutureTask<>(() -> {
            for (int i = 1; i <= 60; i++) {
                file.save(both.get(i % 2));
            }
            return null;
        });
        Thread thread = new Thread(writer, "writer");
        thread.start();
        Set<RateLimitProfile> seen = new HashSet<>();
        while (!writer.isDone()) {
            ProfileFile.Contents contents = file.read();
            assertThat(contents.problems()).isEmpty();
            seen.addAll(contents.profiles());
        }
        writer.get();
        assertThat(seen).isSubsetOf(both).isNotEmpty();
    }

    private List<RateLimitProfile> read() {
        return file.read().profiles();
    }

    private static RateLimitProfile.Builder profile(long rpm) {
        return RateLimitProfile.builder(KEY).rpm(rpm).tpm(6);
    }

    private void writeMain(String text) throws IOException {
        Files.writeString(file.path(), text);
    }

    private void writeSibling(String text) throws IOException {
        Files.writeString(file.siblingPath(), text);
    }
}
