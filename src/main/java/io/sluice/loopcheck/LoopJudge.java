package io.sluice.loopcheck;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides about one loop. It is bounded if no way through a round can be gone for ever, and it cannot if on it a guard was
 * passed and moved: a counter, a time, a read, whose test must turn out otherwise one day and then leads out.
 */
final class LoopJudge {

    private final Node.Loop loop;
    private final LoopVariables variables;
    private final Paths paths;
    private final Set<State> repeating;
    private final Set<Flow.Left> left = new LinkedHashSet<>();
    /** States that left because the condition of the loop had it so. */
    private final Set<State> ended;

    LoopJudge(Node.Loop loop, Functions functions, Work work) {
        this.loop = loop;
        this.variables = new LoopVariables(loop, functions.all(), work);
        this.paths = new Paths(functions, variables, work);
        Flow flow = new Flow();
        if (loop.form() == Node.Form.JUMPS) {
            this.ended = paths.run(loop.body(), Set.of(State.START), flow);
            this.repeating = flow.takeStates(one -> one.jump().way() == Node.Way.GOTO
                    && String.valueOf(loop.name()).equals(one.jump().target()));
            flow.take(one -> one.jump().way() == Node.Way.GOTO
                    && isWithin(String.valueOf(one.jump().target())));
        } else {
            Set<State> begin = loop.form() == Node.Form.WHILE
                    ? fresh(paths.fork(loop.test(), Set.of(State.START), flow).yes())
                    : Set.of(State.START);
            Set<State> end = paths.run(loop.body(), paths.apply(loop.each(), begin), flow);
            end = Paths.union(end, flow.takeAtLoop(Node.Way.CONTINUE, loop.name()));
            end = paths.run(loop.update(), end, flow);
            Paths.Fork again = paths.fork(loop.test(), end, flow);
            this.repeating = again.yes();
            this.ended = again.no();
        }
        left.addAll(flow.all());
    }

    private static Set<State> fresh(Set<State> states) {
        Set<State> fresh = new LinkedHashSet<>();
        states.forEach(state -> fresh.add(state.fresh()));
        return fresh;
    }

    private boolean isWithin(String label) {
        return loop.body().nodes().stream()
                .anyMatch(node -> node instanceof Node.Label one && one.name().equals(label));
    }

    boolean isForEach() {
        return loop.form() == Node.Form.EACH || loop.form() == Node.Form.EACH_OF_SOME;
    }

    /** Whether something of its own ends it. */
    boolean isBounded() {
        return isForEach()
                || loop.form() == Node.Form.WITHIN_DEADLINE
                || repeating.stream().allMatch(this::cannotGoOnForEver);
    }

    private boolean cannotGoOnForEver(State way) {
        return way.passed.entrySet().stream().anyMatch(one -> holds(one.getKey(), one.getValue(), way));
    }

    /** The test was passed with an outcome that it cannot have for ever. */
    private boolean holds(Condition.Test test, long outcomes, State way) {
        Integer last = variables.finalOutcome(test);
        boolean temporary = last != null ? outcomes == (last == 1 ? 1 : 2) : someOutcomeLeadsOut(test);
        return temporary && hasMoved(test, way);
    }

    private boolean hasMoved(Condition.Test test, State way) {
        return test.reads
                || (test.clock && variables.isGuard(test))
                || test.parts().stream().anyMatch(part -> hasMoved(part, test, way));
    }

    private boolean hasMoved(Set<String> side, Condition.Test test, State way) {
        return side.stream()
                .anyMatch(name -> variables.goesOn(name, test)
                        && !isSetBack(name)
                        && variables.movers(name).stream()
                                .anyMatch(mover -> way.moved.contains(mover) && !isSetBack(mover)));
    }

    /** On some way that is gone again and again it begins anew. */
    private boolean isSetBack(String name) {
        return repeating.stream().anyMatch(way -> way.moved.contains(Paths.SET_BACK + name));
    }

    private boolean someOutcomeLeadsOut(Condition.Test test) {
        long repeated = outcomesThatRepeat(test);
        return left.stream().anyMatch(one -> (one.state().passed.getOrDefault(test, 0L) & ~repeated) != 0)
                || ended.stream().anyMatch(state -> (state.passed.getOrDefault(test, 0L) & ~repeated) != 0);
    }

    private long outcomesThatRepeat(Condition.Test test) {
        long outcomes = 0;
        for (State way : repeating) {
            outcomes |= way.passed.getOrDefault(test, 0L);
        }
        return outcomes;
    }

    /** Whether it waits for something and gives up after a time or some rounds, so that there is something to tell. */
    boolean givesUp() {
        boolean limited = isForEach() || isTripped(null);
        return limited && variables.sleep() && (succeedsByJump(true) || succeedsByJump(false) || succeedsByCondition());
    }

    /** Whether success, too, just leads behind the loop. */
    boolean goesOnAfterSuccess() {
        return succeedsByJump(false) || succeedsByCondition();
    }

    private boolean succeedsByJump(boolean outOfScope) {
        return left.stream()
                .filter(one -> trippedBy(one.state()) == null && one.jump().way() != Node.Way.THROW)
                .anyMatch(one -> outOfScope
                        != (one.jump().way() == Node.Way.BREAK || one.jump().way() == Node.Way.CONTINUE));
    }

    private boolean succeedsByCondition() {
        return !isForEach() && ended.stream().anyMatch(state -> trippedBy(state) == null);
    }

    /** Whether giving up is told where it is decided. */
    boolean saysWhenItGivesUp() {
        return isTripped(true);
    }

    private boolean isTripped(@Nullable Boolean said) {
        for (Flow.Left one : left) {
            Condition.Test guard = trippedBy(one.state());
            if (guard != null
                    && (said == null
                            || one.state().said.contains(guard)
                            || one.jump().says())) {
                return true;
            }
        }
        return ended.stream().anyMatch(state -> {
            Condition.Test guard = trippedBy(state);
            return guard != null && (said == null || state.said.contains(guard));
        });
    }

    /** The limit that led out on this way. */
    private Condition.@Nullable Test trippedBy(State state) {
        for (Map.Entry<Condition.Test, Long> one : state.passed.entrySet()) {
            Condition.Test test = one.getKey();
            if (!test.reads && isLimit(test) && (one.getValue() & ~outcomesThatRepeat(test)) != 0) {
                return test;
            }
        }
        return null;
    }

    private boolean isLimit(Condition.Test test) {
        return test.clock || test.parts().stream().anyMatch(part -> hasLimit(part, test));
    }

    private boolean hasLimit(Set<String> side, Condition.Test test) {
        return side.stream().anyMatch(name -> variables.goesOn(name, test) && !variables.isInput(name));
    }

    /** Labels outside of it to which a limit leads. */
    Set<String> labelsOfLimits() {
        Set<String> labels = new LinkedHashSet<>();
        for (Flow.Left one : left) {
            String target = one.jump().target();
            if (one.jump().way() == Node.Way.GOTO && target != null && trippedBy(one.state()) != null) {
                labels.add(target);
            }
        }
        return labels;
    }

    boolean changes(String variable) {
        return variables.changed(variable);
    }
}
