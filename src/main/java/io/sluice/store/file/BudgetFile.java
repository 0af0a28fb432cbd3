package io.sluice.store.file;

import io.sluice.SluiceException;
import io.sluice.budget.BudgetRecord;
import io.sluice.budget.BudgetState;
import io.sluice.budget.BudgetStore;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A budget and those under it in a file, {@code .sluice/budgets/<name>.jsonl}: every change is written behind the others before
 * the call goes on that it is about, and from time to time all of them are replaced by what they amount to.
 *
 * <pre>{@code
 * Mono<Budget> budget = Budget.root("team").usd("20.00").per(BudgetWindow.daily(zone))
 *         .open(BudgetFile.in(project, "team"));
 * }</pre>
 *
 * <p>A change that was kept is read back after a {@code kill -9}; after a power cut, one that is older than a second. One
 * process at a time owns the file, from {@link #open} until the budget is disposed of; {@link #read} looks without owning.
 *
 * <p><b>Threads.</b> Files are read and written on {@link Schedulers#boundedElastic()}. Only {@link #read} blocks.
 */
public final class BudgetFile implements BudgetStore {

    private static final String KIND = "budgets";

    private final Path path;
    private final @Nullable Scheduler scheduler;
    private final @Nullable Scheduler writer;

    private BudgetFile(Path path, @Nullable Scheduler scheduler, @Nullable Scheduler writer) {
        this.path = Objects.requireNonNull(path, "path");
        this.scheduler = scheduler;
        this.writer = writer;
    }

    /** Where the files of a project's budgets are. */
    public static Path directory(Path projectDirectory) {
        return projectDirectory.resolve(".sluice").resolve("budgets");
    }

    /**
     * The file of a budget of a project. It need not exist.
     *
     * @param name the name of the root
     */
    public static BudgetFile in(Path projectDirectory, String name) {
        String safe = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("*", "%2A");
        return at(directory(projectDirectory).resolve(safe + ".jsonl"));
    }

    /** A file of any name. It need not exist. */
    public static BudgetFile at(Path path) {
        return new BudgetFile(path, null, null);
    }

    /**
     * The same file, read and written elsewhere.
     *
     * @param scheduler whose clock the file is synced by
     * @param writer where it is read and written; must allow blocking
     */
    public BudgetFile on(Scheduler scheduler, Scheduler writer) {
        return new BudgetFile(
                path, Objects.requireNonNull(scheduler, "scheduler"), Objects.requireNonNull(writer, "writer"));
    }

    /** Where the file is or would be. */
    public Path path() {
        return path;
    }

    /**
     * What the file says: nothing where there is none. Blocks; creates nothing; somebody may be writing it.
     *
     * @throws DamagedFileException if it is damaged elsewhere than at its end, or is no file of a budget
     * @throws SluiceException if it cannot be read
     */
    public BudgetState read() {
        BudgetState state = new BudgetState();
        Journal.read(path, KIND, reading(state::apply));
        return state;
    }

    /**
     * Takes the file and reads it. The first change creates it, and its directory.
     *
     * @return the errors are {@link JournalInUseException}, {@link DamagedFileException} and {@link JournalUnwritableException}
     */
    @Override
    public Mono<Book> open() {
        return Mono.defer(() -> {
            Journal journal = scheduler == null || writer == null
                    ? Journal.of(path, KIND)
                    : Journal.of(path, KIND, scheduler, writer);
            List<BudgetRecord> records = new ArrayList<>();
            return journal.replay(reading(records::add)).<Book>map(replay -> new Pages(journal, records));
        });
    }

    private Consumer<JournalRecord> reading(Consumer<BudgetRecord> reader) {
        return record -> {
            BudgetRecord change;
            try {
                change = BudgetLine.read(record.content());
            } catch (IllegalArgumentException nonsense) {
                throw DamagedFileException.inLine(path, record.line(), String.valueOf(nonsense.getMessage()));
            }
            reader.accept(change);
        };
    }

    @Override
    public String toString() {
        return "BudgetFile[" + path + "]";
    }

    /** The file in the hands of its owner. */
    private record Pages(Journal journal, List<BudgetRecord> records) implements Book {

        @Override
        public void append(BudgetRecord record, Told told) {
            journal.append(BudgetLine.write(record), new Passed(told));
        }

        @Override
        public boolean isWorthCompacting() {
            return journal.isWorthCompacting();
        }

        @Override
        public void compact(Collection<BudgetRecord> records, Told told) {
            journal.compact(records.stream().map(BudgetLine::write).toList(), new Passed(told));
        }

        @Override
        public Mono<Void> close() {
            return journal.disposeLater();
        }
    }

    private record Passed(BudgetStore.Book.Told told) implements Journal.Told {

        @Override
        public void written() {
            told.kept();
        }

        @Override
        public void failed(SluiceException reason) {
            told.notKept(reason);
        }
    }
}
