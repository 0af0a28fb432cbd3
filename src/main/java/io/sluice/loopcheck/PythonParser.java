package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads Python scripts. */
final class PythonParser {

    private static final int MOST_DEEP = 120;

    private static final Set<String> DEADLINES = Set.of(
            "asyncio.timeout",
            "asyncio.timeout_at",
            "async_timeout.timeout",
            "anyio.fail_after",
            "anyio.move_on_after",
            "trio.fail_after",
            "trio.move_on_after");

    private static final Set<String> AUGMENTED =
            Set.of("+=", "-=", "*=", "/=", "//=", "%=", "**=", "|=", "&=", "^=", ">>=", "<<=", "@=");

    private static final Set<String> PARTS = Set.of("else", "elif", "except", "finally", "case");
    private final Script script = new Script();
    private final List<PythonLine> lines;
    private final PythonExpressions expressions;
    private final PythonWaits waits = new PythonWaits();
    private final Set<String> clocks;
    private Set<String> shared = new HashSet<>();
    private int at;
    private int depth;
    private int deadlines;

    private PythonParser(List<PythonLine> lines, Set<String> clocks) {
        this.lines = lines;
        this.clocks = clocks;
        this.expressions = new PythonExpressions(clocks, queues(lines));
    }

    /**
     * @throws UnreadableScriptException if it is not Python, or nested beyond measure
     */
    static Script parse(String text, int line) {
        List<Comment> comments = new ArrayList<>();
        List<PythonLine> lines = PythonLexer.lines(text, line, comments);
        Set<String> clocks = new HashSet<>();
        PythonParser parser = new PythonParser(lines, clocks);
        parser.all();
        if (!clocks.isEmpty()) {
            // Some function tells the time, and may have been called before it was seen.
            parser = new PythonParser(lines, clocks);
            parser.all();
        }
        parser.script.comments.addAll(comments);
        parser.waits.addTo(parser.script.waits);
        return parser.script;
    }

    private void all() {
        List<Node> nodes = new ArrayList<>();
        while (at < lines.size()) {
            nodes.addAll(block(lines.get(at).indent()).nodes());
        }
        script.main = new Block(nodes);
    }

    /** Variables that hold queues. */
    private static Set<String> queues(List<PythonLine> lines) {
        Set<String> queues = new HashSet<>();
        for (PythonLine line : lines) {
            int equals = topLevel(line.tokens(), "=");
            if (equals > 0) {
                for (PythonCall call : PythonCall.all(
                        line.tokens().subList(equals + 1, line.tokens().size()))) {
                    if (call.method().endsWith("Queue") && call.at() == 0) {
                        queues.add(target(line.tokens().subList(0, equals)));
                    }
                }
            }
        }
        return queues;
    }

    private Block block(int indent) {
        List<Node> nodes = new ArrayList<>();
        while (at < lines.size() && lines.get(at).indent() >= indent) {
            statement(nodes, lines.get(at));
        }
        return new Block(nodes);
    }

    /** What belongs to a line that ends with a colon: what is behind it, or the lines that are further in. */
    private Block body(PythonLine header, int colon) {
        if (++depth > MOST_DEEP) {
            throw new UnreadableScriptException(header.line(), "nested more than " + MOST_DEEP + " deep");
        }
        List<Node> nodes = new ArrayList<>();
        if (colon >= 0 && colon + 1 < header.tokens().size()) {
            simple(nodes, header.tokens().subList(colon + 1, header.tokens().size()));
        } else if (at < lines.size() && lines.get(at).indent() > header.indent()) {
            nodes.addAll(block(lines.get(at).indent()).nodes());
        }
        depth--;
        return new Block(nodes);
    }

    private static int topLevel(List<PythonToken> tokens, String wanted) {
        return topLevel(tokens, Set.of(wanted));
    }

