package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What is between {@code ((} and {@code ))}, as tokens: names, numbers, signs, and {@link #CLOCK}. */
final class ShellArithmetic {

    /** Stands for a look at the clock. */
    static final String CLOCK = "\u0001";

    /** Stands for the answer of some command. */
    static final String COMMAND = "\u0002";

    static final Set<String> CLOCKS = Set.of("SECONDS", "EPOCHSECONDS", "EPOCHREALTIME");

    private static final Set<String> EMPTY = Set.of("", "0");
    private static final Set<String> COMPARING = Set.of("<", ">", "<=", ">=", "==", "!=");
    private static final int MOST_DEEP = 60;

    private final List<String> tokens;

    ShellArithmetic(List<String> tokens) {
        this.tokens = tokens;
    }

    /** Cuts a text into tokens. */
    static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int from = i++;
            if (Character.isWhitespace(c) || c == '"' || c == '\'' || c == '$' || c == '{' || c == '}' || c == '\\') {
                continue;
            } else if (Character.isLetterOrDigit(c) || c == '_' || c == '@') {
                while (i < text.length() && (Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_')) {
                    i++;
                }
            } else if (i < text.length() && "+-&|=".indexOf(c) >= 0 && text.charAt(i) == c) {
                i++;
            } else if (i < text.length() && "<>".indexOf(c) >= 0 && text.charAt(i) == c) {
                i += i + 1 < text.length() && text.charAt(i + 1) == '=' ? 2 : 1;
            } else if (i < text.length() && "<>=!+-*/%&|^".indexOf(c) >= 0 && text.charAt(i) == '=') {
                i++;
            }
            tokens.add(text.substring(from, i));
        }
        return tokens;
    }

    static boolean isName(String token) {
        char c = token.charAt(0);
        return Character.isLetter(c) || c == '_' || c == '@';
    }

    /** Whether it is not zero, as a condition. */
    Condition condition() {
        List<String> last = tokens;
        Effect before = Effect.NONE;
        int comma = lastIndex(tokens, ","::equals);
        if (comma >= 0) {
            before = new ShellArithmetic(tokens.subList(0, comma)).effect();
            last = tokens.subList(comma + 1, tokens.size());
        }
        Condition condition = condition(last, 0);
        return before.isNothing()
                ? condition
                : new Condition.And(
                        new Condition.Or(
                                new Condition.Run(Block.of(new Node.Step(0, before))), new Condition.Constant(true)),
                        condition);
    }

    private Condition condition(List<String> part, int depth) {
        if (depth > MOST_DEEP) {
            return Condition.Test.other(names(part), hasClock(part), effect(part));
        }
        int or = lastIndex(part, "||"::equals);
        if (or > 0) {
            return new Condition.Or(
                    condition(part.subList(0, or), depth + 1), condition(part.subList(or + 1, part.size()), depth + 1));
        }
        int and = lastIndex(part, "&&"::equals);
        if (and > 0) {
            return new Condition.And(
                    condition(part.subList(0, and), depth + 1),
                    condition(part.subList(and + 1, part.size()), depth + 1));
        }
        if (!part.isEmpty() && part.get(0).equals("!")) {
            return Condition.not(condition(part.subList(1, part.size()), depth + 1));
        }
        if (isWrapped(part)) {
            return condition(part.subList(1, part.size() - 1), depth + 1);
        }
        int at = lastIndex(part, COMPARING::contains);
        if (at < 0) {
            return alone(part);
        }
        List<String> left = part.subList(0, at);
        List<String> right = part.subList(at + 1, part.size());
        if (isConstant(left) && isConstant(right)) {
            return constant(left, part.get(at), right);
        }
        Condition.Op op = switch (part.get(at)) {
            case "<", "<=" -> Condition.Op.LESS;
            case ">", ">=" -> Condition.Op.GREATER;
            case "==" -> Condition.Op.EQUAL;
            default -> Condition.Op.DIFFERENT;
        };
        String literal = right.size() == 1 && Character.isDigit(right.get(0).charAt(0)) ? right.get(0) : null;
        return Condition.Test.compare(op, names(left), names(right), literal, hasClock(part), effect(part));
    }

    private Condition alone(List<String> part) {
        if (isConstant(part)) {
            return new Condition.Constant(!part.isEmpty() && !part.get(0).equals("0"));
        }
        return Condition.Test.isThere(names(part), EMPTY, hasClock(part), effect(part));
    }

    private static boolean isConstant(List<String> part) {
        return part.size() <= 1
                && (part.isEmpty() || Character.isDigit(part.get(0).charAt(0)));
    }

    private static Condition constant(List<String> left, String op, List<String> right) {
        String l = left.isEmpty() ? "0" : left.get(0);
        String r = right.isEmpty() ? "0" : right.get(0);
        if (l.length() > 15
                || r.length() > 15
                || !l.chars().allMatch(Character::isDigit)
                || !r.chars().allMatch(Character::isDigit)) {
            return new Condition.Constant(true);
        }
        return new Condition.Constant(Comparing.holds(Long.parseLong(l), op, Long.parseLong(r)));
    }

    private static boolean isWrapped(List<String> part) {
        if (part.size() < 2 || !part.get(0).equals("(")) {
            return false;
        }
        int depth = 0;
        for (int i = 0; i < part.size(); i++) {
            depth += part.get(i).equals("(") ? 1 : part.get(i).equals(")") ? -1 : 0;
            if (depth == 0) {
                return i == part.size() - 1;
            }
        }
        return false;
    }

    private static int lastIndex(List<String> part, Predicate<String> wanted) {
        int depth = 0;
        for (int i = part.size() - 1; i >= 0; i--) {
            String token = part.get(i);
            depth += token.equals(")") ? 1 : token.equals("(") ? -1 : 0;
            if (depth == 0 && wanted.test(token)) {
                return i;
            }
        }
        return -1;
    }

    static Set<String> names(List<String> part) {
        Set<String> names = new LinkedHashSet<>();
        for (String token : part) {
            if (isName(token) && !CLOCKS.contains(token)) {
                names.add(token);
            }
        }
        return names;
    }

    private static boolean hasClock(List<String> part) {
        return part.stream().anyMatch(token -> token.equals(CLOCK) || CLOCKS.contains(token));
    }

    Effect effect() {
        return effect(tokens);
    }

    /** Steps and assignments in it. */
    private static Effect effect(List<String> part) {
        Effect effect = Effect.NONE;
        for (int i = 0; i < part.size(); i++) {
            String token = part.get(i);
            String before = i > 0 && isName(part.get(i - 1)) ? part.get(i - 1) : nameBeforeIndex(part, i);
            String after = i + 1 < part.size() && isName(part.get(i + 1)) ? part.get(i + 1) : null;
            String of = before != null ? before : after;
            if (token.equals("++") && of != null) {
                effect = effect.and(Effect.of(Change.up(of)));
            } else if (token.equals("--") && of != null) {
                effect = effect.and(Effect.of(Change.down(of)));
            } else if (before != null && token.equals("+=")) {
                effect = effect.and(Effect.of(Change.up(before)));
            } else if (before != null && token.equals("-=")) {
                effect = effect.and(Effect.of(Change.down(before)));
            } else if (before != null
                    && token.length() > 1
                    && token.endsWith("=")
                    && "*/%&|^<>".indexOf(token.charAt(0)) >= 0
                    && !token.equals("<=")
                    && !token.equals(">=")) {
                effect = effect.and(Effect.of(Change.inPlace(before)));
            } else if (before != null && token.equals("=")) {
                effect = effect.and(Effect.of(assigned(before, untilComma(part, i + 1))));
            }
        }
        return effect;
    }

    /** For {@code a[i]++}. */
    private static @org.jspecify.annotations.Nullable String nameBeforeIndex(List<String> part, int at) {
        if (at < 3 || !part.get(at - 1).equals("]")) {
            return null;
        }
        int open = at - 2;
        while (open > 0 && !part.get(open).equals("[")) {
            open--;
        }
        return open > 0 && isName(part.get(open - 1)) ? part.get(open - 1) : null;
    }

    private static List<String> untilComma(List<String> part, int from) {
        int end = from;
        int depth = 0;
        while (end < part.size() && depth >= 0 && !(depth == 0 && part.get(end).equals(","))) {
            depth += part.get(end).equals("(") ? 1 : part.get(end).equals(")") ? -1 : 0;
            end++;
        }
        return part.subList(from, depth < 0 ? end - 1 : end);
    }

    /** The change of a variable that gets this value. */
    static Change assigned(String name, List<String> value) {
        if (hasClock(value)) {
            return new Change(name, names(value), Change.How.TIMED, null);
        }
        Set<String> from = names(value);
        if (from.size() == 1
                && from.contains(name)
                && value.size() == 3
                && value.get(0).equals(name)
                && value.get(2).chars().allMatch(Character::isDigit)) {
            return value.get(1).equals("+")
                    ? Change.up(name)
                    : value.get(1).equals("-") ? Change.down(name) : Change.inPlace(name);
        }
        if (from.size() == 1
                && value.size() == 3
                && value.get(1).equals("+")
                && value.get(2).equals(name)) {
            return Change.up(name);
        }
        return value.size() == 1 && from.isEmpty()
                ? Change.literal(name, value.get(0))
                : value.contains(COMMAND) ? Change.made(name, from) : Change.computed(name, from);
    }
}
