package io.sluice.store.file;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.support.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limit profiles that a project declares, in {@code .sluice/model-rate-limits.json}: a JSON array of objects with
 * the keys provider, model, rpm_limit, tpm_limit, utilization_target, concurrency_cap and source. The format is that of
 * the earlier system (specsmith), so either program reads the other's file; what only the other understands stays in it.
 *
 * <p>Thread-safe; any number of processes may write the same file. All methods block on the file system, writing ones
 * for up to 10 seconds on other writers, so none belongs on an event loop.
 */
public final class ProfileFile {

    private static final Logger LOG = LoggerFactory.getLogger(ProfileFile.class);

    private final Path path;

    private ProfileFile(Path path) {
        this.path = path;
    }

    /** The file of a project. It need not exist, and is only created by the first save. */
    public static ProfileFile in(Path projectDirectory) {
        return new ProfileFile(projectDirectory.resolve(".sluice").resolve("model-rate-limits.json"));
    }

    /** Where the file is or would be. */
    public Path path() {
        return path;
    }

    /**
     * What the file says: nothing where there is none. An entry that makes no sense is reported and left out. Creates
     * neither file nor directory.
     *
     * @throws DamagedFileException if the file is not a JSON array
     * @throws io.sluice.SluiceException if the file cannot be read
     */
    public Contents read() {
        return ProfileDocument.parse(path, AtomicFile.read(path)).contents(path);
    }

    /**
     * These profiles and, before them, the file's own ({@link Contents#overrides}). What is wrong in the file is logged
     * as a warning, what is {@linkplain Contents#superseded superseded} as information.
     *
     * @throws DamagedFileException if the file is not a JSON array
     * @throws io.sluice.SluiceException if the file cannot be read
     */
    public RateLimitProfiles load(RateLimitProfiles base) {
        Contents contents = read();
        for (ProfileProblem problem : contents.problems()) {
            LOG.warn("{}: {}", path, problem);
        }
        for (RateLimitProfile row : contents.superseded(base)) {
            LOG.info("{}: {} has the source \"default\": the built-in numbers count instead", path, row.key());
        }
        return base.with(contents.overrides(base));
    }

    /**
     * Adds a profile, or replaces the one of the same name in its place.
     *
     * @throws IllegalArgumentException if the file cannot hold it: without rpm or tpm, or with an account
     * @throws DamagedFileException if the file is not a JSON array; it stays as it is
     * @throws io.sluice.SluiceException if the file cannot be written, or others keep it for 10 seconds
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
     * @throws IllegalArgumentException if the file cannot hold the profile, or it has another name
     * @throws DamagedFileException if the file is not a JSON array; it stays as it is
     * @throws io.sluice.SluiceException if the file cannot be written, or others keep it for 10 seconds
     */
    public RateLimitProfile change(ModelKey key, Function<@Nullable RateLimitProfile, RateLimitProfile> change) {
        List<RateLimitProfile> saved = new ArrayList<>();
        AtomicFile.update(path, content -> {
            ProfileDocument document = ProfileDocument.parse(path, content);
            RateLimitProfile changed = change.apply(document.contents(path).find(key));
            if (!changed.key().equals(key)) {
                throw new IllegalArgumentException(
                        "the changed profile of " + key + " must keep its name, was " + changed.key());
            }
            document.put(changed);
            saved.add(changed);
            return document.bytes();
        });
        return saved.get(0);
    }

    /**
     * Adds those profiles of whose name the file has no entry yet, at its end and in their order; the entries that are
     * there, usable or not, stay as they are.
     *
     * @return the profiles that were added
     * @throws IllegalArgumentException if the file cannot hold one of them: without rpm or tpm, or with an account
     * @throws DamagedFileException if the file is not a JSON array; it stays as it is
     * @throws io.sluice.SluiceException if the file cannot be written, or others keep it for 10 seconds
     */
    public List<RateLimitProfile> install(Collection<RateLimitProfile> profiles) {
        List<RateLimitProfile> added = new ArrayList<>();
        AtomicFile.update(path, content -> {
            ProfileDocument document = ProfileDocument.parse(path, content);
            for (RateLimitProfile profile : profiles) {
                if (!document.names(profile.key())) {
                    document.put(profile);
                    added.add(profile);
                }
            }
            return added.isEmpty() ? null : document.bytes();
        });
        return List.copyOf(added);
    }

    /**
     * What a profile file said when it was read.
     *
     * @param path the file
     * @param profiles its profiles, in its order; of several with one name only the last
     * @param problems what a person should look at, in the order of discovery
     */
    public record Contents(Path path, List<RateLimitProfile> profiles, List<ProfileProblem> problems) {

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
