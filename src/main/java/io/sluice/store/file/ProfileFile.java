package io.sluice.store.file;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.support.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limit profiles that a project declares, in {@code .sluice/model-rate-limits.json}: a JSON array of objects with
 * the keys provider, model, rpm_limit, tpm_limit, utilization_target, concurrency_cap and source. The format is that of
 * the earlier system (specsmith), so either program reads the other's file; what only the other understands stays in it.
 *
 * <p>What goes beyond that stands in a sibling, {@code model-rate-limits.sluice.json}, by the same names: max_concurrency
 * and oversize of profiles in the first file, and whole profiles that the first file cannot hold, because they lack an
 * rpm or a tpm, or name an account. Both are read and saved as one. A crash while both are written leaves the old profile
 * or the new one: the sibling first says what it will be once the first file has changed.
 *
 * <p>Thread-safe; any number of processes may write the same file. All methods block on the file system, writing ones
 * for up to 10 seconds on other writers, so none belongs on an event loop.
 */
public final class ProfileFile {

    private static final Logger LOG = LoggerFactory.getLogger(ProfileFile.class);

    private final Path path;
    private final Path sibling;

    private ProfileFile(Path directory) {
        this.path = directory.resolve("model-rate-limits.json");
        this.sibling = directory.resolve("model-rate-limits.sluice.json");
    }

    /** The file of a project. It need not exist, and is only created by the first save. */
    public static ProfileFile in(Path projectDirectory) {
        return new ProfileFile(projectDirectory.resolve(".sluice"));
    }

    /** Where the file is or would be. */
    public Path path() {
        return path;
    }

    /** Where the sibling file is or would be. */
    public Path siblingPath() {
        return sibling;
    }

    /**
     * What the files say: nothing where there are none. An entry that makes no sense is reported and left out; what makes
     * no sense in the sibling takes nothing away from the first file. Creates neither file nor directory.
     *
     * @throws DamagedFileException if a file is not a JSON array
     * @throws io.sluice.SluiceException if a file cannot be read
     */
    public Contents read() {
        byte[] main = AtomicFile.read(path);
        while (true) {
            byte[] beyond = AtomicFile.read(sibling);
            byte[] again = AtomicFile.read(path);
            // The same before and after: then what was read in between is of the same change. Another round means that
            // somebody wrote the whole file meanwhile, which takes much longer than a round.
            if (Arrays.equals(main, again)) {
                return DeclaredProfiles.parse(path, main, sibling, beyond).contents();
            }
            main = again;
        }
    }

    /**
     * These profiles and, before them, the file's own ({@link Contents#overrides}). What is wrong in the file is logged
     * as a warning, what is {@linkplain Contents#superseded superseded} as information.
     *
     * @throws DamagedFileException if a file is not a JSON array
     * @throws io.sluice.SluiceException if the file cannot be read
     */
    public RateLimitProfiles load(RateLimitProfiles base) {
        Contents contents = read();
        for (EntryProblem problem : contents.problems()) {
            LOG.warn("{}: {}", problem.file(), problem);
        }
        for (RateLimitProfile row : contents.superseded(base)) {
            LOG.info("{}: {} has the source \"default\": the built-in numbers count instead", path, row.key());
        }
        return base.with(contents.overrides(base));
    }

    /**
     * Adds a profile, or replaces the one of the same name in its place. One that the first file cannot hold goes into the
     * sibling alone, and an entry of its name in the first file goes.
     *
     * @throws DamagedFileException if a file is not a JSON array; both stay as they are
     * @throws io.sluice.SluiceException if a file cannot be written, or others keep it for 10 seconds
     */
    public void save(RateLimitProfile profile) {
        change(profile.key(), old -> profile);
    }

    /**
     * Saves what {@code change} makes of the file's profile of this name, or of null where it has none; between its look
     * and the save nobody else writes.
     *
     * @param change returns a profile of the same name; what it throws is passed on, and the file stays as it is
     * @return the profile that was saved
     * @throws IllegalArgumentException if the profile has another name
     * @throws DamagedFileException if a file is not a JSON array; both stay as they are
     * @throws io.sluice.SluiceException if a file cannot be written, or others keep it for 10 seconds
     */
    public RateLimitProfile change(ModelKey key, Function<@Nullable RateLimitProfile, RateLimitProfile> change) {
        List<RateLimitProfile> saved = new ArrayList<>();
        change(profiles -> {
            RateLimitProfile changed = change.apply(profiles.contents().find(key));
            if (!changed.key().equals(key)) {
                throw new IllegalArgumentException(
                        "the changed profile of " + key + " must keep its name, was " + changed.key());
            }
            profiles.put(changed);
            saved.add(changed);
        });
        return saved.get(0);
    }

