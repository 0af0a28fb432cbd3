package io.sluice.loopcheck;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads scripts for sh, bash, ksh and zsh. */
final class ShellParser implements ShellLexer.Nested {

    private static final Set<String> CLOSING = Set.of("then", "elif", "else", "fi", "do", "done", "esac", "}", "]]");

    private final ShellScript shared;
    private final ShellCommands commands;
    private final ShellLexer lexer;
    private final Deque<Set<String>> locals;
    private ShellLexer.@Nullable Token ahead;
    /** How many 'foreach' are open, which 'end' closes. */
    private int lists;
    /** The simple command that was read last. */
    private ShellCommand last = new ShellCommand(0);

    private ShellParser(
            ShellScript shared, String text, int line, Deque<Set<String>> locals, @Nullable ShellWord around) {
        this.shared = shared;
        this.commands = new ShellCommands(shared);
        this.locals = locals;
        this.lexer = new ShellLexer(text, line, shared.script.comments, this, around, shared.zsh);
    }

    /**
     * @throws UnreadableScriptException if it is no such script, or nested beyond measure
     */
    static Script parse(String text, int line, boolean zsh) {
        ShellScript shared = new ShellScript(zsh);
        Deque<Set<String>> locals = new ArrayDeque<>();
        locals.push(new HashSet<>());
        ShellParser parser = new ShellParser(shared, text, line, locals, null);
        List<Node> nodes = new ArrayList<>(parser.list().nodes());
        ShellLexer.Token rest = parser.peek();
        if (rest.kind() != ShellLexer.Kind.END) {
            throw new UnreadableScriptException(rest.line(), "'" + shortened(rest.text()) + "' closes nothing");
        }
        nodes.addAll(shared.detached);
        shared.script.main = new Block(nodes);
        return shared.finish();
    }

    private static String shortened(String text) {
        return text.length() > 20 ? text.substring(0, 20) + "…" : text;
    }

    @Override
    public Block upToClosing(ShellWord word) {
        ShellLexer.Token before = ahead;
        ahead = null;
        enter(word.line);
        Block block = list();
        shared.depth--;
        expect(")", word.line);
        ahead = before;
        return keepLoops(block, word.line);
    }

    @Override
    public Block apart(String text, int line, ShellWord word) {
        enter(line);
        ShellParser inner = new ShellParser(shared, text, line, locals, word);
        Block block = inner.list();
        shared.depth--;
        return keepLoops(block, line);
    }

    /** Loops of inner commands are judged with those of the script. */
    private Block keepLoops(Block block, int line) {
        boolean[] loops = {false};
        new Walk(java.util.Map.of(), seen -> loops[0] |= seen instanceof Node.Loop).block(block);
        if (loops[0]) {
            shared.detached.add(new Node.Apart(line, block));
        }
        return block;
    }

    private void enter(int line) {
        if (++shared.depth > ShellScript.MOST_DEEP) {
            throw new UnreadableScriptException(line, "nested more than " + ShellScript.MOST_DEEP + " deep");
        }
    }

    private ShellLexer.Token peek() {
        if (ahead == null) {
            ahead = lexer.next();
        }
        return ahead;
    }

    private ShellLexer.Token take() {
        ShellLexer.Token token = peek();
        ahead = null;
        return token;
    }

    private void expect(String what, int begin) {
        ShellLexer.Token token = peek();
        if (!token.is(what) && !token.isWord(what)) {
            throw new UnreadableScriptException(begin, "what begins here lacks its '" + what + "'");
        }
        take();
    }

    private boolean takeWord(String word) {
        if (peek().isWord(word)) {
            take();
            return true;
        }
        return false;
    }

    private void skipNewlines() {
        while (peek().kind() == ShellLexer.Kind.NEWLINE) {
            take();
        }
    }

    private void skipSeparators() {
        while (peek().kind() == ShellLexer.Kind.NEWLINE || peek().is(";") || peek().is("&")) {
            take();
        }
    }

    private boolean atEndOfList() {
        ShellLexer.Token token = peek();
        if (token.kind() == ShellLexer.Kind.END
                || (token.kind() == ShellLexer.Kind.SIGN
                        && token.text().startsWith(";")
                        && token.text().length() > 1)) {
            return true;
        }
        if (lists > 0 && token.isWord("end")) {
            return true;
        }
        return token.is(")")
                || (token.word() != null
                        && token.kind() == ShellLexer.Kind.WORD
                        && token.word().bare
                        && !token.word().expands
                        && CLOSING.contains(token.text()));
    }

