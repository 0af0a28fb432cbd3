package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads PowerShell scripts. */
final class PowerShellParser {

    private static final int MOST_DEEP = 100;

    private final Script script = new Script();
    private final PowerShellLexer lexer;
    private final PowerShellExpressions expressions = new PowerShellExpressions();
    private final PowerShellWaits waits = new PowerShellWaits();
    private Set<String> shared = new HashSet<>();
    private @Nullable PowerShellToken ahead;
    private int depth;
    private boolean stopsOnError;
    private @Nullable String label;
    private boolean clockReturned;

    private PowerShellParser(String text, int line) {
        this.lexer = new PowerShellLexer(text, line, script.comments);
    }

    /**
     * @throws UnreadableScriptException if it is no such script, or nested beyond measure
     */
    static Script parse(String text, int line) {
        PowerShellParser parser = new PowerShellParser(text, line);
        parser.script.main = parser.statements();
        PowerShellToken rest = parser.peek();
        if (rest.kind() != PowerShellToken.Kind.END) {
            throw new UnreadableScriptException(rest.line(), "'" + rest.text() + "' closes nothing");
        }
        parser.waits.addTo(parser.script);
        return parser.script;
    }

    private PowerShellToken peek() {
        if (ahead == null) {
            ahead = lexer.next();
        }
        return ahead;
    }

    private PowerShellToken take() {
        PowerShellToken token = peek();
        ahead = null;
        return token;
    }

    private void skipNewlines() {
        while (peek().kind() == PowerShellToken.Kind.NEWLINE) {
            take();
        }
    }

    private void enter(int line) {
        if (++depth > MOST_DEEP) {
            throw new UnreadableScriptException(line, "nested more than " + MOST_DEEP + " deep");
        }
    }

    private Block statements() {
        List<Node> nodes = new ArrayList<>();
        while (true) {
            while (peek().kind() == PowerShellToken.Kind.NEWLINE || peek().is(";")) {
                take();
            }
            if (peek().kind() == PowerShellToken.Kind.END || peek().is("}") || peek().is(")")) {
                return new Block(nodes);
            }
            statement(nodes);
        }
    }

    /** A block in braces. */
    private Block block() {
        skipNewlines();
        PowerShellToken open = take();
        if (!open.is("{")) {
            throw new UnreadableScriptException(open.line(), "a '{' is missing");
        }
        enter(open.line());
        Block block = statements();
        depth--;
        if (!take().is("}")) {
            throw new UnreadableScriptException(open.line(), "a '{' is never closed");
        }
        return block;
    }

    /** What is in parentheses. */
    private List<PowerShellToken> parentheses(List<Node> before) {
        skipNewlines();
        PowerShellToken open = take();
        if (!open.is("(")) {
            throw new UnreadableScriptException(open.line(), "a '(' is missing");
        }
        List<PowerShellToken> tokens = tokensTo(")", before);
        take();
        waits.seen(tokens);
        return tokens;
    }

    /** Tokens up to a closing sign, blocks parsed. */
    private List<PowerShellToken> tokensTo(String closing, List<Node> blocks) {
        List<PowerShellToken> tokens = new ArrayList<>();
        int begin = peek().line();
        int open = 0;
        while (true) {
            PowerShellToken token = peek();
            if (token.kind() == PowerShellToken.Kind.END) {
                throw new UnreadableScriptException(begin, "a bracket is never closed");
            }
            if (open == 0 && token.is(closing)) {
                return tokens;
            }
            if (token.is("{")) {
                tokens.add(scriptBlock(tokens, blocks));
                continue;
            }
            open += PowerShellExpressions.opens(token) ? 1 : PowerShellExpressions.closes(token) ? -1 : 0;
            take();
            if (token.kind() != PowerShellToken.Kind.NEWLINE) {
                tokens.add(token);
            } else if (open == 0 && closing.equals("}")) {
                tokens.add(token);
            }
        }
    }

