package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the variables of one loop are good for: which of them go on from round to round, so that a test of them must turn
 * out otherwise one day.
 */
final class LoopVariables {

    private final Map<String, List<Change>> changes = new HashMap<>();
    /** For each variable those that its values are made of, through any number of steps. */
    private final Map<String, Set<String>> origins = new HashMap<>();

    private final Set<String> settling = new HashSet<>();
    private final Map<String, Set<String>> keysOf = new HashMap<>();
    private final Map<String, Integer> keys = new HashMap<>();
    private final Map<Condition.Test, Boolean> guards = new HashMap<>();
    private final Map<String, Set<String>> followed = new HashMap<>();
    private final List<Condition.Test> tests = new ArrayList<>();
    private final Set<String> ofGuards = new HashSet<>();
    private boolean sleeps;

    LoopVariables(Node.Loop loop, Map<String, Node.Function> functions, Work work) {
        collect(loop, functions, work);
        if (!sleeps) {
            findSettling(loop);
        }
        for (Condition.Test test : tests) {
            for (Set<String> part : test.parts()) {
                part.stream().filter(name -> goesOn(name, test)).forEach(name -> {
                    ofGuards.add(name);
                    ofGuards.addAll(movers(name));
                });
            }
        }
    }

    private void collect(Node.Loop loop, Map<String, Node.Function> functions, Work work) {
        Walk[] here = new Walk[1];
        here[0] = new Walk(
                functions,
                seen -> {
                    if (seen instanceof Effect effect) {
                        collect(effect, here[0]);
                    } else if (seen instanceof Condition.Test test) {
                        collect(test);
                    }
                },
                work);
        here[0].node(loop);
    }

    private void collect(Effect effect, Walk here) {
        sleeps |= effect.sleeps() && here.loops() == 1;
        for (Change change : effect.changes()) {
            if (here.inside().stream().allMatch(one -> one.changesForCaller(change.variable()))) {
                changes.computeIfAbsent(change.variable(), name -> new ArrayList<>())
                        .add(change);
            }
        }
    }

    private void collect(Condition.Test test) {
        tests.add(test);
        String key = test.key();
        if (key != null) {
            keys.merge(key, 1, Integer::sum);
            for (Set<String> side : List.of(test.left, test.right)) {
                side.forEach(name ->
                        keysOf.computeIfAbsent(name, one -> new HashSet<>()).add(key));
            }
        }
    }

    /** A flag that each round puts down, and only a walk over finitely many things raises again. */
    private void findSettling(Node.Loop loop) {
        Set<String> lowered = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        for (Node node : loop.body().nodes()) {
            boolean finite = node instanceof Node.Loop inner
                    && (inner.form() == Node.Form.EACH || inner.form() == Node.Form.EACH_OF_SOME);
            new Walk(Map.of(), part -> {
                        if (part instanceof Effect effect) {
                            for (Change change : effect.changes()) {
                                boolean top = node instanceof Node.Step && change.literal() != null;
                                if (top) {
                                    lowered.add(change.variable());
                                    seen.merge("top " + change.variable(), 1, Integer::sum);
                                }
                                if (top || finite) {
                                    seen.merge(change.variable(), 1, Integer::sum);
                                }
                            }
                        }
                    })
                    .node(node);
        }
        for (String name : lowered) {
            List<Change> all = changes.getOrDefault(name, List.of());
            if (all.size() > 1
                    && all.size() == seen.getOrDefault(name, 0)
                    && seen.getOrDefault("top " + name, 0) == 1) {
                settling.add(name);
            }
        }
    }

    boolean sleep() {
        return sleeps;
    }

    boolean changed(String variable) {
        return changes.containsKey(variable);
    }

    /** Whether it makes some test a guard, so that it matters on which ways it goes on. */
    boolean isOfGuard(String variable) {
        return ofGuards.contains(variable);
    }

    /** It is no result of anything that is done in the loop. */
    boolean isSetting(String variable) {
        return changes.getOrDefault(variable, List.of()).stream()
                .allMatch(change -> change.how() == Change.How.COMPUTED && !isStep(change));
    }

    /** Keys of what is known only while the variable keeps its value. */
    Set<String> keysOf(String variable) {
        return keysOf.getOrDefault(variable, Set.of());
    }

    /** Whether more than one test would have the same outcome, or a value may decide one. */
    boolean isTestedAgain(String key) {
        return keys.getOrDefault(key, 0) > 1;
    }

    boolean isTested(String variable) {
        return keysOf.containsKey(variable);
    }

    /** Whether a test, passed in round after round, must turn out otherwise one day. */
    boolean isGuard(Condition.Test test) {
        return guards.computeIfAbsent(test, this::mayEnd);
    }

    private boolean mayEnd(Condition.Test test) {
        if (test.reads) {
            return true;
        }
        if (test.clock && runsOut(test)) {
            return true;
        }
        return test.parts().stream().anyMatch(part -> part.stream().anyMatch(name -> goesOn(name, test)));
    }

    /** Whether the variable is one of those that make the test a guard. */
    boolean goesOn(String variable, Condition.Test test) {
        if (test.handed.contains(variable)) {
            return isWorkedOff(variable);
        }
        return changed(variable)
                && (moves(variable) || !followed(variable).isEmpty() || (isTimed(variable) && runsOut(test)));
    }

    private boolean moves(String variable) {
        return isCounter(variable) || isRead(variable) || settling.contains(variable);
    }

