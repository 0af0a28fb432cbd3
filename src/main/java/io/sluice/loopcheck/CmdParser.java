package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads scripts of cmd. Their loops are mostly jumps back. */
final class CmdParser {

    private static final int MOST_DEEP = 100;
    private static final int MOST_ON_A_LINE = 30;
    private static final Pattern FOR = Pattern.compile(
            "(?is)^for\\s+(/[a-z])?\\s*(\"[^\"]*\"|[^%\\s(]\\S*)?\\s*(%%[a-z?#$@])\\s+in\\s*\\((.*?)\\)\\s*do\\b\\s*(.*)$");

    private static final Pattern ELSE = Pattern.compile("(?i)else\\b");

    private final Script script = new Script();
    private final CmdCommands commands = new CmdCommands(script);
    private final CmdLexer lexer;
    private CmdLexer.@Nullable Token ahead;
    /** Open parentheses. */
    private int depth;
    /** Conditions and loops on one line. */
    private int within;

    private CmdParser(String text, int line) {
        this.lexer = new CmdLexer(text, line, script.comments);
    }

    /**
     * @throws UnreadableScriptException if its parentheses do not match, or are nested beyond measure
     */
    static Script parse(String text, int line) {
        CmdParser parser = new CmdParser(text, line);
        List<Node> nodes = new ArrayList<>();
        while (parser.peek().kind() != CmdLexer.Kind.END) {
            parser.line(nodes);
        }
        parser.script.main = new Block(nodes);
        parser.jumps(nodes);
        return parser.script;
    }

    private CmdLexer.Token peek() {
        if (ahead == null) {
            ahead = lexer.next(depth);
        }
        return ahead;
    }

    private CmdLexer.Token take() {
        CmdLexer.Token token = peek();
        ahead = null;
        return token;
    }

    private void line(List<Node> nodes) {
        CmdLexer.Token token = peek();
        if (token.kind() == CmdLexer.Kind.NEWLINE || token.is("&")) {
            take();
        } else if (token.kind() == CmdLexer.Kind.LABEL) {
            take();
            if (!token.text().isEmpty()) {
                nodes.add(new Node.Label(token.line(), token.text()));
            }
        } else if (token.is(")") || token.is("|") || token.is("&&") || token.is("||")) {
            take();
        } else {
            nodes.addAll(chain().nodes());
        }
    }

    /** Commands joined by signs. */
    private Block chain() {
        List<Node> nodes = new ArrayList<>();
        Block left = command();
        while (true) {
            if (peek().is("&&") || peek().is("||")) {
                boolean and = take().is("&&");
                Block right = command();
                int line = left.nodes().isEmpty() ? 0 : left.nodes().get(0).line();
                Condition test = new Condition.Run(left);
                left = Block.of(new Node.Choice(line, test, and ? right : Block.EMPTY, and ? Block.EMPTY : right));
            } else if (peek().is("|")) {
                take();
                nodes.addAll(left.nodes());
                left = command();
            } else if (peek().is("&")) {
                take();
                nodes.addAll(left.nodes());
                if (peek().kind() == CmdLexer.Kind.NEWLINE || peek().kind() == CmdLexer.Kind.END || peek().is(")")) {
                    return new Block(nodes);
                }
                left = command();
            } else {
                nodes.addAll(left.nodes());
                return new Block(nodes);
            }
        }
    }

    private Block command() {
        CmdLexer.Token token = take();
        if (token.is("(")) {
            return parenthesis(token.line());
        }
        if (token.kind() != CmdLexer.Kind.COMMAND || token.text().isEmpty()) {
            return Block.EMPTY;
        }
        return command(token);
    }

    private Block parenthesis(int line) {
        if (++depth > MOST_DEEP) {
            throw new UnreadableScriptException(line, "nested more than " + MOST_DEEP + " deep");
        }
        List<Node> nodes = new ArrayList<>();
        while (!peek().is(")")) {
            if (peek().kind() == CmdLexer.Kind.END) {
                throw new UnreadableScriptException(line, "a '(' is never closed");
            }
            line(nodes);
        }
        take();
        depth--;
        return new Block(nodes);
    }

    private Block command(CmdLexer.Token token) {
        List<String> words = CmdLexer.words(token.text());
        String first = words.get(0).toLowerCase(Locale.ROOT);
        if (first.equals("if")) {
            return Block.of(choice(token, words));
        } else if (first.equals("for")) {
            return Block.of(each(token));
        } else if (first.equals("goto") || first.startsWith("goto:")) {
            String rest = token.text().substring(4).strip();
            return Block.of(jump(token.line(), rest.startsWith(":") ? rest.substring(1) : rest));
        } else if (first.equals("exit")) {
            boolean back = words.stream().anyMatch(word -> word.equalsIgnoreCase("/b"));
            return Block.of(Node.Jump.of(token.line(), back ? Node.Way.RETURN : Node.Way.EXIT));
        }
        return Block.of(commands.command(token, words));
    }

