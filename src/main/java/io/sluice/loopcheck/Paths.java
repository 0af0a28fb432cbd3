package io.sluice.loopcheck;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows all ways through one round of a loop, functions of the script included, and keeps of each only what decides
 * whether it can be gone for ever. What a loop within the loop does is taken as done once, or not at all where it may have
 * no rounds.
 */
final class Paths {

    /** Beyond that many ways at one point they are told apart less exactly. */
    static final int MOST = 100;

    /** Before the name of a variable that was set back. */
    static final String SET_BACK = "!";

    private static final int MOST_STEPS = 20_000;
    private static final int MOST_DEEP = 5;

    private final Functions functions;
    private final LoopVariables variables;
    private final Work work;
    private final Deque<Node.Function> within = new ArrayDeque<>();
    /** States in which something may fail, where a handler is around. */
    private @Nullable Set<State> failing;

    private int steps;

    Paths(Functions functions, LoopVariables variables, Work work) {
        this.functions = functions;
        this.work = work;
        this.variables = variables;
    }

    /** Where a condition leads. */
    record Fork(Set<State> yes, Set<State> no) {

        static Fork both(Set<State> states) {
            return new Fork(states, states);
        }

        Set<State> all() {
            return union(yes, no);
        }
    }

    static Set<State> union(Set<State> one, Set<State> other) {
        if (one.isEmpty() || one.equals(other)) {
            return other;
        }
        if (other.isEmpty()) {
            return one;
        }
        Set<State> all = new LinkedHashSet<>(one);
        all.addAll(other);
        return bounded(all);
    }

    private static Set<State> bounded(Set<State> states) {
        if (states.size() <= MOST) {
            return states;
        }
        Set<State> fewer = new LinkedHashSet<>();
        for (State state : states) {
            fewer.add(state.forgetful());
            if (fewer.size() == MOST) {
                break;
            }
        }
        return fewer;
    }

    /** The ways that come out at the end of a block; jumps out of it are added to the flow. */
    Set<State> run(Block block, Set<State> in, Flow flow) {
        Set<State> states = in;
        for (Node node : block.nodes()) {
            if (node instanceof Node.Label label) {
                states = union(states, flow.takeStates(left -> leadsTo(left, label.name())));
            } else if (!states.isEmpty()) {
                states = run(node, states, flow);
            }
        }
        return states;
    }

    private static boolean leadsTo(Flow.Left left, String label) {
        return left.jump().way() == Node.Way.GOTO && label.equals(left.jump().target());
    }

    private Set<State> run(Node node, Set<State> in, Flow flow) {
        steps += in.size();
        work.spend(node.line());
        if (node instanceof Node.Step step) {
            return calls(step.effect(), in, flow).all();
        } else if (node instanceof Node.Check check) {
            return fork(check.condition(), in, flow).all();
        } else if (node instanceof Node.Choice choice) {
            Fork fork = fork(choice.test(), in, flow);
            return union(run(choice.then(), fork.yes(), flow), run(choice.otherwise(), fork.no(), flow));
        } else if (node instanceof Node.Cases cases) {
            return cases(cases, in, flow);
        } else if (node instanceof Node.Attempt attempt) {
            return attempt(attempt, in, flow);
        } else if (node instanceof Node.Apart apart) {
            return apart(apart, in);
        } else if (node instanceof Node.Group group) {
            return run(group.body(), in, flow);
        } else if (node instanceof Node.Loop loop) {
            return inner(loop, in, flow);
        } else if (node instanceof Node.Jump jump) {
            jump(jump, in, flow);
            return Set.of();
        }
        return in;
    }

    private void jump(Node.Jump jump, Set<State> in, Flow flow) {
        Set<State> states = jump.says() ? said(in) : in;
        if (jump.result() == null) {
            flow.add(jump, jump.levels(), states, null);
        } else {
            Fork fork = fork(jump.result(), states, flow);
            flow.add(jump, jump.levels(), fork.yes(), true);
            flow.add(jump, jump.levels(), fork.no(), false);
        }
    }