    private Block list() {
        List<Node> nodes = new ArrayList<>();
        while (true) {
            skipSeparators();
            if (atEndOfList()) {
                return new Block(nodes);
            }
            int line = peek().line();
            Condition condition = andOr();
            if (peek().is("&") || peek().is("&!") || peek().is("&|")) {
                take();
                shared.job(last);
                nodes.add(new Node.Apart(line, Block.of(node(line, condition))));
            } else {
                nodes.add(node(line, condition));
            }
        }
    }

    private static Node node(int line, Condition condition) {
        if (condition instanceof Condition.Run run && run.block().nodes().size() == 1) {
            return run.block().nodes().get(0);
        }
        if (condition instanceof Condition.Or or
                && or.left() instanceof Condition.Run run
                && or.right() instanceof Condition.Constant
                && run.block().nodes().size() == 1) {
            return run.block().nodes().get(0);
        }
        if (condition instanceof Condition.Test test && test.isAsk()) {
            return new Node.Step(line, test.effect);
        }
        return condition instanceof Condition.Constant
                ? new Node.Step(line, Effect.NONE)
                : new Node.Check(line, condition);
    }

    /** The last of several commands decides. */
    private Condition listAsCondition() {
        Block block = conditionList();
        if (block.nodes().size() == 1 && block.nodes().get(0) instanceof Node.Check check) {
            return check.condition();
        }
        return new Condition.Run(block);
    }

    /** Like a list, but each command keeps its truth. */
    private Block conditionList() {
        List<Node> nodes = new ArrayList<>();
        while (true) {
            skipSeparators();
            if (atEndOfList() || (shared.zsh && peek().isWord("{") && !nodes.isEmpty())) {
                return new Block(nodes);
            }
            int line = peek().line();
            nodes.add(new Node.Check(line, andOr()));
            if (shared.zsh && peek().isWord("{")) {
                return new Block(nodes);
            }
        }
    }

    private Condition andOr() {
        Condition left = pipeline();
        while (peek().is("&&") || peek().is("||")) {
            boolean and = take().is("&&");
            skipNewlines();
            Condition right = pipeline();
            left = and ? new Condition.And(left, right) : new Condition.Or(left, right);
        }
        return left;
    }

    private Condition pipeline() {
        boolean not = false;
        while (peek().isWord("!") || peek().isWord("time") || peek().isWord("coproc")) {
            not ^= take().text().equals("!");
            if (peek().isWord("-p")) {
                take();
            }
        }
        int line = peek().line();
        Condition first = command();
        if (!peek().is("|") && !peek().is("|&")) {
            return not ? Condition.not(first) : first;
        }
        List<Node> parts = new ArrayList<>();
        parts.add(new Node.Apart(line, Block.of(node(line, first))));
        while (peek().is("|") || peek().is("|&")) {
            take();
            skipNewlines();
            int reads = shared.reads();
            int begin = peek().line();
            Condition next = command();
            shared.readsHaveInput(Math.min(reads, shared.reads()));
            parts.add(new Node.Apart(begin, Block.of(node(begin, next))));
        }
        Condition all = new Condition.Run(Block.of(new Node.Group(line, new Block(parts))));
        return not ? Condition.not(all) : all;
    }

    private Condition command() {
        enter(peek().line());
        Condition condition = commandInside();
        shared.depth--;
        return condition;
    }

    private Condition commandInside() {
        ShellLexer.Token token = peek();
        if (token.is("(")) {
            return parenthesis();
        }
        if (token.kind() == ShellLexer.Kind.WORD
                && token.word() != null
                && token.word().bare
                && !token.word().expands) {
            int reads = shared.reads();
            Condition compound = compound(token);
            if (compound != null) {
                redirections(reads);
                return compound;
            }
        }
        return simple();
    }

    private static Condition as(Node node) {
        return new Condition.Run(Block.of(node));
    }