    /** Where one of the signs or words stands outside of brackets; -1 if it does not. */
    private static int topLevel(List<PythonToken> tokens, Set<String> wanted) {
        int depth = 0;
        boolean lambda = false;
        for (int i = 0; i < tokens.size(); i++) {
            PythonToken token = tokens.get(i);
            if (token.kind() == PythonToken.Kind.SIGN) {
                depth += "([{".contains(token.text()) ? 1 : ")]}".contains(token.text()) ? -1 : 0;
            }
            lambda |= token.is("lambda") && depth == 0;
            boolean found = depth == 0 && token.kind() != PythonToken.Kind.STRING && wanted.contains(token.text());
            if (found && !(lambda && token.is(":"))) {
                return i;
            }
            // The colon of a lambda is not the one that is looked for.
            lambda &= !(found && token.is(":"));
        }
        return -1;
    }

    private boolean nextIs(PythonLine header, String keyword) {
        return at < lines.size()
                && lines.get(at).indent() == header.indent()
                && lines.get(at).starts(keyword);
    }

    private void statement(List<Node> nodes, PythonLine line) {
        List<PythonToken> tokens = line.tokens();
        String keyword =
                tokens.get(0).kind() == PythonToken.Kind.NAME ? tokens.get(0).text() : "";
        if (keyword.equals("async") && tokens.size() > 1) {
            tokens = tokens.subList(1, tokens.size());
            keyword = tokens.get(0).text();
        }
        int colon = topLevel(tokens, ":");
        PythonLine header = new PythonLine(line.line(), line.indent(), tokens);
        boolean compound = colon > 0;
        at++;
        if (keyword.equals("if") && compound) {
            nodes.add(choice(header, colon));
        } else if (keyword.equals("while") && compound) {
            nodes.add(loop(header, colon));
        } else if (keyword.equals("for") && compound) {
            each(nodes, header, colon);
        } else if (keyword.equals("try") && compound) {
            nodes.add(attempt(header, colon));
        } else if (keyword.equals("with") && compound) {
            with(nodes, header, colon);
        } else if (keyword.equals("def") && compound) {
            function(header, colon);
        } else if (keyword.equals("class") && compound) {
            nodes.add(new Node.Group(line.line(), body(header, colon)));
        } else if (keyword.equals("match")
                && compound
                && colon == tokens.size() - 1
                && at < lines.size()
                && lines.get(at).starts("case")) {
            nodes.add(cases(header, colon));
        } else if (PARTS.contains(keyword) && compound) {
            // Without what it belongs to; so it is read for what is in it.
            nodes.add(new Node.Group(line.line(), body(header, colon)));
        } else {
            simple(nodes, tokens);
            if (at < lines.size() && lines.get(at).indent() > line.indent()) {
                nodes.addAll(block(lines.get(at).indent()).nodes());
            }
        }
    }

    private Condition condition(List<PythonToken> tokens) {
        waits.seen(tokens, deadlines > 0, expressions);
        return expressions.condition(tokens);
    }

    private Node choice(PythonLine header, int colon) {
        Condition test = condition(header.tokens().subList(1, colon));
        Block then = body(header, colon);
        Block otherwise = Block.EMPTY;
        if (nextIs(header, "elif")) {
            PythonLine next = lines.get(at++);
            if (++depth > MOST_DEEP) {
                throw new UnreadableScriptException(header.line(), "nested more than " + MOST_DEEP + " deep");
            }
            otherwise = Block.of(choice(next, Math.max(1, topLevel(next.tokens(), ":"))));
            depth--;
        } else {
            otherwise = otherwise(header);
        }
        return new Node.Choice(header.line(), test, then, otherwise);
    }

    private Block otherwise(PythonLine header) {
        if (!nextIs(header, "else")) {
            return Block.EMPTY;
        }
        PythonLine next = lines.get(at++);
        return body(next, topLevel(next.tokens(), ":"));
    }