    private Set<State> cases(Node.Cases cases, Set<State> in, Flow flow) {
        Flow arms = cases.catchesBreak() ? new Flow() : flow;
        Set<State> states = apply(cases.subject().effect, in);
        Set<State> after = Set.of();
        int outcome = 0;
        long breaks = arms.all().stream()
                .filter(left -> left.jump().way() == Node.Way.BREAK)
                .count();
        for (Block arm : cases.arms()) {
            after = union(after, run(arm, passed(cases.subject(), outcome, states), arms));
            outcome++;
        }
        boolean leaves = arms.all().stream()
                        .filter(left -> left.jump().way() == Node.Way.BREAK)
                        .count()
                > breaks;
        if (!cases.complete() && !(leaves && allMove(cases.subject(), after))) {
            after = union(after, passed(cases.subject(), outcome, states));
        }
        if (cases.catchesBreak()) {
            after = union(after, arms.takeAtLoop(Node.Way.BREAK, null));
            after = union(after, arms.takeAtLoop(Node.Way.CONTINUE, null));
            arms.all().forEach(flow::add);
        }
        return after;
    }

    /** Each arm goes on to the next value, so that there is one for each value that may come. */
    private boolean allMove(Condition.Test subject, Set<State> after) {
        return !after.isEmpty()
                && after.stream().allMatch(state -> state.moved.stream().anyMatch(subject::uses));
    }

    private Set<State> attempt(Node.Attempt attempt, Set<State> in, Flow flow) {
        Flow body = new Flow();
        Set<State> outer = failing;
        Set<State> failed = new LinkedHashSet<>();
        failing = failed;
        Set<State> states = run(attempt.body(), in, body);
        failing = outer;
        if (outer != null
                && attempt.handlers().stream()
                        .noneMatch(handler -> handler.names().isEmpty())) {
            outer.addAll(failed);
        }
        failed = bounded(failed);
        Set<State> after = run(attempt.otherwise(), states, flow);
        List<Flow.Left> thrown = body.take(left -> left.jump().way() == Node.Way.THROW
                && attempt.handlers().stream()
                        .anyMatch(handler -> Failure.isCaughtBy(left.jump().target(), handler.names())));
        for (Node.Handler handler : attempt.handlers()) {
            Set<State> caught = failed;
            for (Flow.Left left : thrown) {
                if (Failure.isCaughtBy(left.jump().target(), handler.names())) {
                    caught = union(caught, Set.of(left.state()));
                }
            }
            after = union(after, run(handler.body(), caught, flow));
        }
        body.all().forEach(flow::add);
        return run(attempt.last(), after, flow);
    }

    /** What another process does is not seen here, only heard. */
    private Set<State> apart(Node.Apart apart, Set<State> in) {
        boolean[] says = {false};
        new Walk(functions.all(), seen -> says[0] |= seen instanceof Effect effect && effect.says())
                .block(apart.body());
        return says[0] ? said(in) : in;
    }

    private Set<State> inner(Node.Loop loop, Set<State> in, Flow flow) {
        Flow rounds = new Flow();
        boolean each = loop.form() == Node.Form.EACH || loop.form() == Node.Form.EACH_OF_SOME;
        boolean first = loop.form() == Node.Form.WHILE || loop.form() == Node.Form.WITHIN_DEADLINE;
        Fork before = first ? quietly(loop.test(), in, rounds) : Fork.both(in);
        Set<State> end = run(loop.body(), begun(loop.each(), before.yes()), rounds);
        end = union(end, rounds.takeAtLoop(Node.Way.CONTINUE, loop.name()));
        end = run(loop.update(), end, rounds);
        Set<State> out = switch (loop.form()) {
            case EACH -> union(in, end);
            case EACH_OF_SOME -> end;
            case WITHIN_DEADLINE -> union(before.no(), end);
            default ->
                union(
                        first ? before.no() : Set.of(),
                        quietly(loop.test(), end, rounds).no());
        };
        Set<State> broken = rounds.takeAtLoop(Node.Way.BREAK, loop.name());
        rounds.passTo(flow);
        boolean endless = !each && loop.test().equals(new Condition.Constant(true));
        Set<State> ended = endless && loop.form() != Node.Form.WITHIN_DEADLINE ? Set.of() : out;
        return union(run(loop.otherwise(), ended, flow), broken);
    }

