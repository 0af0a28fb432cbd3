package io.sluice.loopcheck;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known at one point of one way through a loop, since the round began. Immutable; its hash is computed once. */
final class State {

    static final State START = new State(Set.of(), Map.of(), Set.of(), Map.of());

    /** Variables that went on. */
    final Set<String> moved;
    /** Tests that were tried, and a bit for each outcome that they had. */
    final Map<Condition.Test, Long> passed;
    /** Tests after which something was said. */
    final Set<Condition.Test> said;
    /** Values of variables and outcomes of tests. */
    final Map<String, String> known;

    private final int hash;

    private State(
            Set<String> moved, Map<Condition.Test, Long> passed, Set<Condition.Test> said, Map<String, String> known) {
        this.moved = moved;
        this.passed = passed;
        this.said = said;
        this.known = known;
        this.hash = Objects.hash(moved, passed, said, known);
    }

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

    State withoutPassed(Condition.Test test) {
        if (!passed.containsKey(test)) {
            return this;
        }
        Map<Condition.Test, Long> less = new HashMap<>(passed);
        less.remove(test);
        return new State(moved, less, said, known);
    }

    State withAllSaid() {
        return said.size() == passed.size() ? this : new State(moved, passed, Set.copyOf(passed.keySet()), known);
    }

    State withKnown(String what, String value) {
        if (value.equals(known.get(what))) {
            return this;
        }
        Map<String, String> more = new HashMap<>(known);
        more.put(what, value);
        return new State(moved, passed, said, more);
    }

    /** Forgets what a new value of a variable makes doubtful. */
    State without(Set<String> keys) {
        if (known.isEmpty() || keys.isEmpty()) {
            return this;
        }
        Map<String, String> less = new HashMap<>(known);
        return less.keySet().removeAll(keys) ? new State(moved, passed, said, less) : this;
    }

    /** The same at the beginning of a round: only what is known stays. */
    State fresh() {
        return new State(Set.of(), Map.of(), Set.of(), known);
    }

    State forgetful() {
        return known.isEmpty() ? this : new State(moved, passed, said, Map.of());
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof State state
                && hash == state.hash
                && moved.equals(state.moved)
                && passed.equals(state.passed)
                && said.equals(state.said)
                && known.equals(state.known);
    }
}
