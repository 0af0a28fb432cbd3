package io.sluice.governor;

import io.sluice.FailureClass;
import io.sluice.debounce.DebouncedException;
import io.sluice.failure.FailureClassifier;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * What takes the place of a governed call that failed, such as a smaller model, another provider or a stored answer. Not
 * governed itself: where it makes a call, govern that one too.
 *
 * <pre>{@code
 * Fallback.of("smaller model", failure -> governor.govern(smaller, attempt -> client.ask(attempt.arguments())))
 *         .on(FailureClass.OVERLOADED, FailureClass.RATE_LIMIT)
 * }</pre>
 *
 * <p>Without further words it is for all failures whose {@linkplain FailureClass#fallback() class} allows one, but for a
 * debounced call only where {@link #onError} names {@link DebouncedException}. A declined call has none at all. Immutable:
 * each wither returns a new one.
 */
public final class Fallback<T> {

    private final String name;
    private final Function<? super Throwable, ? extends Publisher<? extends T>> then;
    private final Set<FailureClass> classes;
    private final @Nullable Class<? extends Throwable> type;

    private Fallback(
            String name,
            Function<? super Throwable, ? extends Publisher<? extends T>> then,
            Set<FailureClass> classes,
            @Nullable Class<? extends Throwable> type) {
        this.name = name;
        this.then = then;
        this.classes = classes;
        this.type = type;
    }

    /**
     * A fallback for all failures that may have one.
     *
     * @param name what outcomes call it; not blank
     * @param then gives what takes the place of the call, given its failure; of a Mono the first element counts
     * @throws IllegalArgumentException if the name is blank
     */
    public static <T> Fallback<T> of(String name, Function<? super Throwable, ? extends Publisher<? extends T>> then) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of a fallback must not be blank");
        }
        EnumSet<FailureClass> all = EnumSet.allOf(FailureClass.class);
        all.removeIf(one -> !one.fallback());
        return new Fallback<>(name, Objects.requireNonNull(then, "then"), all, null);
    }

    /**
     * The same for these classes only.
     *
     * @throws IllegalArgumentException for a class that has no fallback
     */
    public Fallback<T> on(FailureClass first, FailureClass... more) {
        EnumSet<FailureClass> only = EnumSet.of(first, more);
        for (FailureClass one : only) {
            if (!one.fallback()) {
                throw new IllegalArgumentException("a " + one + " failure has no fallback: repair the call instead");
            }
        }
        return new Fallback<>(name, then, only, type);
    }

    /** The same for errors of this type only, and their subtypes. */
    public Fallback<T> onError(Class<? extends Throwable> type) {
        return new Fallback<>(name, then, classes, Objects.requireNonNull(type, "type"));
    }

    /** What outcomes call it. */
    public String name() {
        return name;
    }

    Publisher<? extends T> instead(Throwable failure) {
        return Objects.requireNonNull(then.apply(failure), "a fallback must not give null");
    }

    boolean isFor(Throwable failure, FailureClassifier classifier) {
        if (failure instanceof CallDeclinedException || (type != null && !type.isInstance(failure))) {
            return false;
        }
        if (failure instanceof DebouncedException && type != DebouncedException.class) {
            return false;
        }
        return classes.contains(classifier.read(failure, null).failureClass());
    }

    @Override
    public String toString() {
        return "Fallback[" + name + "]";
    }
}
