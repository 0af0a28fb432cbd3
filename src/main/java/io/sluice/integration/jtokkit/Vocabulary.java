package io.sluice.integration.jtokkit;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The tables by which models cut texts into tokens. Which model has which is what OpenAI's own library says ({@code
 * tiktoken/model.py}, version 0.12, October 2025).
 */
enum Vocabulary {
    O200K_BASE,
    CL100K_BASE;

    /** By how names begin; the first that fits counts. Those of gpt-oss are o200k_base, with more special tokens. */
    private static final List<Map.Entry<String, Vocabulary>> BY_NAME = List.of(
            Map.entry("o1", O200K_BASE),
            Map.entry("o3", O200K_BASE),
            Map.entry("o4-mini", O200K_BASE),
            Map.entry("gpt-5", O200K_BASE),
            Map.entry("gpt-4.5", O200K_BASE),
            Map.entry("gpt-4.1", O200K_BASE),
            Map.entry("chatgpt-4o", O200K_BASE),
            Map.entry("gpt-4o", O200K_BASE),
            Map.entry("gpt-oss", O200K_BASE),
            Map.entry("gpt-4", CL100K_BASE),
            Map.entry("gpt-3.5", CL100K_BASE),
            Map.entry("gpt-35-turbo", CL100K_BASE),
            Map.entry("text-embedding-ada-002", CL100K_BASE),
            Map.entry("text-embedding-3", CL100K_BASE));

    /** Set once, when the tables are loaded. */
    @SuppressWarnings("ImmutableEnumChecker")
    private volatile @Nullable ToIntFunction<String> counter;

    /** The vocabulary of a model; null where it is not known. What stands before a slash is whose model it is. */
    static @Nullable Vocabulary of(String model) {
        String name = model.strip().toLowerCase(Locale.ROOT);
        String bare = name.substring(name.lastIndexOf('/') + 1);
        for (Map.Entry<String, Vocabulary> row : BY_NAME) {
            String begin = row.getKey();
            if (bare.startsWith(begin) && (bare.length() == begin.length() || ends(bare.charAt(begin.length())))) {
                return row.getValue();
            }
        }
        return null;
    }

    private static boolean ends(char next) {
        return next == '-' || next == '.' || next == ':' || next == '@';
    }

    /** What counts tokens, if it is loaded. */
    @Nullable
    ToIntFunction<String> loaded() {
        return counter;
    }

    /**
     * Loads the tables, if nobody has; blocks on the class path and works for a part of a second. Of two who load at once one
     * does it for nothing.
     *
     * @throws JtokkitMissingException if the library is not there
     */
    ToIntFunction<String> load() {
        ToIntFunction<String> known = counter;
        if (known != null) {
            return known;
        }
        try {
            ToIntFunction<String> fresh = JtokkitTables.counter(this == O200K_BASE);
            counter = fresh;
            return fresh;
        } catch (NoClassDefFoundError missing) {
            throw new JtokkitMissingException(missing);
        }
    }
}
