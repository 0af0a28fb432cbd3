package io.sluice.model;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a limit, a permit or a price belongs to: a model of a provider, where needed of one account. A tool or any other
 * HTTP API is a key as well, such as {@code ModelKey.of("tool", "search")}.
 *
 * <p>Each part is stripped of white space at both ends and lower-cased independently of the locale; none may be blank.
 * The parts stay apart, so {@code a/b} of {@code c} and {@code a} of {@code b/c} are different keys. {@code *} stands for
 * any provider or any model, in limit profiles only.
 *
 * @param provider who serves the model, such as {@code openai}
 * @param model the model's name, such as {@code gpt-4o}; it may contain slashes
 * @param account which of several accounts at the provider, or null for the only one
 */
public record ModelKey(
        String provider, String model, @Nullable String account) {

    /** Stands for any provider or model in a profile. */
    public static final String WILDCARD = "*";

    private static final Pattern VERSION =
            Pattern.compile("(?<name>.+?)(?:-\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])"
                    + "|[-@]\\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])"
                    + "|-(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])"
                    + "|-\\d{3}|-latest)");

    /**
     * @throws IllegalArgumentException if a part is blank
     */
    public ModelKey {
        provider = part("provider", provider);
        model = part("model", model);
        account = account == null ? null : part("account", account);
    }

    /**
     * The key of a model.
     *
     * @throws IllegalArgumentException if a part is blank
     */
    public static ModelKey of(String provider, String model) {
        return new ModelKey(provider, model, null);
    }

    /**
     * Reads {@code provider/model}; the first slash divides, so the model may contain further ones.
     *
     * @throws IllegalArgumentException if there is no slash, or nothing on one side of it
     */
    public static ModelKey parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("a model key is written provider/model, was \"" + text + "\"");
        }
        return of(text.substring(0, slash), text.substring(slash + 1));
    }

    /** The same model, of the named account. */
    public ModelKey account(String account) {
        return new ModelKey(provider, model, Objects.requireNonNull(account, "account"));
    }

    /** Whether the provider or the model is {@code *}. */
    public boolean isWildcard() {
        return provider.equals(WILDCARD) || model.equals(WILDCARD);
    }

    /** {@code provider/model}, followed by {@code @account} where there is one. */
    @Override
    public String toString() {
        return account == null ? provider + "/" + model : provider + "/" + model + "@" + account;
    }

    /**
     * The same model without the version that its name ends in, or null where it ends in none. A version is a date
     * ({@code -2024-08-06}, {@code -20240806}, {@code @20240806}, {@code -0806}), three digits such as {@code -001}, or
     * {@code -latest}; so {@code claude-opus-4-5} has none.
     */
    public @Nullable ModelKey withoutVersion() {
        Matcher matcher = VERSION.matcher(model);
        return matcher.matches() ? new ModelKey(provider, matcher.group("name"), account) : null;
    }

    private static String part(String name, String value) {
        Objects.requireNonNull(value, name);
        String normal = value.strip().toLowerCase(Locale.ROOT);
        if (normal.isEmpty()) {
            throw new IllegalArgumentException(name + " must not be blank");
        }
        return normal;
    }
}
