package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every command does with a file that it cannot use: one line, exit code 1, and the file stays as it is. */
class FileTroubleTest {

    @TempDir
    Path project;

    private Path file;

    static Stream<List<String>> commands() {
        return Stream.of(
                List.of("limits", "list"),
                List.of("limits", "list", "--json"),
                List.of("limits", "status", "--provider", "openai", "--model", "gpt-4o"),
                List.of("limits", "set", "--provider", "x", "--model", "y", "--rpm", "1", "--tpm", "1"),
                List.of("limits", "defaults", "--install"),
                List.of("limits", "defaults", "--install", "--json"));
    }

    @BeforeEach
    void directory() throws IOException {
        file = project.toRealPath().resolve(".sluice/model-rate-limits.json");
        Files.createDirectories(file.getParent());
    }

    @ParameterizedTest
    @MethodSource("commands")
    @DisplayName("D-RL-32: a damaged file is told and left alone")
    void aDamagedFile(List<String> command) throws IOException {
        Files.writeString(file, "[\n  {\"provider\": \"openai\", \"mod");
        Ran.in(project, command.toArray(String[]::new))
                .failed(
                        ExitCode.FAILED,
                        file + " is damaged at line 2, column 30: it ends too early."
                                + " Nothing was changed; repair the file, or move it away to start anew.");
        assertThat(file).hasContent("[\n  {\"provider\": \"openai\", \"mod");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aDirectoryInPlaceOfTheFile(List<String> command) throws IOException {
        Files.createDirectory(file);
        String action = command.contains("set") || command.contains("--install") ? "write " : "read ";
        Ran.in(project, command.toArray(String[]::new))
                .failed(ExitCode.FAILED, "cannot " + action + file + ": Is a directory");
        assertThat(file).isEmptyDirectory();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aFileInPlaceOfTheDirectory(List<String> command) throws IOException {
        Files.delete(file.getParent());
        Files.writeString(file.getParent(), "precious");
        Ran ran = Ran.in(project, command.toArray(String[]::new));
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .matches("sluice: cannot (read|write) .*model-rate-limits\\.json: (Not|not) a directory.*\n");
        assertThat(file.getParent()).hasContent("precious");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void unusableEntriesAreWarnedOfAndTheRestIsUsed(List<String> command) throws IOException {
        Files.writeString(file, "[null, {\"provider\": \"p\", \"model\": \"m\", \"rpm_limit\": 0, \"tpm_limit\": 1}]");
        Ran ran = Ran.in(project, command.toArray(String[]::new));
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isNotEmpty();
        assertThat(ran.err().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("sluice: warning: " + file + ": entry 0: null: ");
        assertThat(ran.err()).endsWith(": entry 1: rpm_limit is 0: rpm_limit must be greater than zero\n");
    }
}