    /**
     * Adds those profiles of whose name the files have no entry yet, at the end and in their order; the entries that are
     * there, usable or not, stay as they are.
     *
     * @return the profiles that were added
     * @throws DamagedFileException if a file is not a JSON array; both stay as they are
     * @throws io.sluice.SluiceException if a file cannot be written, or others keep it for 10 seconds
     */
    public List<RateLimitProfile> install(Collection<RateLimitProfile> profiles) {
        List<RateLimitProfile> added = new ArrayList<>();
        change(declared -> {
            for (RateLimitProfile profile : profiles) {
                if (!declared.names(profile.key())) {
                    declared.put(profile);
                    added.add(profile);
                }
            }
        });
        return List.copyOf(added);
    }

    /** Under the lock of the first file, which whoever writes one of the two holds. */
    private void change(Consumer<DeclaredProfiles> change) {
        boolean[] announced = new boolean[1];
        AtomicFile.update(path, content -> {
            DeclaredProfiles profiles = DeclaredProfiles.parse(path, content, sibling, AtomicFile.read(sibling));
            change.accept(profiles);
            writeSibling(profiles.announced());
            announced[0] = !profiles.announced().says(profiles.sibling());
            return profiles.main().isChanged() ? profiles.main().bytes() : null;
        });
        if (announced[0]) {
            AtomicFile.update(path, content -> {
                writeSibling(DeclaredProfiles.parse(path, content, sibling, AtomicFile.read(sibling))
                        .sibling());
                return null;
            });
        }
    }

    private void writeSibling(ProfileDocument document) {
        if (document.isChanged()) {
            AtomicFile.update(sibling, content -> document.bytes());
        }
    }

    /**
     * What a profile file said when it was read.
     *
     * @param path the first file
     * @param profiles its profiles, in its order, then those of the sibling alone; of several with one name only the last
     * @param problems what a person should look at, in the order of discovery
     */
    public record Contents(Path path, List<RateLimitProfile> profiles, List<EntryProblem> problems) {

        /** The profile of exactly this name; null where there is none. */
        public @Nullable RateLimitProfile find(ModelKey key) {
            return profiles.stream()
                    .filter(profile -> profile.key().equals(key))
                    .findFirst()
                    .orElse(null);
        }

        /**
         * The profiles that shall replace those of {@code base}. A row with source {@code default} is a copy of a
         * built-in one of its time: it loses to the row of that name that {@code base} has, whose numbers may be newer,
         * and counts only where there is none.
         */
        public List<RateLimitProfile> overrides(RateLimitProfiles base) {
            Map<ModelKey, RateLimitProfile> rows = rows(base);
            return profiles.stream().filter(profile -> !isCopy(profile, rows)).toList();
        }

        /**
         * The rows with source {@code default} that lose to one of {@code base} with other numbers: copies of an older
         * table, or edited by a person who did not give them another source.
         */
        public List<RateLimitProfile> superseded(RateLimitProfiles base) {
            Map<ModelKey, RateLimitProfile> rows = rows(base);
            return profiles.stream()
                    .filter(profile -> isCopy(profile, rows) && !Objects.equals(profile, rows.get(profile.key())))
                    .toList();
        }

        private static boolean isCopy(RateLimitProfile profile, Map<ModelKey, RateLimitProfile> rows) {
            return profile.source().equals(ProfileEntry.DEFAULT_SOURCE) && rows.containsKey(profile.key());
        }

        private static Map<ModelKey, RateLimitProfile> rows(RateLimitProfiles base) {
            Map<ModelKey, RateLimitProfile> rows = new HashMap<>();
            for (RateLimitProfile row : base.defaults()) {
                rows.put(row.key(), row);
            }
            return rows;
        }
    }
}
