package io.sluice.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.SluiceException;
import io.sluice.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.node.ObjectNode;

/** What a journal keeps, and tells, in one process. */
class JournalTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private Path path;
    private final List<Journal> opened = new ArrayList<>();

    @BeforeEach
    void path() {
        path = directory.resolve(".sluice").resolve("counting.jsonl");
    }

    @AfterEach
    void close() {
        opened.forEach(journal -> journal.disposeLater().block(SOON));
    }

    private Journal journal() {
        Journal journal = Journal.of(path, Counting.KIND);
        opened.add(journal);
        return journal;
    }

    private Journal open(Counting counting) {
        Journal journal = journal();
        journal.replay(counting::apply).block(SOON);
        return journal;
    }

    private Journal open() {
        return open(new Counting());
    }

    private static void count(Journal journal, long from, long upTo) {
        Flux.fromStream(LongStream.rangeClosed(from, upTo).boxed())
                .concatMap(number -> journal.append(Counting.next(number)))
                .blockLast(SOON);
    }

    @Test
    void whatWasAppendedIsReadBackInItsOrder() {
        Journal journal = open();
        count(journal, 1, 5);
        assertThat(Counting.in(path)).as("by others, while it is open").isEqualTo(5);
        journal.disposeLater().block(SOON);

        Counting counting = new Counting();
        journal = open(counting);
        assertThat(counting.reached()).isEqualTo(5);
        count(journal, 6, 7);
        assertThat(Counting.in(path)).isEqualTo(7);
    }

    @Test
    void everyLineIsJsonWithItsPlaceAndAChecksum() throws IOException {
        count(open(), 1, 1);
        assertThat(Files.readAllLines(path))
                .hasSize(2)
                .allSatisfy(
                        line -> assertThat(Json.read(line).propertyNames()).containsExactly("seq", "record", "crc32c"))
                .first()
                .asString()
                .startsWith(
                        "{\"seq\":0,\"record\":{\"format\":\"sluice-journal\",\"version\":1,\"kind\":\"counting\"}");
    }

    @Test
    void theFilesAreTheOwnersAlone() throws IOException {
        Journal journal = open();
        count(journal, 1, 1);
        journal.compact(List.of(Counting.snapshot(1))).block(SOON);
        count(journal, 2, 2);
        try (var files = Files.list(path.getParent())) {
            assertThat(files)
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void readingCreatesNothing() {
        assertThat(Journal.read(path, Counting.KIND, record -> {})).isEqualTo(JournalReplay.NOTHING);
        assertThat(directory).isEmptyDirectory();
        open();
        assertThat(path).doesNotExist();
    }

    @Test
    void tenThousandConcurrentAppendsAreKeptInTheirOrderWithoutBlockingWhoAsks() {
        Journal journal = open();
        List<Integer> told = Collections.synchronizedList(new ArrayList<>());
        // From threads that must not block, watched by BlockHound; the order is that of the subscriptions.
        Flux.range(1, 10_000)
                .publishOn(Schedulers.parallel())
                .flatMap(number -> journal.append(Counting.next(number)).doOnSuccess(done -> told.add(number)), 10_000)
                .blockLast(SOON);
        assertThat(told).isEqualTo(IntStream.rangeClosed(1, 10_000).boxed().toList());
        assertThat(Counting.in(path)).isEqualTo(10_000);
    }

    @Test
    void appendsOfManyThreadsAreEachKeptOnce() {
        Journal journal = open();
        Flux.range(0, 8)
                .flatMap(thread -> Flux.range(0, 1_250)
                        .flatMap(i -> Mono.defer(() -> journal.append(Json.mapper()
                                .createObjectNode()
                                .put("thread", thread)
                                .put("i", i))))
                        .subscribeOn(Schedulers.parallel()))
                .blockLast(SOON);
        List<List<Integer>> of = new ArrayList<>(IntStream.range(0, 8)
                .<List<Integer>>mapToObj(thread -> new ArrayList<>())
                .toList());
        Journal.read(
                path,
                Counting.KIND,
                record -> of.get(record.content().get("thread").intValue())
                        .add(record.content().get("i").intValue()));
        assertThat(of)
                .allSatisfy(one -> assertThat(one)
                        .isEqualTo(IntStream.range(0, 1_250).boxed().toList()));
    }

    @Test
    void aRecordMayBeChangedOnceItIsInLine() {
        Journal journal = open();
        ObjectNode record = Counting.next(1);
        Mono<Void> append = journal.append(record);
        Waiting told = new Waiting();
        journal.append(record, told);
        record.put("next", 2);
        append.block(SOON);
        assertThat(told.reason).isNull();
        assertThat(Counting.in(path)).isEqualTo(2);
    }

    @Test
    void aSnapshotTakesThePlaceOfWhatWasAskedForBeforeItAndOfNothingElse() {
        Journal journal = open();
        count(journal, 1, 100);
        long before = journal.size();
        Waiting told = new Waiting();
        journal.append(Counting.next(101), told);
        journal.compact(List.of(Counting.snapshot(101)), told);
        journal.append(Counting.next(102), told);
        count(journal, 103, 103);
        assertThat(told.reason).isNull();
        assertThat(journal.size()).isLessThan(before / 10);
        List<Long> places = new ArrayList<>();
        Journal.read(path, Counting.KIND, record -> places.add(record.sequence()));
        assertThat(places).containsExactly(1L, 2L, 3L);
        assertThat(Counting.in(path)).isEqualTo(103);
    }

    @Test
    void aSnapshotOfNothingEmptiesTheJournal() {
        Journal journal = open();
        count(journal, 1, 3);
        journal.compact(List.of()).block(SOON);
        assertThat(Counting.in(path)).isZero();
        count(journal, 1, 1);
        assertThat(Counting.in(path)).isEqualTo(1);
    }

    @Test
    void itIsWorthCompactingOnceItHasGrownFourfold() {
        Journal journal = open();
        ObjectNode large = Json.mapper().createObjectNode().put("text", "x".repeat(300_000));
        for (int i = 0; i < 3; i++) {
            journal.append(large).block(SOON);
            assertThat(journal.isWorthCompacting()).isFalse();
        }
        journal.append(large).block(SOON);
        assertThat(journal.isWorthCompacting()).as("above a megabyte").isTrue();
        journal.compact(List.of(large, large)).block(SOON);
        for (int i = 0; i < 5; i++) {
            journal.append(large).block(SOON);
            assertThat(journal.isWorthCompacting())
                    .as("%d bytes", journal.size())
                    .isFalse();
        }
        journal.append(large).then(journal.append(large)).block(SOON);
        assertThat(journal.isWorthCompacting()).isTrue();
    }

    @Test
    void aRecordThatIsTooLargeIsRefusedAndTheNextIsKept() {
        Journal journal = open();
        ObjectNode huge = Json.mapper().createObjectNode().put("text", "x".repeat(16 << 20));
        assertThatThrownBy(() -> journal.append(huge).block(SOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be larger than 16777216 bytes");
        count(journal, 1, 1);
        assertThat(Counting.in(path)).isEqualTo(1);
    }

    @Test
    void disposingWritesWhatIsInLineAndRefusesWhatComesLater() {
        Journal journal = open();
        Waiting told = new Waiting();
        for (int i = 1; i <= 100; i++) {
            journal.append(Counting.next(i), told);
        }
        journal.dispose();
        Mono<Void> late = journal.append(Counting.next(101));
        assertThatThrownBy(() -> late.block(SOON))
                .isInstanceOf(JournalClosedException.class)
                .hasMessageContaining("was closed and keeps nothing any more. Open it again");
        journal.disposeLater().block(SOON);
        assertThat(told.reason).isNull();
        assertThat(Counting.in(path)).isEqualTo(100);
        assertThatThrownBy(() -> journal.replay(record -> {}).block(SOON)).isInstanceOf(JournalClosedException.class);
    }

    @Test
    void aJournalThatIsNotOpenKeepsNothing() {
        Journal journal = journal();
        assertThatThrownBy(() -> journal.append(Counting.next(1)).block(SOON))
                .isInstanceOf(JournalClosedException.class)
                .hasMessageContaining("is not open. Open it");
        assertThatThrownBy(() -> journal.compact(List.of()).block(SOON)).isInstanceOf(JournalClosedException.class);
        assertThat(directory).isEmptyDirectory();
        journal.replay(record -> {}).block(SOON);
        count(journal, 1, 1);
    }

    @Test
    void itIsReplayedOnce() {
        Journal journal = open();
        assertThatThrownBy(() -> journal.replay(record -> {}).block(SOON))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is open already");
        count(journal, 1, 1);
    }

    @Test
    void whatTheReaderThrowsIsPassedOnAndTheFileIsFree() {
        count(open(), 1, 1);
        close();
        Journal journal = journal();
        assertThatThrownBy(() -> journal.replay(record -> {
                            throw new IllegalStateException("no such budget");
                        })
                        .block(SOON))
                .hasMessage("no such budget");
        Counting counting = new Counting();
        open(counting);
        assertThat(counting.reached()).isEqualTo(1);
    }

    @Test
    void aSecondOwnerInTheSameProcessIsToldWhoTheFirstIs() throws IOException {
        open();
        Path another = Files.createSymbolicLink(directory.resolve("link"), path.getParent());
        Journal second = Journal.of(another.resolve(path.getFileName()), Counting.KIND);
        assertThatThrownBy(() -> second.replay(record -> {}).block(SOON))
                .isInstanceOfSatisfying(JournalInUseException.class, refused -> {
                    assertThat(refused.pid()).isEqualTo(ProcessHandle.current().pid());
                    assertThat(refused.since()).isNotNull();
                    assertThat(refused)
                            .hasMessageContaining("is in use by this process (" + refused.pid() + ")")
                            .hasMessageContaining("Wait for it to end, or use another file.");
                });
        close();
        open();
    }

    @Test
    void aLinkToTheFileStaysOne() throws IOException {
        Path real = directory.resolve("elsewhere.jsonl");
        Files.createDirectories(path.getParent());
        Files.createSymbolicLink(path, real);
        Journal journal = open();
        count(journal, 1, 2);
        journal.compact(List.of(Counting.snapshot(2))).block(SOON);
        count(journal, 3, 3);
        assertThat(path).isSymbolicLink();
        assertThat(Counting.in(real)).isEqualTo(3);
    }

    @Test
    void whatIsAppendedIsSyncedWithinASecond() throws IOException {
        VirtualTimeScheduler time = VirtualTimeScheduler.create(false);
        Journal journal = Journal.of(path, Counting.KIND, time, Schedulers.immediate());
        opened.add(journal);
        journal.replay(record -> {}).block(SOON);
        journal.append(Counting.next(1)).block(SOON);
        // A sync finds out that the file is gone: so there is one, and not before the second is over.
        Files.delete(path);
        time.advanceTimeBy(Duration.ofMillis(999));
        journal.append(Counting.next(2)).block(SOON);
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThatThrownBy(() -> journal.append(Counting.next(3)).block(SOON))
                .isInstanceOf(JournalUnwritableException.class)
                .hasMessageContaining("it was taken away");

        journal.compact(List.of(Counting.snapshot(2))).block(SOON);
        journal.append(Counting.next(3)).block(SOON);
        assertThat(Counting.in(path)).as("all of it was written anew").isEqualTo(3);
    }

    @Test
    void everyoneInLineIsToldThatTheDiskFails() throws IOException {
        Journal journal = open();
        Files.createDirectories(path);
        List<Waiting> told = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            told.add(new Waiting());
            journal.append(Counting.next(i), told.get(i - 1));
        }
        assertThatThrownBy(() -> journal.append(Counting.next(1)).block(SOON))
                .isInstanceOf(JournalUnwritableException.class)
                .hasMessageContaining("cannot write " + path)
                .hasMessageContaining("is not kept; make room or give access, then try again");
        assertThat(told).allSatisfy(one -> assertThat(one.reason).isInstanceOf(JournalUnwritableException.class));

        Files.delete(path);
        count(journal, 1, 3);
        assertThat(Counting.in(path)).as("the next append tries again").isEqualTo(3);
    }

    @Test
    void aFileThatSomebodyElseMadeMeanwhileIsNotOverwritten() throws IOException {
        Journal journal = open();
        Files.writeString(path, "precious");
        assertThatThrownBy(() -> journal.append(Counting.next(1)).block(SOON))
                .isInstanceOf(JournalUnwritableException.class)
                .hasMessageContaining("somebody else made it meanwhile");
        assertThat(path).hasContent("precious");
    }

    @Test
    void whoThrowsWhenToldKeepsNobodyWaiting() {
        Journal journal = open();
        Hooks.onErrorDropped(dropped -> {});
        try {
            journal.append(Counting.next(1), new Journal.Told() {
                @Override
                public void written() {
                    throw new IllegalStateException("a defect of who asked");
                }

                @Override
                public void failed(SluiceException reason) {}
            });
            count(journal, 2, 3);
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(Counting.in(path)).isEqualTo(3);
    }

    @Test
    void aCancelledAppendIsKeptAllTheSame() {
        Journal journal = open();
        journal.append(Counting.next(1)).subscribe(done -> {}).dispose();
        count(journal, 2, 2);
        assertThat(Counting.in(path)).isEqualTo(2);
    }

    /** Remembers why something was not written. */
    private static final class Waiting implements Journal.Told {

        private volatile SluiceException reason;

        @Override
        public void written() {}

        @Override
        public void failed(SluiceException reason) {
            this.reason = Objects.requireNonNull(reason);
        }
    }
}