    private Node.Loop loop(PythonLine header, int colon) {
        Condition test = condition(header.tokens().subList(1, colon));
        Block body = body(header, colon);
        Node.Form form = deadlines > 0 ? Node.Form.WITHIN_DEADLINE : Node.Form.WHILE;
        return new Node.Loop(header.line(), form, test, Effect.NONE, Block.EMPTY, body, otherwise(header), null);
    }

    private void each(List<Node> nodes, PythonLine header, int colon) {
        int in = topLevel(header.tokens(), "in");
        if (in < 0) {
            return;
        }
        List<PythonToken> over = header.tokens().subList(in + 1, colon);
        waits.seen(over, deadlines > 0, expressions);
        Set<String> from = expressions.names(over);
        Effect effect = expressions.effect(over);
        Effect each = Effect.NONE;
        for (PythonToken token : header.tokens().subList(1, in)) {
            if (token.isName()) {
                Set<String> origins = new LinkedHashSet<>(from);
                origins.add(token.text());
                each = each.and(Effect.of(new Change(token.text(), origins, Change.How.UP, null)));
            }
        }
        if (!effect.isNothing()) {
            nodes.add(new Node.Step(header.line(), effect));
        }
        Endless endless = Endless.of(over);
        boolean counts = over.size() > 1 && over.get(0).is("range");
        boolean some = counts
                || (over.size() > 2 && (over.get(0).is("[") || over.get(0).is("(")));
        Node.Form form = endless != Endless.NO
                ? (deadlines > 0 ? Node.Form.WITHIN_DEADLINE : Node.Form.WHILE)
                : some ? Node.Form.EACH_OF_SOME : Node.Form.EACH;
        Block body = body(header, colon);
        nodes.add(new Node.Loop(
                header.line(),
                form,
                new Condition.Constant(true),
                endless == Endless.REPEATING ? Effect.NONE : each,
                Block.EMPTY,
                body,
                otherwise(header),
                null));
    }

    /** Whether what is gone through has no end. */
    private enum Endless {
        NO,
        COUNTING,
        REPEATING;

        static Endless of(List<PythonToken> over) {
            List<PythonCall> calls = PythonCall.all(over);
            if (calls.isEmpty() || calls.get(0).at() != 0) {
                return NO;
            }
            PythonCall call = calls.get(0);
            if (call.name().equals("enumerate") && !call.arguments().isEmpty()) {
                return of(call.arguments().get(0)) == NO ? NO : COUNTING;
            }
            String text = String.join(" ", over.stream().map(PythonToken::text).toList());
            return switch (call.name()) {
                case "itertools.count", "count" -> COUNTING;
                case "itertools.cycle", "cycle" -> REPEATING;
                case "itertools.repeat", "repeat" -> call.positional() == 1 && !call.has("times") ? REPEATING : NO;
                case "iter" ->
                    call.positional() == 2
                                    && !text.matches(
                                            ".*\\b(read|readline|read1|recv\\w*|get|get_nowait|input|next|fetchone|fetchmany|pop|popleft)\\b.*")
                            ? REPEATING
                            : NO;
                default -> NO;
            };
        }
    }

    private Node attempt(PythonLine header, int colon) {
        Block body = body(header, colon);
        List<Node.Handler> handlers = new ArrayList<>();
        while (nextIs(header, "except")) {
            PythonLine next = lines.get(at++);
            int end = Math.max(1, topLevel(next.tokens(), ":"));
            Set<String> names = new LinkedHashSet<>();
            for (int i = 1; i < end && !next.tokens().get(i).is("as"); i++) {
                PythonToken token = next.tokens().get(i);
                boolean last = i + 1 >= end || !next.tokens().get(i + 1).is(".");
                if (token.isName() && last) {
                    names.add(token.text());
                }
            }
            handlers.add(new Node.Handler(names, body(next, end)));
        }
        Block otherwise = otherwise(header);
        Block last = Block.EMPTY;
        if (nextIs(header, "finally")) {
            PythonLine next = lines.get(at++);
            last = body(next, topLevel(next.tokens(), ":"));
        }
        return new Node.Attempt(header.line(), body, handlers, otherwise, last);
    }