    /** A block that is handed to a command. */
    private PowerShellToken scriptBlock(List<PowerShellToken> before, List<Node> blocks) {
        int line = peek().line();
        Block block = block();
        String command = "";
        for (int i = 0; i < before.size(); i++) {
            PowerShellToken token = before.get(i);
            boolean first = i == 0
                    || before.get(i - 1).is("|")
                    || before.get(i - 1).is("=")
                    || before.get(i - 1).is("(");
            boolean named =
                    token.kind() == PowerShellToken.Kind.WORD || token.is("%") || token.is("&") || token.is("?");
            if (named && first) {
                command = token.text();
            }
        }
        boolean each = Set.of("foreach-object", "foreach", "%").contains(command);
        boolean here = Set.of("&", ".", "measure-command", "where-object", "?", "where", "")
                .contains(command);
        if (each) {
            blocks.add(Node.Loop.of(line, Node.Form.EACH, new Condition.Constant(true), block));
        } else if (here) {
            blocks.add(new Node.Group(line, block));
        } else {
            blocks.add(new Node.Apart(line, block));
        }
        return new PowerShellToken(PowerShellToken.Kind.BLOCK, "{}", line, false, block);
    }

    private void statement(List<Node> nodes) {
        PowerShellToken first = peek();
        int line = first.line();
        if (first.is(":")) {
            take();
            if (peek().kind() == PowerShellToken.Kind.WORD && peek().glued()) {
                label = take().text();
                skipNewlines();
                statement(nodes);
                label = null;
            }
            return;
        }
        if (first.kind() != PowerShellToken.Kind.WORD) {
            pipeline(nodes);
            return;
        }
        String name = label;
        label = null;
        switch (first.text()) {
            case "if" -> {
                take();
                nodes.add(choice(nodes, line));
            }
            case "while" -> {
                take();
                Condition test = expressions.condition(parentheses(nodes));
                nodes.add(loop(line, Node.Form.WHILE, test, block(), name));
            }
            case "do" -> {
                take();
                doLoop(nodes, line, name);
            }
            case "for" -> {
                take();
                forLoop(nodes, line, name);
            }
            case "foreach" -> {
                take();
                if (peek().is("(") || peek().kind() == PowerShellToken.Kind.DASHED) {
                    each(nodes, line, name);
                } else {
                    rest(nodes, first, new ArrayList<>(List.of(first)));
                }
            }
            case "switch" -> {
                take();
                nodes.add(cases(nodes, line));
            }
            case "try" -> {
                take();
                nodes.add(attempt(line));
            }
            case "function", "filter", "workflow" -> {
                take();
                function(line);
            }
            case "class", "enum" -> {
                take();
                while (!peek().is("{") && peek().kind() != PowerShellToken.Kind.END) {
                    take();
                }
                nodes.add(new Node.Group(line, block()));
            }
            case "begin", "process", "end", "clean", "dynamicparam", "trap" -> {
                take();
                while (!peek().is("{")
                        && peek().kind() != PowerShellToken.Kind.NEWLINE
                        && peek().kind() != PowerShellToken.Kind.END) {
                    take();
                }
                skipNewlines();
                if (peek().is("{")) {
                    nodes.add(new Node.Group(line, block()));
                }
            }
            case "param" -> {
                take();
                skipNewlines();
                if (peek().is("(")) {
                    parentheses(new ArrayList<>());
                }
            }
            case "break", "continue" -> {
                take();
                String target = peek().kind() == PowerShellToken.Kind.WORD ? take().text() : null;
                Node.Way way = first.text().equals("break") ? Node.Way.BREAK : Node.Way.CONTINUE;
                nodes.add(new Node.Jump(line, way, target, 1, false, null));
            }
            case "return", "exit", "throw" -> {
                take();
                leave(nodes, first);
            }
            default -> pipeline(nodes);
        }
    }

    private static Node.Loop loop(int line, Node.Form form, Condition test, Block body, @Nullable String name) {
        return new Node.Loop(line, form, test, Effect.NONE, Block.EMPTY, body, Block.EMPTY, name);
    }

    private void leave(List<Node> nodes, PowerShellToken first) {
        List<PowerShellToken> tokens = line(new ArrayList<>(), nodes);
        boolean value = !tokens.isEmpty();
        switch (first.text()) {
            case "return" -> {
                clockReturned |= expressions.isClock(tokens);
                Condition result = value ? expressions.condition(tokens) : null;
                nodes.add(new Node.Jump(first.line(), Node.Way.RETURN, null, 1, false, result));
            }
            case "throw" -> nodes.add(new Node.Jump(first.line(), Node.Way.THROW, null, 1, true, null));
            default -> nodes.add(new Node.Jump(first.line(), Node.Way.EXIT, null, 1, false, null));
        }
    }