    private void redirections(int readsBefore) {
        boolean input = false;
        while (peek().kind() == ShellLexer.Kind.REDIRECTION) {
            ShellLexer.Token redirection = take();
            input |= redirection.text().startsWith("<")
                    && redirection.word() != null
                    && !redirection.word().text().equals("/dev/tty");
        }
        if (input) {
            shared.readsHaveInput(readsBefore);
        }
    }

    private Condition parenthesis() {
        int line = take().line();
        int reads = shared.reads();
        if (lexer.atArithmetic()) {
            ahead = null;
            lexer.next();
            ShellWord word = new ShellWord(line);
            Condition condition = new ShellArithmetic(lexer.arithmetic(word)).condition();
            return condition;
        }
        Block block = list();
        expect(")", line);
        if (block.nodes().isEmpty() && peek().isWord("{")) {
            // A function without a name, which runs at once.
            return command();
        }
        redirections(reads);
        return as(new Node.Apart(line, block));
    }

    private @Nullable Condition compound(ShellLexer.Token token) {
        int line = token.line();
        switch (token.text()) {
            case "{" -> {
                take();
                Block block = list();
                expect("}", line);
                if (takeWord("always")) {
                    expect("{", line);
                    Block always = list();
                    expect("}", line);
                    return as(new Node.Attempt(line, block, List.of(), Block.EMPTY, always));
                }
                return as(new Node.Group(line, block));
            }
            case "if" -> {
                take();
                return as(choice(line));
            }
            case "while", "until" -> {
                take();
                return as(loop(line, token.text().equals("until")));
            }
            case "for", "foreach", "select" -> {
                take();
                return as(each(line, token.text()));
            }
            case "repeat" -> {
                if (!shared.zsh) {
                    return null;
                }
                take();
                take();
                return as(Node.Loop.of(line, Node.Form.EACH_OF_SOME, new Condition.Constant(true), body(line)));
            }
            case "case" -> {
                take();
                return as(cases(line));
            }
            case "[[" -> {
                ahead = null;
                return brackets(line);
            }
            case "function" -> {
                take();
                if (shared.zsh && peek().isWord("{")) {
                    return command();
                }
                String name = take().text();
                while (shared.zsh && peek().kind() == ShellLexer.Kind.WORD && !peek().isWord("{")) {
                    take();
                }
                if (peek().is("(")) {
                    take();
                    expect(")", line);
                }
                return function(line, name);
            }
            default -> {
                return null;
            }
        }
    }

    private Node choice(int line) {
        Condition test = listAsCondition();
        Block then;
        if (shared.zsh && takeWord("{")) {
            then = list();
            expect("}", line);
            Block otherwise = Block.EMPTY;
            if (takeWord("elif")) {
                return new Node.Choice(line, test, then, Block.of(choice(line)));
            } else if (takeWord("else")) {
                expect("{", line);
                otherwise = list();
                expect("}", line);
            }
            return new Node.Choice(line, test, then, otherwise);
        }
        expect("then", line);
        then = list();
        if (peek().isWord("elif")) {
            int next = take().line();
            enter(next);
            Node rest = choice(next);
            shared.depth--;
            return new Node.Choice(line, test, then, Block.of(rest));
        }
        Block otherwise = takeWord("else") ? list() : Block.EMPTY;
        expect("fi", line);
        return new Node.Choice(line, test, then, otherwise);
    }

    private Node.Loop loop(int line, boolean until) {
        Condition test = listAsCondition();
        Block body = body(line);
        return Node.Loop.of(line, Node.Form.WHILE, until ? Condition.not(test) : test, body);
    }

    /** What is between do and done, or between braces. */
    private Block body(int line) {
        skipSeparators();
        if (takeWord("{")) {
            Block block = list();
            expect("}", line);
            return block;
        }
        if (shared.zsh && !peek().isWord("do")) {
            int begin = peek().line();
            return Block.of(node(begin, andOr()));
        }
        expect("do", line);
        Block block = list();
        expect("done", line);
        return block;
    }

