package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What happens in one step.
 *
 * @param traits what it does to the outside
 * @param changes which variables get new values, in order
 * @param calls functions that it calls, of this script or not
 */
record Effect(Set<Trait> traits, List<Change> changes, Set<String> calls) {

    static final Effect NONE = new Effect(Set.of(), List.of(), Set.of());

    static Effect of(Trait trait) {
        return new Effect(Set.of(trait), List.of(), Set.of());
    }

    static Effect of(Change... changes) {
        return new Effect(Set.of(), List.of(changes), Set.of());
    }

    boolean isNothing() {
        return traits.isEmpty() && changes.isEmpty() && calls.isEmpty();
    }

    /** Beyond that many changes, what one step does is not told in full. */
    private static final int MOST = 500;

    /** Both, this one first. */
    Effect and(Effect next) {
        if (isNothing()) {
            return next;
        }
        if (next.isNothing() || changes.size() > MOST) {
            return this;
        }
        Set<Trait> allTraits = EnumSet.noneOf(Trait.class);
        allTraits.addAll(traits);
        allTraits.addAll(next.traits);
        List<Change> allChanges = new ArrayList<>(changes);
        allChanges.addAll(next.changes);
        Set<String> allCalls = new LinkedHashSet<>(calls);
        allCalls.addAll(next.calls);
        return new Effect(allTraits, allChanges, allCalls);
    }

    boolean says() {
        return traits.contains(Trait.SAYS);
    }

    boolean sleeps() {
        return traits.contains(Trait.SLEEPS);
    }
}
