package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A set of limit profiles, and the rule by which a model finds its own:
 *
 * <ol>
 *   <li>the declared or built-in profile of exactly this name;
 *   <li>the declared profile that has this name as an alias;
 *   <li>the declared or built-in profile whose name the asked one extends by a version only, so that
 *       {@code gpt-4o-2024-08-06} finds {@code gpt-4o}, while {@code claude-opus-4-5} does not find {@code claude-opus-4};
 *   <li>a declared wildcard: {@code provider/*}, then {@code *}{@code /model}, then {@code *}{@code /*};
 *   <li>today's table ({@link #current()}), by exact name, then by version;
 *   <li>a built-in wildcard.
 * </ol>
 *
 * Where the profile found names a pool, the limits are those of the pool: the profile of it that was declared last.
 *
 * <p>A profile of an account is preferred to one without, at each step. A declared profile replaces the built-in one of the
 * same name. Immutable.
 */
public final class RateLimitProfiles {

    private final Map<ModelKey, RateLimitProfile> declared;
    private final Map<ModelKey, RateLimitProfile> current;
    private final Map<ModelKey, RateLimitProfile> builtin;
    /** The profiles that hold for whole pools: of each the one that was declared last. */
    private final Map<StateName, ModelKey> pools;
    /** The declared profiles by their further names. */
    private final Map<ModelKey, RateLimitProfile> aliases = new HashMap<>();

    private RateLimitProfiles(
            Map<ModelKey, RateLimitProfile> declared,
            Map<ModelKey, RateLimitProfile> current,
            Map<ModelKey, RateLimitProfile> builtin,
            Map<StateName, ModelKey> pools) {
        this.declared = declared;
        this.current = current;
        this.builtin = builtin;
        this.pools = pools;
        for (RateLimitProfile profile : declared.values()) {
            for (String alias : profile.aliases()) {
                ModelKey key = profile.key();
                aliases.put(new ModelKey(key.provider(), alias, key.account()), profile);
            }
        }
    }

    private static void pool(RateLimitProfile profile, Map<StateName, ModelKey> pools) {
        if (profile.pool() != null) {
            pools.put(StateName.of(profile.key(), profile.pool()), profile.key());
        }
    }

    /** No profiles at all. */
    public static RateLimitProfiles none() {
        return new RateLimitProfiles(Map.of(), Map.of(), Map.of(), Map.of());
    }

    /** The 21 built-in rows, with their wildcards for OpenAI, Anthropic and Google. */
    public static RateLimitProfiles builtin() {
        return new RateLimitProfiles(Map.of(), Map.of(), BuiltinProfiles.TABLE, Map.of());
    }

    /** The built-in rows and, before their wildcards, the dated table of today's models. What a limiter uses by default. */
    public static RateLimitProfiles current() {
        Map<StateName, ModelKey> pools = new HashMap<>();
        CurrentProfiles.TABLE.values().forEach(profile -> pool(profile, pools));
        return new RateLimitProfiles(Map.of(), CurrentProfiles.TABLE, BuiltinProfiles.TABLE, pools);
    }

    /** These profiles and one more; it replaces a declared one of the same key, in its place. */
    public RateLimitProfiles with(RateLimitProfile profile) {
        return with(List.of(profile));
    }

    /** These profiles and more; a later one replaces an earlier declared one of the same key, in its place. */
    public RateLimitProfiles with(Collection<RateLimitProfile> profiles) {
        Map<ModelKey, RateLimitProfile> more = new LinkedHashMap<>(declared);
        Map<StateName, ModelKey> morePools = new HashMap<>(pools);
        for (RateLimitProfile profile : profiles) {
            more.put(profile.key(), profile);
            pool(profile, morePools);
        }
        return new RateLimitProfiles(more, current, builtin, morePools);
    }

    /**
     * These profiles with other numbers, such as another target for all; each is found as before.
     *
     * @param change returns a profile of the same key
     * @throws IllegalArgumentException if the key is another one
     */
    public RateLimitProfiles changed(UnaryOperator<RateLimitProfile> change) {
        return new RateLimitProfiles(
                changed(declared, change), changed(current, change), changed(builtin, change), pools);
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
     * The limits of a model. Found by a wildcard or a version, they still count for this one model alone, unless they
     * name a pool.
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

    /** The limits of a model, or null where no profile matches; those of its pool, where it is in one. */
    public @Nullable RateLimitProfile find(ModelKey key) {
        RateLimitProfile found = own(key);
        String pool = found == null ? null : found.pool();
        ModelKey last = found == null || pool == null ? null : pools.get(StateName.of(found.key(), pool));
        RateLimitProfile holds = last == null ? null : firstOf(last, last.provider(), last.model(), declared, current);
        return holds != null && Objects.equals(pool, holds.pool()) ? holds : found;
    }

    /** The name under which calls of a model count: where it was asked for by an alias, that of its profile. */
    public ModelKey properName(ModelKey asked) {
        if (aliases.isEmpty() || firstOf(asked, asked.provider(), asked.model(), declared, builtin) != null) {
            return asked;
        }
        RateLimitProfile found = firstOf(asked, asked.provider(), asked.model(), aliases);
        return found == null
                ? asked
                : new ModelKey(found.key().provider(), found.key().model(), asked.account());
    }

    private @Nullable RateLimitProfile own(ModelKey key) {
        ModelKey unversioned = key.withoutVersion();
        String name = unversioned == null ? null : unversioned.model();
        RateLimitProfile found = firstOf(key, key.provider(), key.model(), declared, builtin);
        if (found == null) {
            found = firstOf(key, key.provider(), key.model(), aliases);
        }
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
