package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.List;

/** Goes through a script and judges its loops and waits. */
final class ScriptJudge {

    /** The words are those of the seed. */
    private static final String UNBOUNDED =
            "unbounded loop detected without a deadline/timeout guard (" + Finding.RULE + " violation)";

    private static final String BOUND_IT = "Add an explicit deadline, iteration cap, and fallback exit path.";

    private static final String SILENT = "loop gives up without a diagnostic message (" + Finding.RULE + " violation)";
    private static final String TELL =
            "Print what was waited for and how long where the limit is reached, and end with an error there.";

    private static final String WAIT = " may wait for ever: it has no time-out (" + Finding.RULE + " violation)";

    private final String file;
    private final Script script;
    private final Aftermath aftermath;
    private final Work work = new Work();
    private final Functions functions;
    private final List<Finding> findings = new ArrayList<>();

    private ScriptJudge(String file, Script script) {
        this.file = file;
        this.script = script;
        this.aftermath = new Aftermath(script);
        this.functions = new Functions(script.functions, work);
    }

    static List<Finding> judge(String file, Script script) {
        ScriptJudge judge = new ScriptJudge(file, script);
        judge.block(script.main, List.of(), "");
        script.defined.forEach(function -> judge.block(function.body(), List.of(), function.name()));
        for (Script.JumpLoop jump : script.jumpLoops) {
            judge.loop(jump.loop(), jump.after(), "");
        }
        for (Wait wait : script.waits) {
            judge.add(wait.line(), Finding.Kind.WAIT_WITHOUT_TIMEOUT, wait.command() + WAIT, wait.remedy());
        }
        for (Script inner : script.inner) {
            judge.findings.addAll(judge(file, inner));
        }
        return judge.findings;
    }

    private void add(int line, Finding.Kind kind, String message, String remedy) {
        findings.add(new Finding(file, line, kind, message, remedy));
    }

    /** What follows a block follows the last node of it too. */
    private void block(Block block, List<Node> after, String function) {
        List<Node> nodes = block.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            List<Node> next = nodes.subList(i + 1, nodes.size());
            node(node, next.isEmpty() ? after : next.size() > 30 ? next : joined(next, after), function);
        }
    }

    private static List<Node> joined(List<Node> next, List<Node> after) {
        List<Node> all = new ArrayList<>(next);
        all.addAll(after.subList(0, Math.min(30, after.size())));
        return all;
    }

    private void node(Node node, List<Node> after, String function) {
        if (node instanceof Node.Loop loop) {
            loop(loop, after, function);
            condition(loop.test(), function);
            block(loop.body(), List.of(), function);
            block(loop.otherwise(), after, function);
        } else if (node instanceof Node.Choice choice) {
            condition(choice.test(), function);
            block(choice.then(), after, function);
            block(choice.otherwise(), after, function);
        } else if (node instanceof Node.Check check) {
            condition(check.condition(), function);
        } else if (node instanceof Node.Cases cases) {
            cases.arms().forEach(arm -> block(arm, after, function));
        } else if (node instanceof Node.Attempt attempt) {
            block(attempt.body(), joined(attempt.otherwise().nodes(), after), function);
            attempt.handlers().forEach(handler -> block(handler.body(), after, function));
            block(attempt.otherwise(), after, function);
            block(attempt.last(), after, function);
        } else if (node instanceof Node.Apart apart) {
            block(apart.body(), after, function);
        } else if (node instanceof Node.Group group) {
            block(group.body(), after, function);
        }
    }

    private void condition(Condition condition, String function) {
        if (condition instanceof Condition.Run run) {
            block(run.block(), List.of(), function);
        } else if (condition instanceof Condition.Not not) {
            condition(not.one(), function);
        } else if (condition instanceof Condition.And and) {
            condition(and.left(), function);
            condition(and.right(), function);
        } else if (condition instanceof Condition.Or or) {
            condition(or.left(), function);
            condition(or.right(), function);
        }
    }

    private void loop(Node.Loop loop, List<Node> after, String function) {
        LoopJudge judge = new LoopJudge(loop, functions, work);
        if (!judge.isBounded()) {
            add(loop.line(), Finding.Kind.UNBOUNDED_LOOP, UNBOUNDED, BOUND_IT);
        } else if (judge.givesUp()
                && !judge.saysWhenItGivesUp()
                && !aftermath.tells(loop, judge, after, function)
                && judge.labelsOfLimits().stream().noneMatch(label -> aftermath.tellsAt(label, script.main.nodes()))) {
            add(loop.line(), Finding.Kind.SILENT_LIMIT, SILENT, TELL);
        }
    }
}