    /** The variables that must move for this one to go on: itself, or those from which it is computed. */
    Set<String> movers(String variable) {
        return moves(variable) || followed(variable).isEmpty() ? Set.of(variable) : followed(variable);
    }

    /** The variables that move and from which this one is computed and nothing else; none if it is not so. */
    private Set<String> followed(String variable) {
        Set<String> known = followed.get(variable);
        if (known != null) {
            return known;
        }
        followed.put(variable, Set.of());
        Set<String> found = new HashSet<>();
        for (Change change : changes.getOrDefault(variable, List.of())) {
            Set<String> movers = new HashSet<>();
            for (String from : change.from()) {
                if (changed(from) && !from.equals(variable)) {
                    movers.addAll(moves(from) ? Set.of(from) : followed(from));
                }
            }
            if (change.how() == Change.How.COMPUTED) {
                found.addAll(movers);
            }
        }
        followed.put(variable, found);
        return found;
    }

    /** It gets new values that are made of old ones. That others set it back is known of the ways on which they do. */
    boolean isCounter(String variable) {
        return changes.getOrDefault(variable, List.of()).stream().anyMatch(this::isStep);
    }

    /** The new value is made of the old one. */
    private boolean isStep(Change change) {
        String variable = change.variable();
        return change.from().contains(variable)
                || change.from().stream().anyMatch(from -> origins(from).contains(variable));
    }

    /** Its new values are texts or things worked off, each computed from the one before, and no numbers. */
    private boolean isWorkedOff(String variable) {
        List<Change> all = changes.getOrDefault(variable, List.of());
        return !all.isEmpty() && all.stream().allMatch(change -> isStep(change) && change.how() == Change.How.COMPUTED);
    }

    /** The change begins anew what a counter has counted. */
    boolean isSetBack(Change change) {
        String name = change.variable();
        if (settling.contains(name) || isStep(change) || change.how() == Change.How.READ || isTimed(name)) {
            return false;
        }
        return isCounter(name) || change.how() != Change.How.COMPUTED;
    }

    /** It holds what was read, so that it is no limit. */
    boolean isInput(String variable) {
        return !isCounter(variable) && movers(variable).stream().allMatch(this::isRead);
    }

    private boolean isRead(String variable) {
        return changes.getOrDefault(variable, List.of()).stream()
                .anyMatch(change -> change.how() == Change.How.READ
                        && change.from().stream().noneMatch(this::isMadeAnew));
    }

    /** Something else is read from in each round. */
    private boolean isMadeAnew(String source) {
        return changes.getOrDefault(source, List.of()).stream()
                .anyMatch(change -> !change.from().contains(source));
    }

    private boolean isTimed(String variable) {
        return !timedOrigins(variable).isEmpty();
    }

    /** The clock is compared to something that stands still, and not to another look at the clock in the same round. */
    private boolean runsOut(Condition.Test test) {
        Set<String> looks = new HashSet<>();
        for (Set<String> side : List.of(test.left, test.right)) {
            side.forEach(variable -> looks.addAll(timedOrigins(variable)));
        }
        return looks.size() + (test.clock ? 1 : 0) == 1;
    }

    /** The variables, itself included, that are set from the clock in the loop and that its value is made of. */
    private Set<String> timedOrigins(String variable) {
        Set<String> timed = new HashSet<>();
        Set<String> all = new HashSet<>(origins(variable));
        all.add(variable);
        for (String one : all) {
            if (changes.getOrDefault(one, List.of()).stream().anyMatch(change -> change.how() == Change.How.TIMED)) {
                timed.add(one);
            }
        }
        return timed;
    }

    private Set<String> origins(String variable) {
        Set<String> known = origins.get(variable);
        if (known != null) {
            return known;
        }
        Set<String> found = new HashSet<>();
        List<String> open = new ArrayList<>(List.of(variable));
        while (!open.isEmpty()) {
            for (Change change : changes.getOrDefault(open.remove(open.size() - 1), List.of())) {
                for (String from : change.from()) {
                    if (found.add(from)) {
                        open.add(from);
                    }
                }
            }
        }
        origins.put(variable, found);
        return found;
    }

    /** The outcome that the test must have one day, where that is certain: 1 for true, 0 for false; null if it is not. */
    @Nullable
    Integer finalOutcome(Condition.Test test) {
        if (test.reads) {
            return 0;
        }
        if (test.clock || (test.op != Condition.Op.LESS && test.op != Condition.Op.GREATER)) {
            return null;
        }
        int left = direction(test.left);
        int right = direction(test.right);
        if ((left == 0) == (right == 0) || Math.max(left, right) > 1) {
            return null;
        }
        boolean leftGrows = left == 1 || right == -1;
        return leftGrows == (test.op == Condition.Op.GREATER) ? 1 : 0;
    }

    /** 1 if it grows, -1 if it shrinks, 0 if it stays, 2 if there is no saying. */
    private int direction(Set<String> side) {
        int direction = 0;
        for (String variable : side) {
            for (Change change : changes.getOrDefault(variable, List.of())) {
                if (!isStep(change)) {
                    continue;
                }
                int way = switch (change.how()) {
                    case UP -> 1;
                    case DOWN -> -1;
                    default -> 2;
                };
                direction = direction == 0 || direction == way ? way : 2;
            }
        }
        return direction != 0 && side.size() > 1 ? 2 : direction;
    }
}
