package io.sluice.store.file;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.support.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Both files of profiles as one, while they are read or changed.
 *
 * <p>A change of both is written in three steps, and counts from the second on: the sibling file with, under {@code
 * next}, what its entry is to be and which entry of the first file it will belong to; the first file; the sibling file as
 * it is to be. Whoever reads in between, or after a crash, takes {@code next} if the first file has the entry it belongs
 * to, and else the entry around it: the old profile or the new one, never a mixture.
 */
final class DeclaredProfiles {

    private static final String NEXT = "next";
    private static final String BELONGS_TO = "belongs_to";
    private static final String ENTRY = "entry";

    private final ProfileDocument main;

    /** As it was read, with what somebody left undone done. */
    private final ProfileDocument sibling;

    /** The sibling file of the first step. */
    private final ProfileDocument announced;

    private DeclaredProfiles(ProfileDocument main, ProfileDocument sibling) {
        this.main = main;
        this.sibling = sibling;
        for (int i = sibling.size() - 1; i >= 0; i--) {
            settle(i);
        }
        this.announced = sibling.copy();
    }

    /**
     * @throws DamagedFileException if one of them is not a JSON array
     */
    static DeclaredProfiles parse(Path file, byte @Nullable [] main, Path siblingFile, byte @Nullable [] sibling) {
        return new DeclaredProfiles(
                ProfileDocument.parse(file, main, ProfileEntry::name),
                ProfileDocument.parse(siblingFile, sibling, SiblingEntry::name));
    }

    ProfileDocument main() {
        return main;
    }

    ProfileDocument sibling() {
        return sibling;
    }

    ProfileDocument announced() {
        return announced;
    }

    // ---- reading ----

    ProfileFile.Contents contents() {
        Map<ModelKey, RateLimitProfile> profiles = new LinkedHashMap<>();
        List<EntryProblem> problems = new ArrayList<>();
        readMain(profiles, problems);
        for (int i = 0; i < sibling.size(); i++) {
            try {
                ModelKey key = SiblingEntry.name(sibling.get(i));
                int last = key == null ? i : sibling.lastOf(key);
                if (last != i) {
                    throw ProfileEntry.repeated(sibling.get(i), last);
                }
                readSibling(sibling.get(i), key, profiles);
            } catch (Unusable unusable) {
                problems.add(unusable.at(sibling.file(), i));
            }
        }
        return new ProfileFile.Contents(main.file(), List.copyOf(profiles.values()), List.copyOf(problems));
    }

    private void readMain(Map<ModelKey, RateLimitProfile> profiles, List<EntryProblem> problems) {
        Map<ModelKey, Integer> places = new LinkedHashMap<>();
        for (int i = 0; i < main.size(); i++) {
            try {
                RateLimitProfile profile = ProfileEntry.read(main.get(i));
                Integer earlier = places.put(profile.key(), i);
                if (earlier != null) {
                    problems.add(ProfileEntry.repeated(main.get(earlier), i).at(main.file(), earlier));
                }
                profiles.put(profile.key(), profile);
            } catch (Unusable unusable) {
                problems.add(unusable.at(main.file(), i));
            }
        }
    }

    private void readSibling(JsonNode entry, @Nullable ModelKey key, Map<ModelKey, RateLimitProfile> profiles)
            throws Unusable {
        RateLimitProfile known = key == null ? null : profiles.get(key);
        if (known != null) {
            profiles.put(known.key(), SiblingEntry.added(entry, known));
            if (SiblingEntry.isWhole(entry)) {
                throw new Unusable(
                        ProfileEntry.MODEL,
                        entry.get(ProfileEntry.MODEL),
                        main.file().getFileName() + " has limits for this model as well, which count: remove one of"
                                + " them");
            }
        } else if (key == null || SiblingEntry.isWhole(entry)) {
            RateLimitProfile whole = SiblingEntry.read(entry);
            profiles.put(whole.key(), whole);
        } else if (SiblingEntry.isAddition(entry)) {
            throw new Unusable(
                    ProfileEntry.MODEL,
                    entry.get(ProfileEntry.MODEL),
                    "there is no profile of it in " + main.file().getFileName()
                            + " to which this would add: give it one, or remove this");
        }
    }