    private Node choice(List<Node> before, int line) {
        Condition test = expressions.condition(parentheses(before));
        Block then = block();
        PowerShellToken next = peekPastNewlines("elseif", "else");
        if (next == null) {
            return new Node.Choice(line, test, then, Block.EMPTY);
        }
        if (next.isWord("else")) {
            if (peek().isWord("if")) {
                take();
                return new Node.Choice(line, test, then, Block.of(nested(before, next.line())));
            }
            return new Node.Choice(line, test, then, block());
        }
        return new Node.Choice(line, test, then, Block.of(nested(before, next.line())));
    }

    private Node nested(List<Node> before, int line) {
        enter(line);
        Node node = choice(before, line);
        depth--;
        return node;
    }

    /** Takes the next word if it is one of these; newlines before it count only if it is not. */
    private @Nullable PowerShellToken peekPastNewlines(String... words) {
        while (peek().kind() == PowerShellToken.Kind.NEWLINE) {
            take();
        }
        for (String word : words) {
            if (peek().isWord(word)) {
                return take();
            }
        }
        return null;
    }

    private void doLoop(List<Node> nodes, int line, @Nullable String name) {
        Block body = block();
        PowerShellToken word = peekPastNewlines("while", "until");
        if (word == null) {
            throw new UnreadableScriptException(line, "the 'do' that begins here lacks its 'while' or 'until'");
        }
        List<Node> blocks = new ArrayList<>();
        Condition test = expressions.condition(parentheses(blocks));
        nodes.add(loop(line, Node.Form.DO, word.isWord("until") ? Condition.not(test) : test, body, name));
    }

    private void forLoop(List<Node> nodes, int line, @Nullable String name) {
        List<List<PowerShellToken>> parts = new ArrayList<>(List.of(new ArrayList<>()));
        int open = 0;
        for (PowerShellToken token : parentheses(nodes)) {
            open += PowerShellExpressions.opens(token) ? 1 : PowerShellExpressions.closes(token) ? -1 : 0;
            if (token.is(";") && open == 0) {
                parts.add(new ArrayList<>());
            } else {
                parts.get(parts.size() - 1).add(token);
            }
        }
        nodes.add(new Node.Step(line, expressions.effect(parts.get(0))));
        Condition test = parts.size() < 2 || parts.get(1).isEmpty()
                ? new Condition.Constant(true)
                : expressions.condition(parts.get(1));
        Effect update = parts.size() < 3 ? Effect.NONE : expressions.effect(parts.get(2));
        nodes.add(new Node.Loop(
                line,
                Node.Form.WHILE,
                test,
                Effect.NONE,
                Block.of(new Node.Step(line, update)),
                block(),
                Block.EMPTY,
                name));
    }

    private void each(List<Node> nodes, int line, @Nullable String name) {
        while (peek().kind() == PowerShellToken.Kind.DASHED) {
            take();
        }
        List<PowerShellToken> tokens = parentheses(nodes);
        Effect each = Effect.NONE;
        boolean some = tokens.stream().anyMatch(token -> token.is("..") || token.kind() == PowerShellToken.Kind.STRING);
        if (!tokens.isEmpty() && tokens.get(0).isVariable()) {
            Set<String> from = new LinkedHashSet<>(expressions.names(tokens));
            each = Effect.of(new Change(tokens.get(0).text(), from, Change.How.UP, null));
        }
        Node.Form form = some ? Node.Form.EACH_OF_SOME : Node.Form.EACH;
        nodes.add(
                new Node.Loop(line, form, new Condition.Constant(true), each, Block.EMPTY, block(), Block.EMPTY, name));
    }

