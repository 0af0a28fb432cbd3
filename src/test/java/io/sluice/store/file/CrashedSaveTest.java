package io.sluice.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.Oversize;
import io.sluice.ratelimit.RateLimitProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A save of profiles that was cut, at every byte of its files and between them. */
class CrashedSaveTest {

    private static final ModelKey KEY = ModelKey.of("p", "m");
    private static final RateLimitProfile BESIDE =
            RateLimitProfile.builder("p", "beside").rpm(1).tpm(1).build();

    @TempDir
    Path project;

    private ProfileFile file;

    @BeforeEach
    void file() throws IOException {
        file = ProfileFile.in(project);
        Files.createDirectories(file.path().getParent());
        file.save(BESIDE);
    }

    private static List<RateLimitProfile> kinds() {
        return List.of(
                RateLimitProfile.builder(KEY).rpm(5).tpm(6).build(),
                RateLimitProfile.builder(KEY).rpm(7).tpm(6).maxConcurrency(9).build(),
                RateLimitProfile.builder(KEY)
                        .rpm(8)
                        .tpm(6)
                        .concurrency(12)
                        .maxConcurrency(12)
                        .oversize(Oversize.STRICT)
                        .build(),
                RateLimitProfile.builder(KEY).rpm(8).build(),
                RateLimitProfile.builder(KEY).concurrency(3).maxConcurrency(4).build());
    }

    @ParameterizedTest
    @CsvSource({"0,1", "0,3", "1,0", "1,2", "2,1", "1,3", "1,4", "3,0", "3,1", "4,2", "3,4", "2,3"})
    void betweenTheFilesTheOldProfileStandsOrTheNewNeverAMixture(int from, int to) throws IOException {
        RateLimitProfile old = kinds().get(from);
        RateLimitProfile fresh = kinds().get(to);
        file.save(old);
        byte[] oldMain = Files.readAllBytes(file.path());
        byte[] oldSibling = Files.exists(file.siblingPath()) ? Files.readAllBytes(file.siblingPath()) : null;
        DeclaredProfiles change = DeclaredProfiles.parse(file.path(), oldMain, file.siblingPath(), oldSibling);
        change.put(fresh);

        Files.write(file.siblingPath(), change.announced().bytes());
        assertThatItSays(change.main().isChanged() ? old : fresh);

        Files.write(file.path(), change.main().bytes());
        assertThatItSays(fresh);

        RateLimitProfile other =
                RateLimitProfile.builder("another", "one").rpm(1).tpm(1).build();
        file.save(other);
        assertThat(file.read().profiles())
                .as("after somebody else wrote")
                .containsExactlyInAnyOrder(BESIDE, fresh, other);
        assertThat(file.siblingPath()).content().doesNotContain("next");
    }

    @Test
    void aSaveThatWasCutAfterTheAnnouncementIsForgottenByTheNext() throws IOException {
        RateLimitProfile old = kinds().get(1);
        file.save(old);
        DeclaredProfiles change = DeclaredProfiles.parse(
                file.path(),
                Files.readAllBytes(file.path()),
                file.siblingPath(),
                Files.readAllBytes(file.siblingPath()));
        change.put(kinds().get(2));
        Files.write(file.siblingPath(), change.announced().bytes());

        RateLimitProfile fresh = old.toBuilder().rpm(70).build();
        file.save(fresh);
        assertThatItSays(fresh);
        assertThat(file.siblingPath()).content().doesNotContain("next");
    }

    @Test
    void aWriteThatWasCutAtAnyByteLeavesTheOldProfilesAndTheNextSaveGoesThrough() throws IOException {
        file.save(kinds().get(1));
        for (Path one : List.of(file.path(), file.siblingPath())) {
            byte[] content = Files.readAllBytes(one);
            Path temporary = one.resolveSibling(one.getFileName() + ".tmp");
            for (int length = 0; length <= content.length; length++) {
                Files.write(temporary, Arrays.copyOf(content, length));
                assertThatItSays(kinds().get(1));
            }
            file.save(kinds().get(2));
            assertThatItSays(kinds().get(2));
            assertThat(temporary).doesNotExist();
            file.save(kinds().get(1));
        }
    }

    @Test
    void aFileThatWasCutAtAnyByteIsReportedAndNeverOverwritten() throws IOException {
        file.save(kinds().get(1));
        for (Path one : List.of(file.path(), file.siblingPath())) {
            byte[] content = Files.readAllBytes(one);
            for (int length = 0; length < content.length; length++) {
                byte[] part = Arrays.copyOf(content, length);
                Files.write(one, part);
                assertThatThrownBy(file::read).isInstanceOf(DamagedFileException.class);
                assertThatThrownBy(() -> file.save(kinds().get(2))).isInstanceOf(DamagedFileException.class);
                assertThat(Files.readAllBytes(one)).isEqualTo(part);
            }
            Files.write(one, content);
        }
        assertThatItSays(kinds().get(1));
    }

    private void assertThatItSays(RateLimitProfile profile) {
        ProfileFile.Contents contents = file.read();
        assertThat(contents.problems()).isEmpty();
        assertThat(contents.profiles()).containsExactlyInAnyOrder(BESIDE, profile);
    }
}