    private void with(List<Node> nodes, PythonLine header, int colon) {
        List<PythonToken> items = header.tokens().subList(1, colon);
        waits.seen(items, deadlines > 0, expressions);
        Effect effect = expressions.effect(items);
        boolean deadline = false;
        Set<String> suppressed = null;
        for (PythonCall call : PythonCall.all(items)) {
            deadline |= DEADLINES.contains(call.name())
                    && !call.arguments().isEmpty()
                    && !call.arguments().get(0).get(0).is("None");
            if (call.method().equals("suppress")) {
                suppressed = new LinkedHashSet<>();
                for (List<PythonToken> argument : call.arguments()) {
                    suppressed.add(argument.get(argument.size() - 1).text());
                }
            }
        }
        for (int i = 1; i + 1 < items.size(); i++) {
            if (items.get(i).is("as") && items.get(i + 1).isName()) {
                effect = effect.and(Effect.of(Change.made(items.get(i + 1).text(), Set.of())));
                waits.assigned(items.get(i + 1).text(), items.subList(0, i));
            }
        }
        nodes.add(new Node.Step(header.line(), effect));
        deadlines += deadline ? 1 : 0;
        Block body = body(header, colon);
        deadlines -= deadline ? 1 : 0;
        nodes.add(
                suppressed == null
                        ? new Node.Group(header.line(), body)
                        : new Node.Attempt(
                                header.line(),
                                body,
                                List.of(new Node.Handler(suppressed, Block.EMPTY)),
                                Block.EMPTY,
                                Block.EMPTY));
    }

    private Node cases(PythonLine header, int colon) {
        List<PythonToken> subject = header.tokens().subList(1, colon);
        Condition.Test test = Condition.Test.other(
                expressions.tested(subject), expressions.isClock(subject), expressions.effect(subject));
        List<Block> arms = new ArrayList<>();
        boolean complete = false;
        int indent = lines.get(at).indent();
        while (at < lines.size()
                && lines.get(at).indent() == indent
                && lines.get(at).starts("case")) {
            PythonLine arm = lines.get(at++);
            int end = Math.max(1, topLevel(arm.tokens(), ":"));
            complete |= end == 2 && arm.tokens().get(1).is("_");
            arms.add(body(arm, end));
        }
        return new Node.Cases(header.line(), test, arms, complete, false);
    }

    private void function(PythonLine header, int colon) {
        String name = header.tokens().size() > 1 ? header.tokens().get(1).text() : "";
        waits.defines(name);
        Set<String> outer = shared;
        int outerDeadlines = deadlines;
        shared = new HashSet<>();
        deadlines = 0;
        Block body = body(header, colon);
        Set<String> own = shared;
        shared = outer;
        deadlines = outerDeadlines;
        new Walk(java.util.Map.of(), seen -> {
                    if (seen instanceof Effect effect) {
                        effect.changes().stream()
                                .map(Change::variable)
                                .filter(variable -> variable.indexOf('.') > 0)
                                .forEach(own::add);
                    }
                })
                .block(body);
        script.define(new Node.Function(header.line(), name, body, own, false));
    }

    private void simple(List<Node> nodes, List<PythonToken> tokens) {
        int from = 0;
        int semicolon = topLevel(tokens, ";");
        while (from < tokens.size()) {
            int end = semicolon < 0 ? tokens.size() : from + semicolon;
            if (end > from) {
                one(nodes, tokens.subList(from, end));
            }
            from = end + 1;
            semicolon = from < tokens.size() ? topLevel(tokens.subList(from, tokens.size()), ";") : -1;
        }
    }