    private Node cases(List<Node> before, int line) {
        boolean file = false;
        while (peek().kind() == PowerShellToken.Kind.DASHED) {
            file |= take().text().equals("file");
        }
        List<PowerShellToken> subject = new ArrayList<>();
        if (peek().is("(")) {
            subject = parentheses(before);
        } else {
            while (!peek().is("{") && peek().kind() != PowerShellToken.Kind.END) {
                subject.add(take());
            }
        }
        skipNewlines();
        if (!take().is("{")) {
            throw new UnreadableScriptException(line, "the 'switch' that begins here lacks its '{'");
        }
        List<Block> arms = new ArrayList<>();
        boolean complete = false;
        while (true) {
            while (peek().kind() == PowerShellToken.Kind.NEWLINE || peek().is(";")) {
                take();
            }
            if (peek().is("}")) {
                take();
                break;
            }
            complete |= peek().isWord("default");
            boolean condition = peek().is("{");
            if (condition) {
                block();
            } else {
                while (!peek().is("{")) {
                    if (peek().kind() == PowerShellToken.Kind.END) {
                        throw new UnreadableScriptException(line, "the 'switch' that begins here is never closed");
                    }
                    take();
                }
            }
            arms.add(block());
        }
        Condition.Test test = Condition.Test.other(
                expressions.tested(subject), expressions.isClock(subject), expressions.effect(subject));
        Node.Cases cases = new Node.Cases(line, test, arms, complete, true);
        return file ? Node.Loop.of(line, Node.Form.EACH, new Condition.Constant(true), Block.of(cases)) : cases;
    }

    private Node attempt(int line) {
        Block body = block();
        List<Node.Handler> handlers = new ArrayList<>();
        while (peekPastNewlines("catch") != null) {
            Set<String> names = new LinkedHashSet<>();
            while (!peek().is("{")) {
                PowerShellToken token = take();
                if (token.kind() == PowerShellToken.Kind.WORD) {
                    names.add(token.text().substring(token.text().lastIndexOf('.') + 1));
                } else if (token.kind() == PowerShellToken.Kind.END) {
                    throw new UnreadableScriptException(line, "a 'catch' lacks its '{'");
                }
            }
            if (names.contains("exception")) {
                names = Set.of();
            }
            handlers.add(new Node.Handler(names, block()));
        }
        Block last = peekPastNewlines("finally") != null ? block() : Block.EMPTY;
        return new Node.Attempt(line, body, handlers, Block.EMPTY, last);
    }

    private void function(int line) {
        StringBuilder name = new StringBuilder();
        while (!peek().is("{")
                && !peek().is("(")
                && peek().kind() != PowerShellToken.Kind.END
                && peek().kind() != PowerShellToken.Kind.NEWLINE) {
            name.append(take().text());
        }
        skipNewlines();
        if (peek().is("(")) {
            parentheses(new ArrayList<>());
        }
        Set<String> outer = shared;
        boolean outerClock = clockReturned;
        shared = new HashSet<>();
        clockReturned = false;
        Block body = block();
        String plain = name.toString().replaceFirst("^\\w+:", "");
        if (clockReturned) {
            expressions.clocks.add(plain);
        }
        script.define(new Node.Function(line, plain, body, shared, false));
        shared = outer;
        clockReturned = outerClock;
    }

    /** Tokens up to the end of a statement. */
    private List<PowerShellToken> line(List<PowerShellToken> tokens, List<Node> blocks) {
        while (true) {
            PowerShellToken token = peek();
            boolean goesOn = !tokens.isEmpty()
                    && (tokens.get(tokens.size() - 1).is("|")
                            || tokens.get(tokens.size() - 1).is(",")
                            || tokens.get(tokens.size() - 1).is("=")
                            || tokens.get(tokens.size() - 1).is("&&")
                            || tokens.get(tokens.size() - 1).is("||")
                            || isOperator(tokens.get(tokens.size() - 1)));
            if (token.kind() == PowerShellToken.Kind.NEWLINE && goesOn) {
                take();
                continue;
            }
            if (token.kind() == PowerShellToken.Kind.END
                    || token.kind() == PowerShellToken.Kind.NEWLINE
                    || token.is(";")
                    || token.is("}")
                    || token.is(")")) {
                break;
            }
            if (token.is("{")) {
                tokens.add(scriptBlock(tokens, blocks));
                continue;
            }
            take();
            tokens.add(token);
            if (token.kind() == PowerShellToken.Kind.SHARED_VARIABLE) {
                shared.add(token.text());
            }
            String closing = token.is("@{")
                    ? "}"
                    : token.is("(") || token.is("$(") || token.is("@(") ? ")" : token.is("[") ? "]" : "";
            if (!closing.isEmpty()) {
                enter(token.line());
                tokens.addAll(tokensTo(closing, blocks));
                depth--;
                tokens.add(take());
            }
        }
        waits.seen(tokens);
        return tokens;
    }

