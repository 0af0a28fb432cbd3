package io.sluice.store.file;

import io.sluice.SluiceException;
import io.sluice.support.FileUnavailableException;
import io.sluice.support.Json;
import io.sluice.time.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file that changes are written down in, one after the other, so that they survive whatever happens to the process.
 *
 * <pre>{@code
 * Journal journal = Journal.of(path, "budgets");
 * journal.replay(record -> state.apply(record.content()))      // once, first: takes the file, reads what is there
 *     .then(journal.append(change))                            // completes when the record is written
 *     .then(Mono.defer(() -> journal.compact(state.snapshot()))) // the snapshot takes the place of all before it
 *     .then(journal.disposeLater())
 * }</pre>
 *
 * <p><b>What is promised.</b> A record whose append completed is read back after a {@code kill -9}. After a power cut it
 * is, too, if it was appended more than a second before: the file is synced every second, and when it is closed. An append
 * that failed is not read back, with one exception: if the disk fails in the middle of a write, does not let the file be cut
 * back either, and the process ends before a later append could do so. One that got no answer, because the process ended,
 * may be read back or not. Records come back in the order of their appends, without gaps.
 *
 * <p><b>Order.</b> What is asked for is done in the order in which it was asked for: appends, compactions and the disposal
 * alike. The order of the Monos is that of their subscriptions; the forms with {@link Told} ask at once, for callers who
 * must fix the order while they hold their state. Appends that stand in line together are written together.
 *
 * <p><b>Owner.</b> From the replay to the disposal the file belongs to this journal alone, by a lock file
 * {@code <name>.lock} beside it that stays there. {@link #read} looks without owning, also while somebody writes.
 *
 * <p><b>Failures.</b> An append that cannot be written ends with {@link JournalUnwritableException}, for each that stood in
 * line with it; the file is as before, and the next append tries again. If the disk fails to sync, all later appends end
 * so, until a compaction has written everything anew. What is asked of a journal that is not open, or was disposed of, ends
 * with {@link JournalClosedException}.
 *
 * <p><b>Threads.</b> Thread-safe; no method but {@link #read} blocks. The work is done on {@link Schedulers#boundedElastic()},
 * never two pieces at once, and answers are given there: what they set off must be short, or go elsewhere, because the next
 * append waits for it. It may ask for more. Syncing waits on the scheduler's clock, so on a virtual one, a second is virtual.
 *
 * <p>Nothing asked for is undone by cancelling; only its answer is not given.
 */
final class Journal implements Disposable {

    /** What is said to whoever asked for something. One of the two is called, once, on the journal's thread. */
    interface Told {

        /** It is written. */
        void written();

        /**
         * It is not written, and will not be.
         *
         * @param reason {@link JournalUnwritableException} or {@link JournalClosedException}
         */
        void failed(SluiceException reason);
    }

    /** A file below this size is not worth writing anew. */
    private static final long WORTH = 1 << 20;

    private static final int GROWN = 4;

    private final Path path;
    private final JournalWriter writer;
    private final AtomicBoolean disposed = new AtomicBoolean();
    private final Sinks.Empty<Void> closed = Sinks.empty();

    private Journal(Path path, String kind, @Nullable Scheduler scheduler, Supplier<Scheduler> writers) {
        this.path = Objects.requireNonNull(path, "path");
        this.writer =
                new JournalWriter(path, Objects.requireNonNull(kind, "kind"), TimeSource.of(scheduler, null), writers);
    }

    /**
     * A journal that is not open yet. Touches nothing.
     *
     * @param path the file; neither it nor its directory need exist
     * @param kind what is kept in it, such as {@code budgets}: it stands in the file, and that of another kind is refused
     */
    static Journal of(Path path, String kind) {
        return new Journal(path, kind, null, Schedulers::boundedElastic);
    }

    /**
     * The same, elsewhere.
     *
     * @param scheduler where syncing waits for its second
     * @param writer where files are read and written, and answers given; must allow blocking
     */
    static Journal of(Path path, String kind, Scheduler scheduler, Scheduler writer) {
        return new Journal(path, kind, scheduler, () -> writer);
    }

    /**
     * Reads a journal without owning it. Blocks; creates nothing. Somebody may be writing it: then this sees what was written
     * at some moment of the reading.
     *
     * @param reader given each record in its order; what it throws is passed on
     * @throws DamagedFileException if it is damaged elsewhere than at its end, or is no journal of this kind
     * @throws SluiceException if it cannot be read
     */
    static JournalReplay read(Path path, String kind, Consumer<? super JournalRecord> reader) {
        try {
            return new JournalReader(path, kind, reader).read();
        } catch (IOException failure) {
            throw FileUnavailableException.unreadable(path, failure);
        }
    }

    /** Where the file is or would be. */
    Path path() {
        return path;
    }

    /**
     * Takes the file and reads what is there; afterwards it can be appended to. To be subscribed to once. Creates the
     * directory and the lock, and no journal: the first append does. A last record that was not written whole is dropped,
     * reported and logged; other damage is refused, and nothing is changed. Where it fails, the journal is over, and the
     * file free.
     *
     * <p>Cancelling stops nothing: {@linkplain #dispose dispose of} a journal in any case.
     *
     * @param reader given each record in its order, on the journal's thread; what it throws is passed on
     * @return how it went; the errors are {@link JournalInUseException}, {@link DamagedFileException},
     *     {@link JournalUnwritableException} where the lock cannot be had, what {@code reader} throws, and
     *     {@link JournalClosedException}
     */
    Mono<JournalReplay> replay(Consumer<? super JournalRecord> reader) {
        Objects.requireNonNull(reader, "reader");
        return Mono.create(sink -> writer.replay(reader, sink));
    }

    /**
     * Writes a record behind the others. Asked for on subscription; each subscription appends once.
     *
     * @param record is read when it is asked for, and may be changed afterwards; at most 16 MiB of JSON
     * @return completes when the record is written; errors see the type
     */
    Mono<Void> append(ObjectNode record) {
        Objects.requireNonNull(record, "record");
        return Mono.create(sink -> append(record, new ToSink(sink)));
    }

    /**
     * Writes a record behind the others. It is in line when this returns, before whatever is asked for later.
     *
     * @param record is read before this returns, and may be changed afterwards; at most 16 MiB of JSON
     * @throws IllegalArgumentException if the record is larger than that
     */
    void append(ObjectNode record, Told told) {
        Objects.requireNonNull(told, "told");
        writer.append(bytes(record), told);
    }

    /**
     * Replaces all records that were asked for before by others. Asked for on subscription. The new file is on the disk when
     * it takes the place of the old; a crash leaves one or the other. Where it fails, the journal goes on as if nothing had
     * been asked.
     *
     * @param snapshot what the earlier records amount to, all of them and none that follows, in its order; it is read when
     *     it is asked for
     */
    Mono<Void> compact(Collection<ObjectNode> snapshot) {
        Objects.requireNonNull(snapshot, "snapshot");
        return Mono.create(sink -> compact(snapshot, new ToSink(sink)));
    }

    /** The same, asked for when this returns: the form for a caller who holds its state still meanwhile. */
    void compact(Collection<ObjectNode> snapshot, Told told) {
        Objects.requireNonNull(told, "told");
        writer.compact(snapshot.stream().map(Journal::bytes).toList(), told);
    }

    /**
     * Whether the file has grown to more than a megabyte and four times what the last compaction left. Cheap; meant to be
     * asked after an append, of which many may stand in line before a compaction that was asked for is done.
     */
    boolean isWorthCompacting() {
        return size() > Math.max(WORTH, GROWN * writer.compacted());
    }

    /** The size of the file in bytes; 0 where there is none, or it is not open. */
    long size() {
        return writer.size();
    }

    /** Closes the file after all that was asked for before, without waiting for it. */
    @Override
    public void dispose() {
        if (disposed.compareAndSet(false, true)) {
            writer.close(new ToClosed());
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed.get();
    }

    /**
     * Disposes of the journal on subscription, and completes when everything that was asked for before is written and
     * synced, and the file is free for the next owner. Fails with {@link JournalUnwritableException} if the sync did; the
     * file is free all the same. All subscribers see the same.
     */
    Mono<Void> disposeLater() {
        return Mono.defer(() -> {
            dispose();
            return closed.asMono();
        });
    }

    private static byte[] bytes(ObjectNode record) {
        byte[] bytes = Json.compact(record).getBytes(StandardCharsets.UTF_8);
        if (bytes.length > JournalReader.MAX_RECORD) {
            throw new IllegalArgumentException(
                    "a record must not be larger than " + JournalReader.MAX_RECORD + " bytes, was " + bytes.length);
        }
        return bytes;
    }

    private final class ToClosed implements Told {

        @Override
        public void written() {
            closed.tryEmitEmpty();
        }

        @Override
        public void failed(SluiceException reason) {
            closed.tryEmitError(reason);
        }
    }

    private record ToSink(MonoSink<Void> sink) implements Told {

        @Override
        public void written() {
            sink.success();
        }

        @Override
        public void failed(SluiceException reason) {
            sink.error(reason);
        }
    }
}
