package io.sluice.loopcheck;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether what follows a loop tells that it gave up. */
final class Aftermath {

    /** So far behind a loop one looks for its message. */
    private static final int NEAR = 25;

    private final Map<String, Node.Function> functions;
    private final Map<String, Boolean> speaking = new HashMap<>();
    /** Functions whose answer some caller speaks about. */
    private final Set<String> heeded = new HashSet<>();

    Aftermath(Script script) {
        this.functions = script.functions;
        Walk walk = new Walk(Map.of(), this::heed);
        walk.block(script.main);
        script.defined.forEach(function -> walk.block(function.body()));
    }

    private void heed(Object seen) {
        if (seen instanceof Node.Choice choice && (speaks(choice.then()) || speaks(choice.otherwise()))) {
            heedCallsIn(choice.test());
        } else if (seen instanceof Node.Check check && speaks(Block.of(check))) {
            heedCallsIn(check.condition());
        } else if (seen instanceof Node.Attempt attempt
                && attempt.handlers().stream().anyMatch(handler -> speaks(handler.body()))) {
            new Walk(Map.of(), part -> {
                        if (part instanceof Effect effect) {
                            heeded.addAll(effect.calls());
                        }
                    })
                    .block(attempt.body());
        }
    }

    private void heedCallsIn(Condition condition) {
        new Walk(Map.of(), part -> {
                    if (part instanceof Effect effect) {
                        heeded.addAll(effect.calls());
                    }
                })
                .condition(condition);
    }

    /**
     * @param after the nodes that follow, those of the blocks around included
     * @param function the function that the loop is in, or an empty name
     */
    boolean tells(Node.Loop loop, LoopJudge judge, List<Node> after, String function) {
        if (speaks(loop.otherwise()) || heeded.contains(function)) {
            return true;
        }
        for (Node node : after.subList(0, Math.min(NEAR, after.size()))) {
            if (judge.goesOnAfterSuccess() ? asksAndTells(node, judge) : speaks(Block.of(node))) {
                return true;
            }
            // Where a label is, success may come along too.
            if (node instanceof Node.Loop || node instanceof Node.Jump || node instanceof Node.Label) {
                break;
            }
        }
        return false;
    }

    private boolean asksAndTells(Node node, LoopJudge judge) {
        boolean asks = node instanceof Node.Choice || node instanceof Node.Check || node instanceof Node.Cases;
        return asks && speaks(Block.of(node)) && (leaves(node) || asksAboutTheLoop(node, judge));
    }

    private static boolean asksAboutTheLoop(Node node, LoopJudge judge) {
        boolean[] asks = {false};
        new Walk(Map.of(), seen -> {
                    if (seen instanceof Condition.Test test) {
                        asks[0] |= test.left.stream().anyMatch(judge::changes)
                                || test.right.stream().anyMatch(judge::changes);
                    } else if (seen instanceof Effect effect) {
                        // A command that is tried once more.
                        asks[0] |= !effect.says() && effect.changes().isEmpty();
                    }
                })
                .node(node);
        return asks[0];
    }

    private boolean speaks(Block block) {
        boolean[] says = {false};
        new Walk(
                        Map.of(),
                        seen -> says[0] |= (seen instanceof Effect effect && speaks(effect))
                                || (seen instanceof Node.Jump jump && jump.says()))
                .block(block);
        return says[0];
    }

    private boolean speaks(Effect effect) {
        return effect.says() || effect.calls().stream().anyMatch(this::speaks);
    }

    private boolean speaks(String name) {
        Node.Function function = functions.get(name);
        if (function == null) {
            return false;
        }
        Boolean known = speaking.get(name);
        if (known == null) {
            // While it is looked at, a call of itself says nothing new.
            speaking.put(name, false);
            known = speaks(function.body());
            speaking.put(name, known);
        }
        return known;
    }

    private static boolean leaves(Node node) {
        boolean[] leaves = {false};
        new Walk(Map.of(), seen -> leaves[0] |= seen instanceof Node.Jump).node(node);
        return leaves[0];
    }

    /** Whether something is said where a label leads to, before the next label. */
    boolean tellsAt(String label, List<Node> nodes) {
        boolean there = false;
        for (Node node : nodes) {
            if (node instanceof Node.Label one) {
                there = one.name().equals(label) || (there && !one.name().equals(label));
            } else if (there && speaks(Block.of(node))) {
                return true;
            } else if (there && node instanceof Node.Jump) {
                return false;
            }
        }
        return false;
    }
}