    private Node each(int line, String keyword) {
        if (peek().is("(")) {
            take();
            ahead = null;
            lexer.next();
            return counting(line);
        }
        String name = take().text();
        boolean some = false;
        while (shared.zsh && peek().kind() == ShellLexer.Kind.WORD && !peek().isWord("in") && !peek().isWord("do")) {
            take();
        }
        skipNewlines();
        if (takeWord("in")) {
            while (peek().kind() == ShellLexer.Kind.WORD) {
                some |= isSomething(take());
            }
        } else if (peek().is("(")) {
            take();
            while (peek().kind() == ShellLexer.Kind.WORD || peek().kind() == ShellLexer.Kind.NEWLINE) {
                some |= isSomething(take());
            }
            expect(")", line);
        }
        if (keyword.equals("select")) {
            shared.readsFromTerminal(line);
            return Node.Loop.of(
                    line, Node.Form.WHILE, Condition.Test.read(Effect.of(Change.read(name, Set.of()))), body(line));
        }
        skipSeparators();
        Block body;
        if (keyword.equals("foreach")) {
            lists++;
            body = list();
            lists--;
            expect("end", line);
        } else {
            body = body(line);
        }
        Node.Form form = some ? Node.Form.EACH_OF_SOME : Node.Form.EACH;
        return new Node.Loop(
                line,
                form,
                new Condition.Constant(true),
                Effect.of(Change.up(name)),
                Block.EMPTY,
                body,
                Block.EMPTY,
                null);
    }

    private static boolean isSomething(ShellLexer.Token token) {
        ShellWord word = token.word();
        if (word == null) {
            return false;
        }
        boolean counted = word.commands.stream()
                .anyMatch(command -> !command.isEmpty() && command.get(0).equals("seq"));
        return counted || !word.expands;
    }

    /** {@code for ((a; b; c))}. */
    private Node counting(int line) {
        ShellWord word = new ShellWord(line);
        List<String> tokens = lexer.arithmetic(word);
        List<List<String>> parts = new ArrayList<>(List.of(new ArrayList<>()));
        for (String token : tokens) {
            if (token.equals(";")) {
                parts.add(new ArrayList<>());
            } else {
                parts.get(parts.size() - 1).add(token);
            }
        }
        Condition test = parts.size() < 2 || parts.get(1).isEmpty()
                ? new Condition.Constant(true)
                : new ShellArithmetic(parts.get(1)).condition();
        Effect update = parts.size() < 3 ? Effect.NONE : new ShellArithmetic(parts.get(2)).effect();
        skipSeparators();
        Block body = body(line);
        return new Node.Loop(
                line,
                Node.Form.WHILE,
                test,
                Effect.NONE,
                Block.of(new Node.Step(line, update)),
                body,
                Block.EMPTY,
                null);
    }

    private Node cases(int line) {
        ShellLexer.Token subject = take();
        skipNewlines();
        boolean braces = takeWord("{");
        if (!braces) {
            expect("in", line);
        }
        List<Block> arms = new ArrayList<>();
        boolean complete = false;
        while (true) {
            skipNewlines();
            if (takeWord(braces ? "}" : "esac")) {
                break;
            }
            if (peek().is("(")) {
                take();
            }
            while (!peek().is(")")) {
                ShellLexer.Token pattern = take();
                if (pattern.kind() == ShellLexer.Kind.END) {
                    throw new UnreadableScriptException(line, "the 'case' that begins here lacks its 'esac'");
                }
                complete |= pattern.isWord("*");
            }
            take();
            arms.add(list());
            if (peek().kind() == ShellLexer.Kind.SIGN && peek().text().startsWith(";")) {
                take();
            }
        }
        ShellWord word = subject.word();
        Set<String> used = word == null ? Set.of() : word.tested();
        Condition.Test test =
                Condition.Test.other(used, word != null && word.clock, word == null ? Effect.NONE : word.effect());
        return new Node.Cases(line, test, arms, complete, false);
    }

    private Condition function(int line, String name) {
        skipNewlines();
        int clocks = shared.clocksSeen;
        int reads = shared.reads();
        locals.push(new HashSet<>(Set.of("@")));
        Condition body = command();
        if (shared.clocksSeen > clocks) {
            shared.isClock(name);
        }
        Block block = body instanceof Condition.Run run ? run.block() : Block.of(new Node.Check(line, body));
        shared.script.define(new Node.Function(line, name, block, locals.pop(), true));
        redirections(reads);
        return as(new Node.Step(line, Effect.NONE));
    }

    private Condition brackets(int line) {
        Condition condition = bracketOr(line);
        return condition;
    }