    private void one(List<Node> nodes, List<PythonToken> tokens) {
        int line = tokens.get(0).line();
        String keyword =
                tokens.get(0).kind() == PythonToken.Kind.NAME ? tokens.get(0).text() : "";
        List<PythonToken> rest = tokens.subList(1, tokens.size());
        if (!keyword.equals("import") && !keyword.equals("from")) {
            waits.seen(tokens, deadlines > 0, expressions);
        }
        switch (keyword) {
            case "break" -> nodes.add(Node.Jump.of(line, Node.Way.BREAK));
            case "continue" -> nodes.add(Node.Jump.of(line, Node.Way.CONTINUE));
            case "return" -> {
                if (expressions.isClock(rest)) {
                    learnClock(line);
                }
                Condition result = rest.isEmpty() ? new Condition.Constant(false) : expressions.condition(rest);
                nodes.add(new Node.Jump(line, Node.Way.RETURN, null, 1, false, result));
            }
            case "raise" -> nodes.add(new Node.Jump(line, Node.Way.THROW, error(rest), 1, true, null));
            case "assert" -> {
                List<List<PythonToken>> parts = PythonCall.split(rest);
                Node.Jump jump = new Node.Jump(line, Node.Way.THROW, "AssertionError", 1, true, null);
                if (!parts.isEmpty()) {
                    nodes.add(new Node.Choice(line, expressions.condition(parts.get(0)), Block.EMPTY, Block.of(jump)));
                }
            }
            case "global", "nonlocal" ->
                rest.stream().filter(PythonToken::isName).forEach(name -> shared.add(name.text()));
            case "import", "from" -> waits.imports(tokens);
            case "del" -> {
                Effect effect = Effect.NONE;
                for (String name : expressions.names(rest)) {
                    effect = effect.and(Effect.of(Change.inPlace(name)));
                }
                nodes.add(new Node.Step(line, effect));
            }
            case "pass", "@" -> nodes.add(new Node.Step(line, Effect.NONE));
            default -> expression(nodes, tokens, line);
        }
    }

    /** The function around the line tells the time. */
    private void learnClock(int line) {
        for (int i = at - 1; i >= 0; i--) {
            PythonLine one = lines.get(i);
            int def = one.starts("async") ? 1 : 0;
            if (one.line() <= line
                    && one.tokens().size() > def + 1
                    && one.tokens().get(def).is("def")) {
                clocks.add(one.tokens().get(def + 1).text());
                return;
            }
        }
    }

    private static @Nullable String error(List<PythonToken> tokens) {
        String name = null;
        for (PythonToken token : tokens) {
            if (token.isName()) {
                name = token.text();
            } else if (!token.is(".")) {
                break;
            }
        }
        return name;
    }

    private static String target(List<PythonToken> tokens) {
        int colon = topLevel(tokens, ":");
        StringBuilder name = new StringBuilder();
        for (PythonToken token : colon > 0 ? tokens.subList(0, colon) : tokens) {
            if (!token.isName() && !token.is(".")) {
                break;
            }
            name.append(token.text());
        }
        return PythonExpressions.variable(name.toString());
    }

    private void expression(List<Node> nodes, List<PythonToken> tokens, int line) {
        Node.Jump leaving = leaving(tokens, line);
        if (leaving != null) {
            nodes.add(leaving);
            return;
        }
        Effect effect = expressions.effect(tokens);
        effect.calls().forEach(name -> Names.declareIfItEnds(name, script));
        if (expressions.readFailsAtEnd(tokens)) {
            Node.Jump end = new Node.Jump(line, Node.Way.THROW, PythonExpressions.errorAtEnd(tokens), 1, true, null);
            nodes.add(new Node.Choice(line, Condition.Test.read(Effect.NONE), Block.EMPTY, Block.of(end)));
        }
        Set<String> indexes = expressions.indexes(tokens);
        if (!indexes.isEmpty()) {
            Node.Jump end = new Node.Jump(line, Node.Way.THROW, "IndexError", 1, true, null);
            nodes.add(new Node.Choice(
                    line, Condition.Test.other(indexes, false, Effect.NONE), Block.EMPTY, Block.of(end)));
        }
        nodes.add(new Node.Step(line, effect.and(assignment(tokens))));
    }

