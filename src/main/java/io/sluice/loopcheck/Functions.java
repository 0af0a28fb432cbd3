package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions of a script, and what each does with all that it calls: found out once. */
final class Functions {

    /**
     * What a function does.
     *
     * @param changes variables that get new values
     * @param tests what is asked
     * @param says it tells something
     * @param ends it never comes back
     */
    private record Deeds(Set<String> changes, List<Condition.Test> tests, boolean says, boolean ends) {}

    private final Map<String, Node.Function> functions;
    private final Work work;
    private final Map<String, Deeds> deeds = new HashMap<>();

    Functions(Map<String, Node.Function> functions, Work work) {
        this.functions = functions;
        this.work = work;
    }

    Map<String, Node.Function> all() {
        return functions;
    }

    Node.@Nullable Function get(String name) {
        return functions.get(name);
    }

    /** Whether going through a function may decide about a loop. */
    boolean matter(String name, LoopVariables variables) {
        Deeds all = deeds(name);
        return all.ends()
                || all.changes().stream().anyMatch(one -> variables.isOfGuard(one) || variables.isTested(one))
                || all.tests().stream().anyMatch(variables::isGuard);
    }

    boolean say(String name) {
        return deeds(name).says();
    }

    private Deeds deeds(String name) {
        Deeds known = deeds.get(name);
        if (known == null) {
            known = find(name);
            deeds.put(name, known);
        }
        return known;
    }

    private Deeds find(String name) {
        Set<String> changes = new HashSet<>();
        List<Condition.Test> tests = new ArrayList<>();
        boolean[] says = {false};
        boolean[] returns = {false};
        Node.Function function = functions.get(name);
        if (function == null) {
            return new Deeds(changes, tests, false, false);
        }
        Walk walk = new Walk(
                functions,
                seen -> {
                    if (seen instanceof Effect effect) {
                        effect.changes().forEach(change -> changes.add(change.variable()));
                        says[0] |= effect.says();
                    } else if (seen instanceof Condition.Test test) {
                        tests.add(test);
                    } else if (seen instanceof Node.Jump jump) {
                        says[0] |= jump.says();
                    }
                },
                work);
        walk.block(function.body());
        new Walk(Map.of(), seen -> returns[0] |= seen instanceof Node.Jump jump && jump.way() == Node.Way.RETURN)
                .block(function.body());
        return new Deeds(changes, tests, says[0], !returns[0] && endsIn(function.body()));
    }

    private boolean endsIn(Block block) {
        if (block.nodes().isEmpty()) {
            return false;
        }
        Node last = block.nodes().get(block.nodes().size() - 1);
        if (last instanceof Node.Group group) {
            return endsIn(group.body());
        } else if (last instanceof Node.Choice choice) {
            return endsIn(choice.then()) && endsIn(choice.otherwise());
        } else if (last instanceof Node.Step step) {
            return step.effect().calls().stream().anyMatch(Names::ends);
        }
        return last instanceof Node.Jump jump && (jump.way() == Node.Way.EXIT || jump.way() == Node.Way.THROW);
    }
}
