package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sluice.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is really started. */
class MainTest {

    private static final Map<String, String> NO_LOCALE = Map.of("LC_ALL", "C");

    @TempDir
    Path project;

    @Test
    void theProgramSavesListsAndEndsWithItsExitCode() throws Exception {
        JavaProcess set =
                start(List.of(), "limits", "set", "--provider", "p", "--model", "m[/red]", "--rpm", "1", "--tpm", "2");
        assertThat(set.end())
                .as("in UTF-8 whatever the locale")
                .isEqualTo(new JavaProcess.Ended(
                        0,
                        "✓ Saved p/m[/red] (RPM=1, TPM=2, target=0.70, concurrency=1)" + System.lineSeparator(),
                        ""));
        assertThat(start(List.of(), "limits", "list").end())
                .isEqualTo(new JavaProcess.Ended(
                        0, "  p/m[/red] RPM=1 TPM=2 target=0.70 concurrency=1" + System.lineSeparator(), ""));
        assertThat(start(List.of(), "limits", "status", "--provider", "a", "--model", "b")
                        .end())
                .isEqualTo(new JavaProcess.Ended(
                        1,
                        "",
                        "sluice: No profile found for a/b. Use 'sluice limits set' to configure one."
                                + System.lineSeparator()));
        assertThat(start(List.of(), "limits", "list", "--nope").end().code()).isEqualTo(2);
    }

    @Test
    void aReadOnlyProjectCanBeReadAndIsNotWritten() throws Exception {
        Files.setPosixFilePermissions(project, PosixFilePermissions.fromString("r-xr-xr-x"));
        List<String> prefix = withoutPowerOverFiles();
        try {
            assertThat(start(prefix, "limits", "list").end())
                    .isEqualTo(new JavaProcess.Ended(
                            0, "No model rate-limit profiles configured." + System.lineSeparator(), ""));
            JavaProcess.Ended ended =
                    start(prefix, "limits", "defaults", "--install").end();
            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.out()).isEmpty();
            Path directory = project.toRealPath().resolve(".sluice");
            assertThat(ended.err())
                    .isEqualTo("sluice: cannot write " + directory.resolve("model-rate-limits.json")
                            + ": permission denied (" + directory + ")" + System.lineSeparator());
        } finally {
            Files.setPosixFilePermissions(project, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void outputThatCannotBeWrittenIsNoSuccess() throws Exception {
        assumeThat(Path.of("/dev/full")).exists();
        JavaProcess.Ended ended = start(List.of("/bin/sh", "-c", "exec \"$@\" > /dev/full", "sh"), "limits", "defaults")
                .end();
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).isEqualTo("sluice: the output could not be written in full" + System.lineSeparator());
    }

    /** The superuser may write everywhere, unless the process gives that up. */
    private List<String> withoutPowerOverFiles() throws IOException {
        if (!Files.isWritable(project)) {
            return List.of();
        }
        Path setpriv = Path.of("/usr/bin/setpriv");
        assumeThat(setpriv).exists();
        return List.of(setpriv.toString(), "--bounding-set=-dac_override");
    }

    private JavaProcess start(List<String> prefix, String... arguments) throws IOException {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--project-dir";
        all[arguments.length + 1] = project.toString();
        return JavaProcess.start(prefix, NO_LOCALE, Main.class, all);
    }
}