    private Effect assignment(List<PythonToken> tokens) {
        int augmented = topLevel(tokens, AUGMENTED);
        if (augmented > 0) {
            return augmented(tokens, augmented, tokens.get(augmented).text());
        }
        int equals = topLevel(tokens, "=");
        if (equals < 0) {
            return Effect.NONE;
        }
        Effect effect = Effect.NONE;
        List<PythonToken> rest = tokens;
        List<List<PythonToken>> targets = new ArrayList<>();
        while (equals > 0) {
            targets.add(rest.subList(0, equals));
            rest = rest.subList(equals + 1, rest.size());
            equals = topLevel(rest, "=");
        }
        for (List<PythonToken> all : targets) {
            List<List<PythonToken>> names = PythonCall.split(all);
            List<List<PythonToken>> values = PythonCall.split(rest);
            for (int i = 0; i < names.size(); i++) {
                List<PythonToken> value = names.size() > 1 && values.size() == names.size() ? values.get(i) : rest;
                effect = effect.and(assigned(names.get(i), value));
            }
        }
        return effect;
    }

    private Effect assigned(List<PythonToken> target, List<PythonToken> value) {
        boolean element = target.size() > 1 && target.get(target.size() - 1).is("]");
        Effect effect = Effect.NONE;
        boolean tuple = target.get(0).is("(") || target.get(0).is("[");
        for (List<PythonToken> one : tuple ? PythonCall.split(target.subList(1, target.size() - 1)) : List.of(target)) {
            String name = target(one);
            if (name.isEmpty()) {
                continue;
            }
            waits.assigned(name, value);
            for (Change change : expressions.assigned(Set.of(name), value)) {
                // What is put into a thing says nothing of where the thing goes, unless it comes from there.
                boolean counts = !element || change.from().contains(name);
                effect = counts ? effect.and(Effect.of(change)) : effect;
            }
        }
        return effect;
    }

    private Effect augmented(List<PythonToken> tokens, int at1, String sign) {
        String name = target(tokens.subList(0, at1));
        List<PythonToken> value = tokens.subList(at1 + 1, tokens.size());
        if (name.isEmpty()) {
            return Effect.NONE;
        }
        if (sign.equals("+=") || sign.equals("-=")) {
            return Effect.of(sign.equals("+=") ? Change.up(name) : Change.down(name));
        }
        Set<String> from = new LinkedHashSet<>(expressions.names(value));
        from.add(name);
        return Effect.of(Change.made(name, from));
    }

    private static Node.@Nullable Jump leaving(List<PythonToken> tokens, int line) {
        List<PythonCall> calls = PythonCall.all(tokens);
        if (calls.isEmpty() || calls.get(0).at() != 0) {
            return null;
        }
        PythonCall call = calls.get(0);
        boolean says = call.arguments().stream()
                .anyMatch(argument -> argument.stream().anyMatch(token -> token.kind() == PythonToken.Kind.STRING));
        boolean parser = call.method().equals("error") && call.receiver().endsWith("parser");
        boolean fails = Set.of("pytest.fail", "pytest.skip", "self.fail", "self.skipTest", "pytest.exit")
                .contains(call.name());
        if (Set.of("sys.exit", "exit", "quit").contains(call.name())
                || parser
                || fails
                || call.method().equals("fail_json")) {
            return new Node.Jump(line, Node.Way.THROW, "SystemExit", 1, says, null);
        }
        boolean ends = Set.of("os._exit", "os.abort").contains(call.name())
                || call.name().startsWith("os.exec");
        return ends ? new Node.Jump(line, Node.Way.EXIT, null, 1, false, null) : null;
    }
}