    /** The variables of a loop within begin anew each time. */
    private Set<State> begun(Effect each, Set<State> in) {
        Set<State> states = new LinkedHashSet<>();
        for (State state : in) {
            State now = state;
            for (Change change : each.changes()) {
                now = variables.isOfGuard(change.variable()) ? now.withMoved(SET_BACK + change.variable()) : now;
            }
            states.add(now);
        }
        return apply(each, states);
    }

    /** That a loop within ended is no news for the loop around. */
    private Fork quietly(Condition condition, Set<State> in, Flow flow) {
        Fork fork = fork(condition, in, flow);
        if (!(condition instanceof Condition.Test test)) {
            return fork;
        }
        return new Fork(withoutPassed(test, fork.yes()), withoutPassed(test, fork.no()));
    }

    private static Set<State> withoutPassed(Condition.Test test, Set<State> states) {
        Set<State> without = new LinkedHashSet<>();
        for (State state : states) {
            without.add(state.withoutPassed(test));
        }
        return without;
    }

    /** The ways on which a condition is true, and those on which it is not. */
    Fork fork(Condition condition, Set<State> in, Flow flow) {
        if (in.isEmpty()) {
            return Fork.both(in);
        } else if (condition instanceof Condition.Constant constant) {
            return constant.value() ? new Fork(in, Set.of()) : new Fork(Set.of(), in);
        } else if (condition instanceof Condition.Not not) {
            Fork fork = fork(not.one(), in, flow);
            return new Fork(fork.no(), fork.yes());
        } else if (condition instanceof Condition.And and) {
            Fork left = fork(and.left(), in, flow);
            Fork right = fork(and.right(), left.yes(), flow);
            return new Fork(right.yes(), union(left.no(), right.no()));
        } else if (condition instanceof Condition.Or or) {
            Fork left = fork(or.left(), in, flow);
            Fork right = fork(or.right(), left.no(), flow);
            return new Fork(union(left.yes(), right.yes()), right.no());
        } else if (condition instanceof Condition.Run run) {
            return outcome(run.block(), in, flow);
        }
        return test((Condition.Test) condition, in, flow);
    }

    private Fork test(Condition.Test test, Set<State> in, Flow flow) {
        if (test.op == Condition.Op.OTHER && !test.effect.calls().isEmpty()) {
            Fork called = calls(test.effect, in, flow);
            return new Fork(passed(test, 1, called.yes()), passed(test, 0, called.no()));
        }
        Set<State> states = calls(test.effect, in, flow).all();
        Boolean wanted = test.wantsLimit();
        if (wanted != null && variables.isSetting(test.left.iterator().next())) {
            return wanted ? new Fork(states, Set.of()) : new Fork(Set.of(), states);
        }
        String key = test.key();
        String only = key == null ? null : test.left.iterator().next();
        Set<State> yes = new LinkedHashSet<>();
        Set<State> no = new LinkedHashSet<>();
        for (State state : states) {
            Boolean outcome = only == null ? null : test.outcome(state.known.get("=" + only));
            String before = key == null ? null : state.known.get(key);
            if (outcome == null && before != null) {
                outcome = before.equals("1");
            }
            if (outcome == null || outcome) {
                yes.add(remembered(state, key, "1"));
            }
            if (outcome == null || !outcome) {
                no.add(remembered(state, key, "0"));
            }
        }
        return new Fork(passed(test, 1, bounded(yes)), passed(test, 0, bounded(no)));
    }

    private State remembered(State state, @Nullable String key, String outcome) {
        return key != null && variables.isTestedAgain(key) ? state.withKnown(key, outcome) : state;
    }

    private Set<State> passed(Condition.Test test, int outcome, Set<State> states) {
        if (!variables.isGuard(test)) {
            return states;
        }
        Set<State> after = new LinkedHashSet<>();
        states.forEach(state -> after.add(state.withPassed(test, 1L << Math.min(outcome, 62))));
        return after;
    }

