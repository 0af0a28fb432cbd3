package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** One word of a shell script, as it is being read. */
final class ShellWord {

    /** Programs whose answer is made of their arguments alone. */
    private static final Set<String> PURE = Set.of(
            "expr",
            "echo",
            "set",
            "shift",
            "true",
            "let",
            "printf",
            "bc",
            "dc",
            "cut",
            "tr",
            "basename",
            "dirname",
            "awk",
            "sed",
            "printenv",
            "wc",
            "test",
            "[",
            "head",
            "tail",
            "cat",
            "readlink",
            "realpath");

    /** Programs, and functions named after them, that change a text that they are given. */
    private static final Pattern FILTER = Pattern.compile(
            "_?([a-z]*_)?([efgpz]*grep|g?sed|g?awk|cut|tr|head|tail|sort|uniq|jq|rev|xargs|math)(_[a-z])?");

    final int line;
    /** Without quotes; a variable is {@code $name}, whatever else is put in is {@code $(}. */
    final StringBuilder text = new StringBuilder();
    /** Nothing in it is quoted. */
    boolean bare = true;
    /** Something is put in when the script runs. */
    boolean expands;
    /** Variables in it, outside of commands. */
    final Set<String> own = new LinkedHashSet<>();
    /** Variables in it, those in its commands included. */
    final Set<String> all = new LinkedHashSet<>();
    /** The simple commands in it, as texts. */
    final List<List<String>> commands = new ArrayList<>();
    /** What its commands do. */
    final List<Block> blocks = new ArrayList<>();
    /** What its arithmetic does, token by token; one element for each piece. */
    final List<List<String>> arithmetic = new ArrayList<>();

    /** The words of an array that is assigned. */
    final List<ShellWord> elements = new ArrayList<>();

    boolean array;

    boolean clock;

    ShellWord(int line) {
        this.line = line;
    }

    String text() {
        return text.toString();
    }

    /** It stands there as it is and may be a keyword. */
    boolean is(String keyword) {
        return bare && !expands && text.length() == keyword.length() && text.indexOf(keyword) == 0;
    }

    /** No command in it may answer otherwise the next time. */
    boolean isPure() {
        return commands.stream().allMatch(command -> command.isEmpty() || isPure(command.get(0)));
    }

    private static boolean isPure(String program) {
        return PURE.contains(program) || FILTER.matcher(program).matches();
    }

    /** The variables that its value is made of and nothing else, for a test of it. */
    Set<String> tested() {
        return isPure() ? all : own;
    }

    /** What its arithmetic changes. */
    Effect effect() {
        Effect effect = Effect.NONE;
        for (List<String> piece : arithmetic) {
            effect = effect.and(new ShellArithmetic(piece).effect());
        }
        return effect;
    }
}