    /** Whether an entry of either file has this name, be it usable or not. */
    boolean names(ModelKey key) {
        return main.lastOf(key) >= 0 || sibling.lastOf(key) >= 0;
    }

    // ---- changing ----

    /** Adds a profile, or puts it in the place of the one of its name. */
    void put(RateLimitProfile profile) {
        ModelKey key = profile.key();
        ObjectNode old = inMain(key);
        String before = text(old == null ? null : belonging(old));
        ObjectNode present = sibling.find(key);
        ObjectNode wanted = SiblingEntry.of(profile, present);
        boolean held = ProfileEntry.holds(profile);
        if (held) {
            ProfileEntry.write(profile, old == null ? main.add() : old);
        } else {
            removeFromMain(key);
        }
        ObjectNode now = held ? inMain(key) : null;
        boolean mainChanges = !before.equals(text(now == null ? null : belonging(now)));
        announced.replace(
                key,
                mainChanges && !text(present).equals(text(wanted))
                        ? announced(key, present, now, wanted)
                        : copy(wanted));
        sibling.replace(key, wanted);
    }

    private static ObjectNode announced(
            ModelKey key, @Nullable ObjectNode present, @Nullable ObjectNode inMain, @Nullable ObjectNode wanted) {
        ObjectNode entry = present == null ? SiblingEntry.named(key) : present.deepCopy();
        ObjectNode next = entry.putObject(NEXT);
        next.set(BELONGS_TO, inMain == null ? next.nullNode() : belonging(inMain));
        next.set(ENTRY, wanted == null ? next.nullNode() : wanted.deepCopy());
        return entry;
    }

    private static @Nullable ObjectNode copy(@Nullable ObjectNode entry) {
        return entry == null ? null : entry.deepCopy();
    }

    private static String text(@Nullable ObjectNode entry) {
        return entry == null ? "" : Json.compact(entry);
    }

    /** Of an entry that was announced, what counts by what the first file says. */
    private void settle(int index) {
        JsonNode entry = sibling.get(index);
        ModelKey key = SiblingEntry.name(entry);
        if (key == null || !(entry.get(NEXT) instanceof ObjectNode next)) {
            return;
        }
        ObjectNode inMain = inMain(key);
        JsonNode belongsTo = next.path(BELONGS_TO);
        boolean done = inMain == null
                ? belongsTo.isNull()
                : Json.compact(belonging(inMain)).equals(Json.compact(belongsTo));
        JsonNode counts = entry;
        if (done) {
            counts = next.path(ENTRY);
        } else {
            ((ObjectNode) entry).remove(NEXT);
        }
        if (!counts.isObject() || counts.equals(SiblingEntry.named(key))) {
            sibling.remove(index);
        } else {
            sibling.set(index, counts);
        }
    }

    /** The entry of the first file that counts for this name; null where there is none. */
    private @Nullable ObjectNode inMain(ModelKey key) {
        for (int i = main.size() - 1; i >= 0; i--) {
            if (main.get(i) instanceof ObjectNode entry && isUsable(entry, key)) {
                return entry;
            }
        }
        return null;
    }

    private void removeFromMain(ModelKey key) {
        for (int i = main.size() - 1; i >= 0; i--) {
            if (isUsable(main.get(i), key)) {
                main.remove(i);
            }
        }
    }

    private static boolean isUsable(JsonNode entry, ModelKey key) {
        try {
            return key.equals(ProfileEntry.name(entry))
                    && ProfileEntry.read(entry).key().equals(key);
        } catch (Unusable leftAsItIs) {
            return false;
        }
    }

    /** What makes an entry of the first file known again: what its seven keys say, however they are written. */
    private static ObjectNode belonging(ObjectNode inMain) {
        ObjectNode plain = Json.mapper().createObjectNode();
        try {
            ProfileEntry.write(ProfileEntry.read(inMain), plain);
        } catch (Unusable impossible) {
            throw new IllegalStateException("an entry that was usable is not", impossible);
        }
        return plain;
    }
}
