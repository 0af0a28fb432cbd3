package io.sluice.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What writing does to the disk, with other processes and full disks around. */
class WritingProfilesTest {

    @TempDir
    Path project;

    @Test
    @DisplayName("D-RL-34: a write that fails midway leaves the old file, whole")
    void aWriteThatFailsMidwayLeavesTheOldFile() throws Exception {
        assumeThat(Path.of("/bin/sh")).exists();
        ProfileFile file = ProfileFile.in(project);
        List<RateLimitProfile> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(RateLimitProfile.builder("p", "model-" + i).rpm(1).tpm(1).build());
        }
        file.install(many);
        byte[] before = Files.readAllBytes(file.path());
        assertThat(before).hasSizeGreaterThan(8 * 1024);

        JavaProcess.Ended ended = JavaProcess.start(
                        List.of("/bin/sh", "-c", "ulimit -f 8; exec \"$@\"", "sh"),
                        Map.of(),
                        SavingProcess.class,
                        project.toString(),
                        "another",
                        "1")
                .end();

        assertThat(ended.code()).isNotZero();
        assertThat(ended.err()).contains("cannot write " + file.path() + ": File too large");
        assertThat(file.path()).hasBinaryContent(before);
        assertThat(names(file)).containsExactlyInAnyOrder("model-rate-limits.json", "model-rate-limits.json.lock");
    }

    @Test
    @DisplayName("D-RL-35: four processes save 20 profiles each, and none is lost")
    void concurrentProcessesLoseNothing() throws Exception {
        List<JavaProcess> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(JavaProcess.start(SavingProcess.class, project.toString(), "provider-" + i, "20"));
        }
        for (JavaProcess process : processes) {
            assertThat(process.end()).isEqualTo(new JavaProcess.Ended(0, "", ""));
        }
        ProfileFile.Contents contents = ProfileFile.in(project).read();
        assertThat(contents.problems()).isEmpty();
        assertThat(contents.profiles())
                .extracting(RateLimitProfile::key)
                .doesNotHaveDuplicates()
                .hasSize(80);
    }

    @Test
    @DisplayName("D-RL-36: reading creates neither file nor directory")
    void readingCreatesNothing() {
        ProfileFile file = ProfileFile.in(project);
        file.read();
        file.load(RateLimitProfiles.builtin());
        assertThat(project).isEmptyDirectory();
        Path absent = project.resolve("no/such/project");
        assertThat(ProfileFile.in(absent).read().profiles()).isEmpty();
        assertThat(project).isEmptyDirectory();
    }

    @Test
    @DisplayName("D-RL-36: what is written is for the owner only")
    void whatIsWrittenIsForTheOwnerOnly() throws IOException {
        ProfileFile file = ProfileFile.in(project);
        file.save(RateLimitProfile.builder("p", "m").rpm(1).tpm(1).build());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
    }

    private static List<String> names(ProfileFile file) throws IOException {
        try (var files = Files.list(file.path().getParent())) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