    private ShellLexer.Token peekInBrackets() {
        while (ahead == null || ahead.kind() == ShellLexer.Kind.NEWLINE) {
            ahead = lexer.nextInBrackets(false);
        }
        if (ahead.kind() == ShellLexer.Kind.END) {
            throw new UnreadableScriptException(ahead.line(), "a '[[' is never closed");
        }
        return ahead;
    }

    private Condition bracketOr(int line) {
        Condition left = bracketAnd(line);
        while (peekInBrackets().is("||")) {
            ahead = null;
            left = new Condition.Or(left, bracketAnd(line));
        }
        if (ahead != null && ahead.isWord("]]")) {
            ahead = null;
        }
        return left;
    }

    private Condition bracketAnd(int line) {
        Condition left = bracketOne(line);
        while (peekInBrackets().is("&&")) {
            ahead = null;
            left = new Condition.And(left, bracketOne(line));
        }
        return left;
    }

    private Condition bracketOne(int line) {
        ShellLexer.Token first = peekInBrackets();
        if (first.isWord("]]")) {
            return new Condition.Constant(true);
        }
        ahead = null;
        if (first.isWord("!")) {
            enter(line);
            Condition one = bracketOne(line);
            shared.depth--;
            return Condition.not(one);
        }
        if (first.is("(")) {
            enter(line);
            Condition inside = bracketAnd(line);
            while (peekInBrackets().is("||")) {
                ahead = null;
                inside = new Condition.Or(inside, bracketAnd(line));
            }
            shared.depth--;
            if (peekInBrackets().is(")")) {
                ahead = null;
            }
            return inside;
        }
        ShellWord word = first.word() == null ? new ShellWord(line) : first.word();
        ShellLexer.Token next = peekInBrackets();
        String sign = next.text();
        if (word.bare
                && word.text().matches("-[a-zA-Z]")
                && next.word() != null
                && !next.isWord("]]")
                && !ShellTest.OPS.containsKey(sign)) {
            ahead = null;
            return ShellTest.unary(word.text(), next.word());
        }
        if (ShellTest.OPS.containsKey(sign)) {
            ahead = null;
            ShellLexer.Token right =
                    lexer.nextInBrackets(sign.equals("=~") || sign.startsWith("=") || sign.equals("!="));
            return ShellTest.binary(word, sign, right.word() == null ? new ShellWord(line) : right.word());
        }
        return ShellTest.unary("-n", word);
    }

    private Condition simple() {
        ShellCommand command = new ShellCommand(peek().line());
        last = command;
        while (true) {
            ShellLexer.Token token = peek();
            ShellWord word = token.word();
            if (token.kind() == ShellLexer.Kind.REDIRECTION) {
                command.redirections.add(take());
            } else if (token.kind() == ShellLexer.Kind.WORD && word != null) {
                if (shared.zsh && !command.words.isEmpty() && (word.is("}") || word.is("{"))) {
                    break;
                }
                take();
                if (command.words.isEmpty() && ShellCommand.isAssignment(word)) {
                    command.assigned.add(word);
                } else {
                    command.words.add(word);
                }
                if (command.words.size() == 1
                        && command.redirections.isEmpty()
                        && lexer.atParenthesis()
                        && !word.expands) {
                    return defined(command, word);
                }
            } else if (token.is("(") && command.words.size() == 1 && command.redirections.isEmpty()) {
                return defined(command, command.words.get(0));
            } else {
                break;
            }
        }
        if (command.words.isEmpty() && command.assigned.isEmpty() && command.redirections.isEmpty()) {
            ShellLexer.Token token = take();
            throw new UnreadableScriptException(
                    token.line(),
                    "a command is missing before '" + shortened(token.text().strip()) + "'");
        }
        ShellWord around = lexer.openWord();
        if (around != null && !command.words.isEmpty()) {
            around.commands.add(command.texts());
        }
        if (shared.tellsTime(command)) {
            shared.clocksSeen++;
            if (around != null) {
                around.clock = true;
            }
        }
        return commands.condition(command, locals.getFirst());
    }

    /** A function: its name, and an empty pair of parentheses. */
    private Condition defined(ShellCommand command, ShellWord name) {
        take();
        if (!peek().is(")")) {
            throw new UnreadableScriptException(command.line, "unexpected '(' after '" + shortened(name.text()) + "'");
        }
        take();
        return function(command.line, name.text());
    }
}
