package io.sluice.store.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that cannot be understood as a whole are reported and never touched; other encodings are understood. */
class DamagedProfileFileTest {

    private static final RateLimitProfile PROFILE =
            RateLimitProfile.builder("x", "y").rpm(1).tpm(2).build();

    private static final String SCHOEN =
            "[{\"provider\": \"schön\", \"model\": \"m\", \"rpm_limit\": 1, \"tpm_limit\": 2}]";

    @TempDir
    Path project;

    private ProfileFile file;

    @BeforeEach
    void file() throws IOException {
        file = ProfileFile.in(project);
        Files.createDirectories(file.path().getParent());
    }

    @Test
    @DisplayName("D-RL-32: a truncated file is reported by line and column, and nobody writes over it")
    void aTruncatedFileIsNeverOverwritten() throws IOException {
        write("[\n  {\n    \"provider\": \"openai\",\n    \"mod".getBytes(UTF_8));
        assertThatExceptionOfType(DamagedFileException.class)
                .isThrownBy(file::read)
                .withMessageStartingWith(file.path() + " is damaged at line 4, column ")
                .withMessageEndingWith("Nothing was changed; repair the file, or move it away to start anew.")
                .satisfies(damaged -> {
                    assertThat(damaged.path()).isEqualTo(file.path());
                    assertThat(damaged.line()).isEqualTo(4);
                    assertThat(damaged.column()).isGreaterThan(1);
                    assertThat(damaged.failureClass()).isEqualTo(FailureClass.CALLER);
                    assertThat(damaged.getMessage().lines()).hasSize(1);
                });
        assertThatNothingWritesOverIt();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "5",
                "\"text\"",
                "true",
                "{\"a\": 1}",
                "",
                " \n",
                "[] []",
                "[{}",
                "[1,]",
                "{'provider': 1}",
                "[NaN]",
                "[1e99999999999]",
                "\u001b[31m"
            })
    @DisplayName("D-RL-33: what is not a JSON array is one clear error, and stays as it is")
    void whatIsNotAnArrayIsRefused(String content) throws IOException {
        write(content.getBytes(UTF_8));
        assertThatExceptionOfType(DamagedFileException.class)
                .isThrownBy(file::read)
                .withMessageContaining(file.path() + " is damaged at line ")
                .satisfies(damaged -> assertThat(damaged.getMessage().chars())
                        .as("no control characters")
                        .allMatch(character -> character >= ' '));
        assertThatNothingWritesOverIt();
    }

    @Test
    void nestingWithoutEndIsRefused() throws IOException {
        write("[".repeat(100_000).getBytes(UTF_8));
        assertThatThrownBy(file::read).isInstanceOf(DamagedFileException.class);
        assertThatNothingWritesOverIt();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\": 1} | line 1, column 1: expected an array of profiles, found object.",
                "[{},        | line 1, column 5: it ends too early.",
                "[] []       | line 1, column 4: there is more after its end.",
                "[NaN]       | line 1, column 5: Non-standard token 'NaN'.",
                "[1e9999999999] | line 1, column 1: somewhere in it is a number that is too large to be read.",
            })
    void theErrorSaysWhatIsWrongInPlainWords(String content, String words) throws IOException {
        write(content.getBytes(UTF_8));
        assertThatThrownBy(file::read).hasMessageContaining(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    @DisplayName("D-RL-33: a byte order mark, and UTF-16 as Windows PowerShell writes it, are understood")
    void byteOrderMarksAreUnderstood(String charset) throws IOException {
        write(("\ufeff" + SCHOEN).getBytes(Charset.forName(charset)));
        assertThat(file.read().profiles())
                .containsExactly(
                        RateLimitProfile.builder("schön", "m").rpm(1).tpm(2).build());
        file.save(PROFILE);
        assertThat(file.read().profiles()).extracting(RateLimitProfile::rpm).containsExactly(1L, 1L);
        assertThat(Files.readAllBytes(file.path()))
                .as("plain UTF-8 from now on")
                .startsWith('[');
    }

    @Test
    @DisplayName("D-RL-33: Latin-1 is refused instead of being misread")
    void latin1IsRefused() throws IOException {
        write(SCHOEN.getBytes(ISO_8859_1));
        assertThatThrownBy(file::read).isInstanceOf(DamagedFileException.class);
        assertThatNothingWritesOverIt();
    }

    @Test
    void aDirectoryInPlaceOfTheFileIsNamed() throws IOException {
        Files.createDirectory(file.path());
        assertThatThrownBy(file::read)
                .isInstanceOf(SluiceException.class)
                .hasMessageStartingWith("cannot read " + file.path() + ": ");
        assertThatThrownBy(() -> file.save(PROFILE))
                .isInstanceOf(SluiceException.class)
                .hasMessageStartingWith("cannot write " + file.path() + ": ");
        assertThat(file.path()).isEmptyDirectory();
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsNamed() throws IOException {
        Files.delete(file.path().getParent());
        Path inTheWay = Files.writeString(file.path().getParent(), "precious");
        assertThatThrownBy(file::read).hasMessageStartingWith("cannot read " + file.path() + ": ");
        assertThatThrownBy(() -> file.save(PROFILE)).hasMessageStartingWith("cannot write " + file.path() + ": ");
        assertThat(inTheWay).hasContent("precious");
    }

    private void assertThatNothingWritesOverIt() throws IOException {
        byte[] before = Files.readAllBytes(file.path());
        assertThatThrownBy(() -> file.save(PROFILE)).isInstanceOf(DamagedFileException.class);
        assertThatThrownBy(() -> file.change(ModelKey.of("x", "y"), old -> PROFILE))
                .isInstanceOf(DamagedFileException.class);
        assertThatThrownBy(() -> file.install(List.of(PROFILE))).isInstanceOf(DamagedFileException.class);
        assertThatThrownBy(() -> file.load(RateLimitProfiles.builtin())).isInstanceOf(DamagedFileException.class);
        assertThat(file.path()).hasBinaryContent(before);
    }

    private void write(byte[] content) throws IOException {
        Files.write(file.path(), content);
    }
}
