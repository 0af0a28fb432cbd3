package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The jumps that were met on the ways through a block. */
final class Flow {

    /**
     * One jump on one way.
     *
     * @param levels of how many loops it still leads out, for break and continue
     * @param result what a return answers; null if that is open
     */
    record Left(
            Node.Jump jump,
            int levels,
            State state,
            @Nullable Boolean result) {}

    private final Set<Left> all = new LinkedHashSet<>();

    void add(Node.Jump jump, int levels, Set<State> states, @Nullable Boolean result) {
        for (State state : states) {
            add(new Left(jump, levels, state, result));
        }
    }

    void add(Left left) {
        if (all.size() < 4 * Paths.MOST) {
            all.add(left);
        }
    }

    Set<Left> all() {
        return all;
    }

    /** Takes out the jumps that end here. */
    List<Left> take(Predicate<Left> ends) {
        List<Left> taken = new ArrayList<>();
        for (Iterator<Left> rest = all.iterator(); rest.hasNext(); ) {
            Left left = rest.next();
            if (ends.test(left)) {
                taken.add(left);
                rest.remove();
            }
        }
        return taken;
    }

    Set<State> takeStates(Predicate<Left> ends) {
        Set<State> states = new LinkedHashSet<>();
        take(ends).forEach(left -> states.add(left.state()));
        return states;
    }

    /** Takes out the jumps of that kind that end at a loop of that name. */
    Set<State> takeAtLoop(Node.Way way, @Nullable String name) {
        return takeStates(left -> left.jump().way() == way
                && (left.jump().target() == null
                        ? left.levels() == 1
                        : left.jump().target().equals(name)));
    }

    /** Passes on what leads further out than the loop that this was within. */
    void passTo(Flow outer) {
        for (Left left : all) {
            boolean counts = left.jump().way() == Node.Way.BREAK || left.jump().way() == Node.Way.CONTINUE;
            int levels = counts && left.jump().target() == null ? left.levels() - 1 : left.levels();
            outer.add(new Left(left.jump(), levels, left.state(), left.result()));
        }
    }
}
