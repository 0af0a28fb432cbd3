package io.sluice.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FailureClass;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    Path directory;

    @Test
    void anAbsentFileIsNullAndReadingCreatesNothing() throws IOException {
        assertThat(AtomicFile.read(directory.resolve("a/b"))).isNull();
        assertThat(names()).isEmpty();
    }

    @Test
    void aChangeSeesTheOldContentAndLeavesTheNew() throws IOException {
        Path file = directory.resolve("deep/er/file");
        AtomicFile.update(file, old -> {
            assertThat(old).isNull();
            return bytes("one");
        });
        AtomicFile.update(file, old -> bytes(new String(old == null ? new byte[0] : old, UTF_8) + ",two"));
        assertThat(file).hasContent("one,two");
        try (var files = Files.list(file.getParent())) {
            assertThat(files.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("file", "file.lock");
        }
    }

    @Test
    void aFailedChangeLeavesTheFileAsItWas() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        assertThatThrownBy(() -> AtomicFile.update(file, old -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(file).hasContent("precious");
        AtomicFile.update(file, old -> bytes("the lock was given back"));
        assertThat(file).hasContent("the lock was given back");
    }

    @Test
    void nothingToChangeWritesNothing() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "as it is");
        Object before = Files.getAttribute(file, "unix:ino");
        AtomicFile.update(file, old -> null);
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(before);
    }

    @Test
    @DisplayName("D-RL-34: a file that could not be written whole is not written at all")
    void aFileThatCannotBeWrittenWholeIsNotTouched() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        Files.createDirectories(directory.resolve("file.tmp/in-the-way"));
        assertThatThrownBy(() -> AtomicFile.update(file, old -> bytes("new")))
                .isInstanceOf(FileUnavailableException.class)
                .hasMessageStartingWith("cannot write " + file);
        assertThat(file).hasContent("precious");
    }

    @Test
    void aTemporaryFileLeftByACrashIsReplaced() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");
        Files.writeString(directory.resolve("file.tmp"), "half of");
        AtomicFile.update(file, old -> bytes("new"));
        assertThat(file).hasContent("new");
        assertThat(names()).containsExactlyInAnyOrder("file", "file.lock");
    }

    @Test
    @DisplayName("D-RL-36: only the owner may read what is written")
    void onlyTheOwnerMayReadWhatIsWritten() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");
        AtomicFile.update(file, old -> bytes("new"));
        for (String name : names()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aSymbolicLinkStaysOneAndItsTargetIsChanged() throws IOException {
        Path target = directory.resolve("target/file");
        Files.createDirectories(target.getParent());
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("target/file"));
        AtomicFile.update(link, old -> bytes("through the link"));
        assertThat(link).isSymbolicLink().hasContent("through the link");
        assertThat(target).isRegularFile().hasContent("through the link");
    }

    @Test
    void aLinkedDirectoryIsWrittenInto() throws IOException {
        Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("real"));
        AtomicFile.update(link.resolve("file"), old -> bytes("x"));
        assertThat(directory.resolve("real/file")).hasContent("x");
    }

    @Test
    void linksInACircleAreRefused() throws IOException {
        Path one = directory.resolve("one");
        Files.createSymbolicLink(one, Path.of("two"));
        Files.createSymbolicLink(directory.resolve("two"), Path.of("one"));
        assertThatThrownBy(() -> AtomicFile.update(one, old -> bytes("x")))
                .hasMessage("cannot write " + one + ": too many symbolic links");
    }

    @Test
    void aFileInTheWayOfADirectoryIsNamed() throws IOException {
        Path inTheWay = Files.writeString(directory.resolve("sub"), "a file");
        Path file = inTheWay.resolve("file");
        assertThatThrownBy(() -> AtomicFile.update(file, old -> bytes("x")))
                .hasMessage("cannot write " + file + ": not a directory (" + inTheWay + ")");
    }

    @Test
    void aDirectoryIsNoFile() {
        assertThatThrownBy(() -> AtomicFile.read(directory))
                .isInstanceOf(FileUnavailableException.class)
                .hasMessageStartingWith("cannot read " + directory + ": ");
    }

    @Test
    void waitingForTheLockOfAnotherProgramHasABound() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        Path lock = directory.resolve("file.lock").toAbsolutePath();
        try (FileChannel other = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(other.lock().isValid()).isTrue();
            assertThatThrownBy(() -> AtomicFile.update(file, old -> bytes("new"), Duration.ofMillis(50)))
                    .isInstanceOfSatisfying(
                            FileUnavailableException.class,
                            busy -> assertThat(busy.failureClass()).isEqualTo(FailureClass.TRANSIENT))
                    .hasMessageContaining("is in use")
                    .hasMessageContaining("file.lock");
        }
        assertThat(file).hasContent("precious");
        AtomicFile.update(file, old -> bytes("new"));
        assertThat(file).hasContent("new");
    }

    @Test
    void anInterruptedWriterGivesUpAndStaysInterrupted() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> AtomicFile.update(file, old -> bytes("new")))
                .isInstanceOf(FileUnavailableException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).hasContent("precious");
    }

    @Test
    void aChangeWithinAChangeOfTheSameFileIsRefused() {
        Path file = directory.resolve("file");
        Function<byte @Nullable [], byte @Nullable []> nested = old -> {
            AtomicFile.update(file, older -> bytes("inner"));
            return bytes("outer");
        };
        assertThatThrownBy(() -> AtomicFile.update(file, nested)).isInstanceOf(IllegalStateException.class);
        assertThat(file).doesNotExist();
    }

    @Test
    void threadsLoseNoUpdates() throws Exception {
        Path file = directory.resolve("file");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Object>> writers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                writers.add(Executors.callable(() ->
                        AtomicFile.update(file, old -> bytes((old == null ? "" : new String(old, UTF_8)) + "x"))));
            }
            for (Future<Object> writer : threads.invokeAll(writers)) {
                writer.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(file).hasContent("x".repeat(200));
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