    private static Node jump(int line, String target) {
        String name = CmdLexer.labelName(target);
        return name.equals("eof") || target.contains("%") || target.contains("!")
                ? Node.Jump.of(line, Node.Way.RETURN)
                : new Node.Jump(line, Node.Way.GOTO, name, 1, false, null);
    }

    private Node choice(CmdLexer.Token token, List<String> words) {
        CmdCommands.Taken taken = CmdCommands.condition(words.subList(1, words.size()));
        List<String> rest = words.subList(1 + taken.words(), words.size());
        Block then = rest.isEmpty() ? command() : body(token, rest);
        Block otherwise = Block.EMPTY;
        CmdLexer.Token next = peek();
        if (next.kind() == CmdLexer.Kind.COMMAND && ELSE.matcher(next.text()).lookingAt()) {
            take();
            String after = next.text().substring(4).strip();
            otherwise = after.isEmpty() ? command() : body(next, CmdLexer.words(after));
        }
        return new Node.Choice(token.line(), taken.condition(), then, otherwise);
    }

    /** A command that stands behind a condition. */
    private Block body(CmdLexer.Token token, List<String> words) {
        if (++within > MOST_ON_A_LINE) {
            throw new UnreadableScriptException(
                    token.line(), "more than " + MOST_ON_A_LINE + " conditions on one line");
        }
        String text = String.join(" ", words);
        text = text.startsWith("@") ? text.substring(1) : text;
        Block body = text.isBlank()
                ? Block.EMPTY
                : command(new CmdLexer.Token(CmdLexer.Kind.COMMAND, text, token.line(), token.heard(), token.input()));
        within--;
        return body;
    }

    private Node each(CmdLexer.Token token) {
        Matcher parts = FOR.matcher(token.text());
        if (!parts.matches()) {
            return new Node.Step(token.line(), Effect.NONE);
        }
        String kind = parts.group(1) == null ? "" : parts.group(1).toLowerCase(Locale.ROOT);
        String variable = parts.group(3).toLowerCase(Locale.ROOT);
        String list = parts.group(4);
        String rest = parts.group(5).strip();
        Block body = rest.isEmpty() ? command() : body(token, List.of(rest));
        boolean endless = kind.equals("/l") && isEndless(list);
        boolean some = kind.equals("/l") || (kind.isEmpty() && !list.contains("%") && !list.contains("*"));
        Node.Form form = endless ? Node.Form.WHILE : some ? Node.Form.EACH_OF_SOME : Node.Form.EACH;
        Effect each = endless ? Effect.NONE : Effect.of(Change.up(variable));
        return new Node.Loop(
                token.line(), form, new Condition.Constant(true), each, Block.EMPTY, body, Block.EMPTY, null);
    }

    /** A step of nothing, towards an end that is not passed. */
    private static boolean isEndless(String list) {
        String[] numbers = list.strip().split("[\\s,;]+");
        return numbers.length == 3
                && Letters.isSignedNumber(numbers[0], 9)
                && Letters.isSignedNumber(numbers[2], 9)
                && Letters.isZero(numbers[1])
                && Integer.parseInt(numbers[0]) <= Integer.parseInt(numbers[2]);
    }

    /** Finds the loops that jumps make, and the parts that are called. */
    private void jumps(List<Node> nodes) {
        Map<String, Integer> labels = new HashMap<>();
        Map<String, Integer> lastJump = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            int index = i;
            if (node instanceof Node.Label label) {
                labels.putIfAbsent(label.name(), i);
            }
            new Walk(Map.of(), seen -> {
                        if (seen instanceof Node.Jump jump && jump.way() == Node.Way.GOTO && jump.target() != null) {
                            lastJump.put(jump.target(), index);
                        } else if (seen instanceof Effect effect) {
                            effect.calls().forEach(name -> lastJump.putIfAbsent("call " + name, index));
                        }
                    })
                    .node(node);
        }
        labels.forEach((name, at) -> {
            int to = lastJump.getOrDefault(name, -1);
            if (to > at) {
                Node.Loop loop = new Node.Loop(
                        nodes.get(at).line(),
                        Node.Form.JUMPS,
                        new Condition.Constant(true),
                        Effect.NONE,
                        Block.EMPTY,
                        new Block(nodes.subList(at + 1, to + 1)),
                        Block.EMPTY,
                        name);
                script.jumpLoops.add(new Script.JumpLoop(loop, nodes.subList(to + 1, nodes.size())));
            }
            if (lastJump.containsKey("call " + name)) {
                Block body = new Block(nodes.subList(at + 1, nodes.size()));
                script.functions.put(name, new Node.Function(nodes.get(at).line(), name, body, Set.of(), true));
            }
        });
    }
}