    /** Whether commands succeed: what the last of them answers. */
    private Fork outcome(Block block, Set<State> in, Flow flow) {
        if (block.nodes().isEmpty()) {
            return Fork.both(in);
        }
        int last = block.nodes().size() - 1;
        Set<State> states = run(new Block(block.nodes().subList(0, last)), in, flow);
        return outcome(block.nodes().get(last), states, flow);
    }

    private Fork outcome(Node node, Set<State> in, Flow flow) {
        if (in.isEmpty()) {
            return Fork.both(in);
        } else if (node instanceof Node.Check check) {
            return fork(check.condition(), in, flow);
        } else if (node instanceof Node.Step step) {
            return calls(step.effect(), in, flow);
        } else if (node instanceof Node.Group group) {
            return outcome(group.body(), in, flow);
        } else if (node instanceof Node.Choice choice) {
            Fork fork = fork(choice.test(), in, flow);
            Fork then = outcome(choice.then(), fork.yes(), flow);
            Fork otherwise = outcome(choice.otherwise(), fork.no(), flow);
            return new Fork(union(then.yes(), otherwise.yes()), union(then.no(), otherwise.no()));
        }
        return Fork.both(run(node, in, flow));
    }

    /** Goes through the functions that are called, then makes the changes; the last function's answer is the answer. */
    private Fork calls(Effect effect, Set<State> in, Flow flow) {
        Set<State> states = in;
        Fork answer = null;
        for (String name : effect.calls()) {
            Node.Function function = functions.get(name);
            boolean enter = function != null
                    && functions.matter(name, variables)
                    && steps < MOST_STEPS
                    && within.size() < MOST_DEEP
                    && !within.contains(function);
            if (enter && function != null) {
                answer = call(function, states, flow);
                states = answer.all();
            } else if (function != null && functions.say(name)) {
                states = said(states);
            }
        }
        if (answer == null) {
            return Fork.both(apply(effect, states));
        }
        return new Fork(apply(effect, answer.yes()), apply(effect, answer.no()));
    }

    private Fork call(Node.Function function, Set<State> in, Flow flow) {
        Flow body = new Flow();
        within.push(function);
        Fork end = outcome(function.body(), in, body);
        within.pop();
        Set<State> yes = end.yes();
        Set<State> no = end.no();
        for (Flow.Left left : body.take(one -> one.jump().way() == Node.Way.RETURN)) {
            Boolean result = left.result();
            if (result == null || result) {
                yes = union(yes, Set.of(left.state()));
            }
            if (result == null || !result) {
                no = union(no, Set.of(left.state()));
            }
        }
        body.all().forEach(flow::add);
        return new Fork(yes, no);
    }

    private static Set<State> said(Set<State> in) {
        Set<State> states = new LinkedHashSet<>();
        in.forEach(state -> states.add(state.withAllSaid()));
        return states;
    }

    /** What a step does to what is known. */
    Set<State> apply(Effect effect, Set<State> in) {
        if (effect.traits().contains(Trait.YIELDS)) {
            return Set.of();
        }
        if (failing != null && effect.traits().contains(Trait.MAY_FAIL) && failing.size() < MOST) {
            failing.addAll(in);
        }
        if (!effect.says() && effect.changes().isEmpty()) {
            return in;
        }
        Set<State> states = new LinkedHashSet<>();
        for (State state : in) {
            State now = effect.says() ? state.withAllSaid() : state;
            for (Change change : effect.changes()) {
                now = apply(change, now);
            }
            states.add(now);
        }
        return states;
    }

    private State apply(Change change, State state) {
        String name = change.variable();
        Node.@Nullable Function function = within.peek();
        if (function != null && !function.changesForCaller(name)) {
            return state;
        }
        State moved = state;
        if (variables.isOfGuard(name)) {
            moved = state.withMoved(variables.isSetBack(change) ? SET_BACK + name : name);
        }
        State now = moved.without(variables.keysOf(name));
        if (!variables.isTested(name)) {
            return now;
        }
        String literal = change.literal();
        return literal == null ? now.without(Set.of("=" + name)) : now.withKnown("=" + name, literal);
    }
}
