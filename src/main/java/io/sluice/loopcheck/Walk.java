package io.sluice.loopcheck;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Visits all that a part of a script does, and what the functions do that it calls. */
final class Walk {

    private static final int MOST_CALLS = 400;

    private final Map<String, Node.Function> functions;
    private final Consumer<Object> visitor;
    private final @Nullable Work work;
    private final Deque<Node.Function> inside = new ArrayDeque<>();
    private int loops;
    private final Set<String> entered = new HashSet<>();

    /**
     * @param functions those to follow; none to stay where it is
     * @param visitor is given each {@link Node}, {@link Effect} and {@link Condition.Test}
     */
    Walk(Map<String, Node.Function> functions, Consumer<Object> visitor) {
        this(functions, visitor, null);
    }

    /**
     * @param work counts what is visited
     */
    Walk(Map<String, Node.Function> functions, Consumer<Object> visitor, @Nullable Work work) {
        this.functions = functions;
        this.visitor = visitor;
        this.work = work;
    }

    void block(Block block) {
        block.nodes().forEach(this::node);
    }

    void nodes(List<Node> nodes) {
        nodes.forEach(this::node);
    }

    void node(Node node) {
        if (work != null) {
            work.spend(node.line());
        }
        visitor.accept(node);
        if (node instanceof Node.Step step) {
            effect(step.effect());
        } else if (node instanceof Node.Check check) {
            condition(check.condition());
        } else if (node instanceof Node.Choice choice) {
            condition(choice.test());
            block(choice.then());
            block(choice.otherwise());
        } else if (node instanceof Node.Cases cases) {
            condition(cases.subject());
            cases.arms().forEach(this::block);
        } else if (node instanceof Node.Attempt attempt) {
            block(attempt.body());
            attempt.handlers().forEach(handler -> block(handler.body()));
            block(attempt.otherwise());
            block(attempt.last());
        } else if (node instanceof Node.Apart apart) {
            block(apart.body());
        } else if (node instanceof Node.Group group) {
            block(group.body());
        } else if (node instanceof Node.Loop loop) {
            loops++;
            effect(loop.each());
            condition(loop.test());
            block(loop.body());
            block(loop.update());
            loops--;
            block(loop.otherwise());
        } else if (node instanceof Node.Jump jump && jump.result() != null) {
            condition(jump.result());
        }
        // A function runs where it is called, and a label is a place.
    }

    /** The functions that are gone through now, the innermost first. */
    Collection<Node.Function> inside() {
        return inside;
    }

    /** How many loops there are around what is visited now. */
    int loops() {
        return loops;
    }

    void condition(Condition condition) {
        if (condition instanceof Condition.Test test) {
            visitor.accept(test);
            effect(test.effect);
        } else if (condition instanceof Condition.Not not) {
            condition(not.one());
        } else if (condition instanceof Condition.And and) {
            condition(and.left());
            condition(and.right());
        } else if (condition instanceof Condition.Or or) {
            condition(or.left());
            condition(or.right());
        } else if (condition instanceof Condition.Run run) {
            block(run.block());
        }
    }

    private void effect(Effect effect) {
        visitor.accept(effect);
        for (String call : effect.calls()) {
            Node.Function function = functions.get(call);
            if (function != null && entered.size() < MOST_CALLS && entered.add(call)) {
                inside.push(function);
                visitor.accept(function);
                block(function.body());
                inside.pop();
            }
        }
    }
}
