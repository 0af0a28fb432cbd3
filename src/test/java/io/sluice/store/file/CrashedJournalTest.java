package io.sluice.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.testing.JavaProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** What a journal is worth after its process, its disk or a person has done something to it. */
class CrashedJournalTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int RECORDS = 4;

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void path() {
        path = directory.resolve("counting.jsonl");
    }

    /** Opens it as a program does after a restart, counts one further, and closes it; how far it was. */
    private long goOn() {
        Journal journal = Journal.of(path, Counting.KIND);
        Counting counting = new Counting();
        journal.replay(counting::apply)
                .then(Mono.defer(() -> journal.append(Counting.next(counting.reached() + 1))))
                .then(journal.disposeLater())
                .block(SOON);
        return counting.reached();
    }

    private byte[] written() throws IOException {
        for (int i = 0; i < RECORDS; i++) {
            goOn();
        }
        return Files.readAllBytes(path);
    }

    @Test
    void aWriteThatWasCutAtAnyByteLosesThatRecordAloneAndTheNextGoesThrough() throws IOException {
        byte[] content = written();
        int header = 1 + new String(content, StandardCharsets.UTF_8).indexOf('\n');
        for (int length = header; length <= content.length; length++) {
            byte[] cut = Arrays.copyOf(content, length);
            Files.write(path, cut);
            long whole = new String(cut, StandardCharsets.UTF_8)
                            .chars()
                            .filter(one -> one == '\n')
                            .count()
                    - 1;
            int torn = length - 1 - new String(cut, StandardCharsets.UTF_8).lastIndexOf('\n');

            assertThat(Journal.read(path, Counting.KIND, record -> {}))
                    .as("cut at %d", length)
                    .isEqualTo(new JournalReplay(whole, length - torn, torn));
            assertThat(Files.readAllBytes(path)).as("reading changes nothing").isEqualTo(cut);
            assertThat(goOn()).isEqualTo(whole);
            assertThat(Counting.in(path)).isEqualTo(whole + 1);
        }
    }

    @Test
    void aHeaderThatWasCutIsRefusedAndNothingIsChanged() throws IOException {
        byte[] content = written();
        for (int length = 0; content[length] != '\n'; length++) {
            assertThatItIsRefused(Arrays.copyOf(content, length), 1);
        }
    }

    @Test
    void everyOtherDamageIsRefusedWithItsPlaceAndNothingIsChanged() throws IOException {
        byte[] content = written();
        int line = 1;
        for (int at = 0; at < content.length - 1; at++) {
            if (content[at] == '\n') {
                // Two lines become one.
                byte[] damaged = content.clone();
                damaged[at] = ' ';
                assertThatItIsRefused(damaged, line);
                line++;
                continue;
            }
            byte[] damaged = content.clone();
            damaged[at] ^= 1;
            assertThatItIsRefused(damaged, line);
        }
    }

    @Test
    void aLineThatIsMissingOrComesTwiceOrElsewhereIsRefused() throws IOException {
        written();
        List<String> lines = Files.readAllLines(path);
        assertThatItIsRefused(List.of(lines.get(0), lines.get(1), lines.get(3), lines.get(4)), 3);
        assertThatItIsRefused(List.of(lines.get(0), lines.get(1), lines.get(1), lines.get(2)), 3);
        assertThatItIsRefused(List.of(lines.get(0), lines.get(2), lines.get(1)), 2);
        assertThatItIsRefused(List.of(lines.get(1), lines.get(2)), 1);
        assertThatItIsRefused(List.of("{\"profiles\": []}"), 1);
    }

    private void assertThatItIsRefused(List<String> lines, int line) throws IOException {
        assertThatItIsRefused((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8), line);
    }

    private void assertThatItIsRefused(byte[] content, int line) throws IOException {
        Files.write(path, content);
        assertThatThrownBy(this::goOn).isInstanceOfSatisfying(DamagedFileException.class, damaged -> {
            assertThat(damaged.line()).isEqualTo(line);
            assertThat(damaged)
                    .hasMessageStartingWith(path + " is damaged at line " + line)
                    .hasMessageEndingWith("Nothing was changed; repair the file, or move it away to start anew.");
        });
        assertThat(Files.readAllBytes(path)).isEqualTo(content);
    }

    @Test
    void whatIsKeptForSomethingElseIsRefused() throws IOException {
        written();
        Journal other = Journal.of(path, "approvals");
        assertThatThrownBy(() -> other.replay(record -> {}).block(SOON))
                .isInstanceOf(DamagedFileException.class)
                .hasMessage(path + " is the journal of counting, and cannot be used for approvals. Nothing was changed;"
                        + " move it away to start anew.");
    }

    @Test
    void aCompactionThatWasCutAtAnyByteLeavesTheOldRecords() throws IOException {
        byte[] content = written();
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        for (int length = 0; length <= content.length; length++) {
            Files.write(temporary, Arrays.copyOf(content, length));
            assertThat(Counting.in(path)).isEqualTo(RECORDS);
        }
        Journal journal = Journal.of(path, Counting.KIND);
        journal.replay(record -> {})
                .then(journal.compact(List.of(Counting.snapshot(RECORDS))))
                .then(journal.disposeLater())
                .block(SOON);
        assertThat(temporary).doesNotExist();
        assertThat(Counting.in(path)).isEqualTo(RECORDS);
    }

    @Test
    void whatWasToldToBeKeptSurvivesAKilledProcessAtAnyPoint() throws IOException, InterruptedException {
        Path told = directory.resolve("told");
        Random random = new Random(8);
        long before = 0;
        for (int round = 0; round < (Boolean.getBoolean("sluice.long") ? 100 : 4); round++) {
            Files.deleteIfExists(told);
            JavaProcess process =
                    JavaProcess.start(CountingProcess.class, path.toString(), told.toString(), "1000000000");
            while (!Files.exists(told) || Files.size(told) < Long.BYTES) {
                assertThat(process.endsWithin(Duration.ofMillis(1))).isFalse();
            }
            process.endsWithin(Duration.ofMillis(random.nextInt(150)));
            process.kill();
            process.end();
            long reached = Counting.in(path);
            assertThat(reached)
                    .as("round %d", round)
                    .isGreaterThan(before)
                    .isGreaterThanOrEqualTo(
                            ByteBuffer.wrap(Files.readAllBytes(told)).getLong());
            before = reached;
        }
        assertThat(before).as("it was compacted in between").isGreaterThan(1_000);
        assertThat(goOn()).isEqualTo(before);
    }

    @Test
    void ofTwoProcessesTheSecondIsToldWhoTheFirstIs() throws IOException, InterruptedException {
        Path told = directory.resolve("told");
        JavaProcess process = JavaProcess.start(CountingProcess.class, path.toString(), told.toString(), "1000000000");
        while (!Files.exists(told) || Files.size(told) < Long.BYTES) {
            assertThat(process.endsWithin(Duration.ofMillis(1))).isFalse();
        }
        assertThatThrownBy(this::goOn).isInstanceOfSatisfying(JournalInUseException.class, refused -> {
            assertThat(refused.pid()).isEqualTo(process.pid());
            assertThat(refused.host()).isNotBlank();
            assertThat(refused.since()).isNotNull();
            assertThat(refused).hasMessageContaining("is in use by process " + process.pid() + " on " + refused.host());
        });
        assertThat(Counting.in(path)).as("anybody may look").isPositive();
        process.kill();
        process.end();
        assertThat(goOn()).as("the lock goes with its process").isPositive();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsToldAndWhatWasHalfWrittenIsNotKept() throws IOException, InterruptedException {
        JavaProcess process = JavaProcess.start(
                List.of("bash", "-c", "ulimit -f 4; exec \"$@\"", "limited"),
                Map.of(),
                FillingProcess.class,
                path.toString());
        JavaProcess.Ended ended = process.end();
        assertThat(ended.err()).isEmpty();
        List<String> lines = ended.out().lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0))
                .isEqualTo("cannot write " + path + ": File too large. What was to be written is not kept;"
                        + " make room or give access, then try again.");
        long first = Long.parseLong(lines.get(1));
        assertThat(first).isPositive();
        assertThat(lines.get(2)).isEqualTo("full");
        assertThat(lines.get(3)).isEqualTo(lines.get(0));
        long second = Long.parseLong(lines.get(4));
        assertThat(second).as("after a compaction there was room again").isGreaterThan(first);
        assertThat(Journal.read(path, Counting.KIND, record -> {}).isTorn()).isFalse();
        assertThat(Counting.in(path)).isEqualTo(second);
    }
}
