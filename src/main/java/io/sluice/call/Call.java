package io.sluice.call;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One call of a model or a tool, as it is before anybody decided about it. Immutable; each wither returns a new one.
 * {@link #toString} leaves out the arguments, which may hold prompts and secrets.
 *
 * @param key the model or tool; whose limits and prices count
 * @param name what it is called in errors and logs, and whose cooldown and circuit breaker count; not blank
 * @param arguments what the call is made with
 * @param estimate what it is expected to use at most
 * @param risk how much harm it can do
 * @param requester who wants it, such as the name of an agent; null where nobody said
 */
public record Call<A>(
        ModelKey key,
        String name,
        A arguments,
        TokenEstimate estimate,
        Risk risk,
        @Nullable String requester) {

    /** The provider in the keys of tools. */
    private static final String TOOL = "tool";

    /**
     * @throws IllegalArgumentException if the key is a wildcard, or the name blank
     */
    public Call {
        if (key.isWildcard()) {
            throw new IllegalArgumentException("a call is of one model or tool, " + key + " is a wildcard");
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of a call must not be blank");
        }
        Objects.requireNonNull(arguments, "arguments");
        Objects.requireNonNull(estimate, "estimate");
        Objects.requireNonNull(risk, "risk");
    }

    /** A call of a model, named as its key, without risk. */
    public static <A> Call<A> of(ModelKey key, A arguments, TokenEstimate estimate) {
        return new Call<>(key, key.toString(), arguments, estimate, Risk.LOW, null);
    }

    /** A call of a tool, which uses no tokens; its key is {@code tool/name}. */
    public static <A> Call<A> tool(String name, A arguments) {
        return new Call<>(ModelKey.of(TOOL, name), name, arguments, TokenEstimate.NONE, Risk.LOW, null);
    }

    /** Whether it is the call of a tool, as {@link #tool} makes it. */
    public boolean isTool() {
        return key.provider().equals(TOOL);
    }

    /** The same call by another name. */
    public Call<A> named(String name) {
        return new Call<>(key, name, arguments, estimate, risk, requester);
    }

    /** The same call with another estimate. */
    public Call<A> estimate(TokenEstimate estimate) {
        return new Call<>(key, name, arguments, estimate, risk, requester);
    }

    /** The same call with another risk. */
    public Call<A> risk(Risk risk) {
        return new Call<>(key, name, arguments, estimate, risk, requester);
    }

    /** The same call, wanted by somebody. */
    public Call<A> requester(String requester) {
        return new Call<>(key, name, arguments, estimate, risk, Objects.requireNonNull(requester, "requester"));
    }

    @Override
    public String toString() {
        return "Call[" + name + ", " + key + ", " + estimate + ", " + risk
                + (requester == null ? "" : ", for " + requester) + "]";
    }
}
