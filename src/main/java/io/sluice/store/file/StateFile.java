package io.sluice.store.file;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitState;
import io.sluice.support.AtomicFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What limiters knew when they were last saved, in {@code .sluice/model-rate-limit-state.json}: what was charged and when,
 * by the clock of instants, so that a restart within a window does not spend it twice, and others can see what a running
 * program does.
 *
 * <p>Several limiters, of several processes, may save to one file: each replaces the models that it names and leaves the
 * others. Of one model the last save counts, so processes that share a model's limits are not added up here.
 *
 * <p>Thread-safe. All methods block on the file system, saving for up to 10 seconds on other writers, so none belongs on
 * an event loop; {@link StateSaver} calls them elsewhere.
 */
public final class StateFile {

    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);

    private final Path path;

    private StateFile(Path path) {
        this.path = path;
    }

    /** The file of a project. It need not exist, and is only created by the first save. */
    public static StateFile in(Path projectDirectory) {
        return new StateFile(projectDirectory.resolve(".sluice").resolve("model-rate-limit-state.json"));
    }

    /** Where the file is or would be. */
    public Path path() {
        return path;
    }

    /**
     * What the file says: nothing where there is none. A value that makes no sense is reported and left out. Creates
     * neither file nor directory.
     *
     * @throws DamagedFileException if the file is not a state file of this version of Sluice; that of the earlier system
     *     is not, because its times mean nothing after a restart
     * @throws io.sluice.SluiceException if the file cannot be read
     */
    public Contents read() {
        return StateDocument.parse(path, AtomicFile.read(path)).contents(path);
    }

    /**
     * The states, for {@link io.sluice.ratelimit.ModelRateLimiter.Builder#restore}. What is wrong in the file is logged as
     * a warning.
     *
     * @throws DamagedFileException if the file is not a state file of this version of Sluice
     * @throws io.sluice.SluiceException if the file cannot be read
     */
    public List<RateLimitState> load() {
        Contents contents = read();
        for (EntryProblem problem : contents.problems()) {
            LOG.warn("{}: {}", path, problem);
        }
        return contents.states();
    }

    /**
     * Saves the states of a limiter.
     *
     * @param window the span that its limits count for: from a microsecond to 400 days
     * @see #save(Collection)
     */
    public void save(Duration window, Collection<RateLimitState> states) {
        save(states.stream().map(state -> new SavedState(state, window, null)).toList());
    }

    /**
     * Saves states, each in the place of what the file says of its model. Entries of other models stay, unless they are
     * further than a day, and two of their windows, from the latest of these states. Of a model an entry stays that is
     * newer than the state, yet no newer than the latest: a limiter hands on states that it never used. Saving nothing
     * creates nothing.
     *
     * @throws DamagedFileException if the file is not a state file of this version of Sluice; it stays as it is
     * @throws io.sluice.SluiceException if the file cannot be written, or others keep it for 10 seconds
     */
    public void save(Collection<SavedState> states) {
        if (states.isEmpty()) {
            return;
        }
        AtomicFile.update(path, content -> {
            StateDocument document = StateDocument.parse(path, content);
            document.put(states);
            return document.bytes();
        });
    }

    /**
     * What a state file said when it was read.
     *
     * @param path the file
     * @param models its models, in its order; of several entries for one model only the last
     * @param problems what a person should look at, in the order of discovery
     */
    public record Contents(Path path, List<SavedState> models, List<EntryProblem> problems) {

        /** What was saved of this model; null where nothing was. */
        public @Nullable SavedState find(ModelKey key) {
            return find(key, null);
        }

        /** What was saved of a model or, where that is not null, of the pool that it is in; null where nothing was. */
        public @Nullable SavedState find(ModelKey key, @Nullable String pool) {
            return models.stream()
                    .filter(model -> model.isOf(key, pool))
                    .findFirst()
                    .orElse(null);
        }

        /** The states alone. */
        public List<RateLimitState> states() {
            return models.stream().map(SavedState::state).toList();
        }
    }
}
