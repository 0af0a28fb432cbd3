package io.sluice.loopcheck;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A new value of a variable.
 *
 * @param variable its name
 * @param from the variables that the value is made of
 * @param how where it comes from
 * @param literal the value, where it is written there
 */
record Change(
        String variable,
        Set<String> from,
        How how,
        @Nullable String literal) {

    /** Where a value comes from. */
    enum How {
        /** The old value and something positive. */
        UP,
        /** The old value less something. */
        DOWN,
        /** A computation with nothing but these variables. */
        COMPUTED,
        /** A command, or a call of something that may answer differently each time. */
        MADE,
        /** A computation with the time of day, or of a stopwatch. */
        TIMED,
        /** The next piece of an input that ends; what it is read from is in {@code from}. */
        READ
    }

    static Change up(String variable) {
        return new Change(variable, Set.of(variable), How.UP, null);
    }

    static Change down(String variable) {
        return new Change(variable, Set.of(variable), How.DOWN, null);
    }

    /** Something is taken from it, or put into it. */
    static Change inPlace(String variable) {
        return new Change(variable, Set.of(variable), How.MADE, null);
    }

    static Change made(String variable, Set<String> from) {
        return new Change(variable, from, How.MADE, null);
    }

    static Change computed(String variable, Set<String> from) {
        return new Change(variable, from, How.COMPUTED, null);
    }

    static Change read(String variable, Set<String> from) {
        return new Change(variable, from, How.READ, null);
    }

    static Change literal(String variable, String value) {
        return new Change(variable, Set.of(), How.MADE, value);
    }
}