    private static boolean isOperator(PowerShellToken token) {
        return token.kind() == PowerShellToken.Kind.DASHED
                && Set.of("and", "or", "not", "eq", "ne", "lt", "gt", "le", "ge")
                        .contains(token.text());
    }

    private void pipeline(List<Node> nodes) {
        List<Node> blocks = new ArrayList<>();
        PowerShellToken first = peek();
        List<PowerShellToken> tokens = line(new ArrayList<>(), blocks);
        if (tokens.isEmpty()) {
            take();
            return;
        }
        step(nodes, first, tokens, blocks);
    }

    private void rest(List<Node> nodes, PowerShellToken first, List<PowerShellToken> begun) {
        List<Node> blocks = new ArrayList<>();
        step(nodes, first, line(begun, blocks), blocks);
    }

    private void step(List<Node> nodes, PowerShellToken first, List<PowerShellToken> tokens, List<Node> blocks) {
        nodes.addAll(blocks);
        // $x = if (...) {...}: what is in the blocks is all that counts.
        Effect effect = expressions.effect(tokens);
        boolean text = tokens.size() == 1
                && (first.kind() == PowerShellToken.Kind.STRING || first.kind() == PowerShellToken.Kind.TEMPLATE);
        if (text) {
            effect = effect.and(Effect.of(Trait.SAYS));
        }
        stopsOnError |= tokens.size() == 3
                && first.isVariable()
                && first.text().equals("erroractionpreference")
                && tokens.get(2).text().equalsIgnoreCase("stop");
        effect.calls().forEach(name -> Names.declareIfItEnds(name, script));
        int or = PowerShellExpressions.lastIndex(tokens, token -> token.is("||") || token.is("&&"));
        Node.Step step = new Node.Step(first.line(), effect);
        if (or > 0 && or + 1 < tokens.size()) {
            Block leave = leaveAfter(tokens, or + 1);
            boolean and = tokens.get(or).is("&&");
            Condition test = Condition.Test.other(Set.of(), false, effect);
            nodes.add(new Node.Choice(first.line(), test, and ? leave : Block.EMPTY, and ? Block.EMPTY : leave));
            return;
        }
        nodes.add(step);
        boolean stop = first.isWord("write-error") && (stopsOnError || stopsHere(tokens));
        boolean environment = tokens.size() > 4
                && first.is("[")
                && tokens.stream().anyMatch(token -> token.isWord("exit"))
                && tokens.get(1).text().endsWith("environment");
        if (stop || environment) {
            nodes.add(new Node.Jump(first.line(), stop ? Node.Way.THROW : Node.Way.EXIT, null, 1, stop, null));
        }
    }

    private static boolean stopsHere(List<PowerShellToken> tokens) {
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (tokens.get(i).kind() == PowerShellToken.Kind.DASHED
                    && Set.of("erroraction", "ea").contains(tokens.get(i).text())
                    && tokens.get(i + 1).text().equals("stop")) {
                return true;
            }
        }
        return false;
    }

    private static Block leaveAfter(List<PowerShellToken> tokens, int at) {
        PowerShellToken token = tokens.get(at);
        Node.Way way = switch (token.kind() == PowerShellToken.Kind.WORD ? token.text() : "") {
            case "exit" -> Node.Way.EXIT;
            case "throw" -> Node.Way.THROW;
            case "return" -> Node.Way.RETURN;
            case "break" -> Node.Way.BREAK;
            case "continue" -> Node.Way.CONTINUE;
            default -> null;
        };
        return way == null
                ? Block.EMPTY
                : Block.of(new Node.Jump(token.line(), way, null, 1, way == Node.Way.THROW, null));
    }
}
