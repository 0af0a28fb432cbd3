package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A set of limit profiles, and the rule by which a model finds its own:
 *
 * <ol>
 *   <li>the declared or built-in profile of exactly this name;
 *   <li>the declared or built-in profile whose name the asked one extends by a version only, so that
 *       {@code gpt-4o-2024-08-06} finds {@code gpt-4o}, while {@code claude-opus-4-5} does not find {@code claude-opus-4};
 *   <li>a declared wildcard: {@code provider/*}, then {@code *}{@code /model}, then {@code *}{@code /*};
 *   <li>today's table ({@link #current()}), by exact name, then by version;
 *   <li>a built-in wildcard.
 * </ol>
 *
 * A profile of an account is preferred to one without, at each step. A declared profile replaces the built-in one of the
 * same name. Immutable.
 */
public final class RateLimitProfiles {

    private final Map<ModelKey, RateLimitProfile> declared;
    private final Map<ModelKey, RateLimitProfile> current;
    private final Map<ModelKey, RateLimitProfile> builtin;

    private RateLimitProfiles(
            Map<ModelKey, RateLimitProfile> declared,
            Map<ModelKey, RateLimitProfile> current,
            Map<ModelKey, RateLimitProfile> builtin) {
        this.declared = declared;
        this.current = current;
        this.builtin = builtin;
    }

    /** No profiles at all. */
    public static RateLimitProfiles none() {
        return new RateLimitProfiles(Map.of(), Map.of(), Map.of());
    }

    /** The 21 built-in rows, with their wildcards for OpenAI, Anthropic and Google. */
    public static RateLimitProfiles builtin() {
        return new RateLimitProfiles(Map.of(), Map.of(), BuiltinProfiles.TABLE);
    }

    /** The built-in rows and, before their wildcards, the dated table of today's models. What a limiter uses by default. */
    public static RateLimitProfiles current() {
        return new RateLimitProfiles(Map.of(), CurrentProfiles.TABLE, BuiltinProfiles.TABLE);
    }

    /** These profiles and one more; it replaces a declared one of the same key, in its place. */
    public RateLimitProfiles with(RateLimitProfile profile) {
        return with(List.of(profile));
    }

    /** These profiles and more; a later one replaces an earlier declared one of the same key, in its place. */
    public RateLimitProfiles with(Collection<RateLimitProfile> profiles) {
        Map<ModelKey, RateLimitProfile> more = new LinkedHashMap<>(declared);
        for (RateLimitProfile profile : profiles) {
            more.put(profile.key(), profile);
        }
        return new RateLimitProfiles(more, current, builtin);
    }

    /**
     * These profiles with other numbers, such as another target for all; each is found as before.
     *
     * @param change returns a profile of the same key
     * @throws IllegalArgumentException if the key is another one
     */
    public RateLimitProfiles changed(UnaryOperator<RateLimitProfile> change) {
        return new RateLimitProfiles(changed(declared, change), changed(current, change), changed(builtin, change));
    }

    private static Map<ModelKey, RateLimitProfile> changed(
            Map<ModelKey, RateLimitProfile> table, UnaryOperator<RateLimitProfile> change) {
        Map<ModelKey, RateLimitProfile> rows = new LinkedHashMap<>();
        table.forEach((key, profile) -> {
            RateLimitProfile other = change.apply(profile);
            if (!other.key().equals(key)) {
                throw new IllegalArgumentException(
                        "the changed profile of " + key + " must keep its key, was " + other.key());
            }
            rows.put(key, other);
        });
        return rows;
    }

    /** What was added by {@link #with}, in the order of first addition. */
    public List<RateLimitProfile> declared() {
        return List.copyOf(declared.values());
    }

    /** The rows of the tables that this set stands on, in their order: built-in, then today's. */
    public List<RateLimitProfile> defaults() {
        List<RateLimitProfile> rows = new ArrayList<>(builtin.values());
        rows.addAll(current.values());
        return rows;
    }

    /**
     * The limits of a model. Found by a wildcard or a version, they still count for this one model alone.
     *
     * @throws UnknownModelException if no profile matches
     */
    public RateLimitProfile resolve(ModelKey key) {
        RateLimitProfile found = find(key);
        if (found == null) {
            throw new UnknownModelException(key);
        }
        return found;
    }

    /** The limits of a model, or null where no profile matches. */
    public @Nullable RateLimitProfile find(ModelKey key) {
        ModelKey unversioned = key.withoutVersion();
        String name = unversioned == null ? null : unversioned.model();
        RateLimitProfile found = firstOf(key, key.provider(), key.model(), declared, builtin);
        if (found == null && name != null) {
            found = firstOf(key, key.provider(), name, declared, builtin);
        }
        if (found == null) {
            found = wildcard(key, declared);
        }
        if (found == null) {
            found = firstOf(key, key.provider(), key.model(), current);
        }
        if (found == null && name != null) {
            found = firstOf(key, key.provider(), name, current);
        }
        return found == null ? wildcard(key, builtin) : found;
    }

    private static @Nullable RateLimitProfile wildcard(ModelKey key, Map<ModelKey, RateLimitProfile> table) {
        RateLimitProfile found = firstOf(key, key.provider(), ModelKey.WILDCARD, table);
        if (found == null) {
            found = firstOf(key, ModelKey.WILDCARD, key.model(), table);
        }
        return found == null ? firstOf(key, ModelKey.WILDCARD, ModelKey.WILDCARD, table) : found;
    }

    @SafeVarargs
    private static @Nullable RateLimitProfile firstOf(
            ModelKey asked, String provider, String model, Map<ModelKey, RateLimitProfile>... tables) {
        ModelKey plain = ModelKey.of(provider, model);
        for (Map<ModelKey, RateLimitProfile> table : tables) {
            if (asked.account() != null) {
                RateLimitProfile own = table.get(plain.account(asked.account()));
                if (own != null) {
                    return own;
                }
            }
            RateLimitProfile found = table.get(plain);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
