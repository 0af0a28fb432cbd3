package io.sluice.loopcheck;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is known at one point of one way through a loop, since the round began.
 *
 * @param moved variables that went on
 * @param passed tests that were tried, and a bit for each outcome that they had
 * @param said tests after which something was said
 * @param known values of variables and outcomes of tests
 */
record State(
        Set<String> moved, Map<Condition.Test, Long> passed, Set<Condition.Test> said, Map<String, String> known) {

    static final State START = new State(Set.of(), Map.of(), Set.of(), Map.of());

    State withMoved(String variable) {
        if (moved.contains(variable)) {
            return this;
        }
        Set<String> more = new HashSet<>(moved);
        more.add(variable);
        return new State(more, passed, said, known);
    }

    State withPassed(Condition.Test test, long outcome) {
        long before = passed.getOrDefault(test, 0L);
        if ((before | outcome) == before) {
            return this;
        }
        Map<Condition.Test, Long> more = new HashMap<>(passed);
        more.put(test, before | outcome);
        return new State(moved, more, said, known);
    }

    State withAllSaid() {
        return said.size() == passed.size() ? this : new State(moved, passed, Set.copyOf(passed.keySet()), known);
    }

    State withKnown(String what, String value) {
        Map<String, String> more = new HashMap<>(known);
        more.put(what, value);
        return new State(moved, passed, said, more);
    }

    /** Forgets what a new value of a variable makes doubtful. */
    State without(Set<String> keys) {
        Map<String, String> less = new HashMap<>(known);
        return less.keySet().removeAll(keys) ? new State(moved, passed, said, less) : this;
    }

    /** The same at the beginning of a round: only what is known stays. */
    State fresh() {
        return new State(Set.of(), Map.of(), Set.of(), known);
    }

    State forgetful() {
        return new State(moved, passed, said, Map.of());
    }
}
