package io.sluice.loopcheck;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is between {@code [} and {@code ]}, or after {@code test}. */
final class ShellTest {

    private static final Set<String> NOTHING = Set.of("");
    private static final int MOST_DEEP = 60;

    static final Map<String, Condition.Op> OPS = Map.ofEntries(
            Map.entry("=", Condition.Op.EQUAL),
            Map.entry("==", Condition.Op.EQUAL),
            Map.entry("!=", Condition.Op.DIFFERENT),
            Map.entry("-eq", Condition.Op.EQUAL),
            Map.entry("-ne", Condition.Op.DIFFERENT),
            Map.entry("-lt", Condition.Op.LESS),
            Map.entry("-le", Condition.Op.LESS),
            Map.entry("-gt", Condition.Op.GREATER),
            Map.entry("-ge", Condition.Op.GREATER),
            Map.entry("<", Condition.Op.LESS),
            Map.entry(">", Condition.Op.GREATER),
            Map.entry("=~", Condition.Op.OTHER),
            Map.entry("-nt", Condition.Op.OTHER),
            Map.entry("-ot", Condition.Op.OTHER),
            Map.entry("-ef", Condition.Op.OTHER));

    private ShellTest() {}

    static Condition of(List<ShellWord> words) {
        return of(words, 0);
    }

    private static Condition of(List<ShellWord> words, int depth) {
        if (words.isEmpty()) {
            return new Condition.Constant(false);
        }
        if (words.size() == 3 && OPS.containsKey(words.get(1).text())) {
            return binary(words.get(0), words.get(1).text(), words.get(2));
        }
        for (String sign : List.of("-o", "-a")) {
            for (int i = words.size() - 2; i > 0 && depth < MOST_DEEP; i--) {
                if (words.get(i).is(sign)) {
                    Condition left = of(words.subList(0, i), depth + 1);
                    Condition right = of(words.subList(i + 1, words.size()), depth + 1);
                    return sign.equals("-o") ? new Condition.Or(left, right) : new Condition.And(left, right);
                }
            }
        }
        if (words.size() > 1 && words.get(0).is("!")) {
            return Condition.not(of(words.subList(1, words.size()), depth + 1));
        }
        if (words.size() > 2 && words.get(0).text().equals("(")) {
            return of(words.subList(1, words.size() - 1), depth + 1);
        }
        if (words.size() == 2 && words.get(0).text().startsWith("-")) {
            return unary(words.get(0).text(), words.get(1));
        }
        if (words.size() == 1) {
            return unary("-n", words.get(0));
        }
        Set<String> used = new LinkedHashSet<>();
        boolean clock = false;
        for (ShellWord word : words) {
            used.addAll(word.tested());
            clock |= word.clock;
        }
        return Condition.Test.other(used, clock, Effect.NONE);
    }

    static Condition unary(String op, ShellWord word) {
        if (op.equals("-n") || op.equals("-z")) {
            Condition there = word.expands
                    ? Condition.Test.isThere(word.tested(), NOTHING, word.clock, word.effect())
                    : new Condition.Constant(word.text.length() > 0);
            return op.equals("-n") ? there : Condition.not(there);
        }
        return Condition.Test.other(word.tested(), word.clock, word.effect());
    }

    static Condition binary(ShellWord left, String sign, ShellWord right) {
        Condition.Op op = OPS.getOrDefault(sign, Condition.Op.OTHER);
        boolean numbers = sign.length() == 3 && sign.startsWith("-");
        Set<String> l = new LinkedHashSet<>(left.tested());
        Set<String> r = new LinkedHashSet<>(right.tested());
        boolean clock = left.clock || right.clock;
        if (numbers) {
            for (ShellWord side : List.of(left, right)) {
                String text = side.text();
                if (!side.expands && !text.isEmpty() && ShellArithmetic.isName(text)) {
                    clock |= ShellArithmetic.CLOCKS.contains(text);
                    (side == left ? l : r).addAll(ShellArithmetic.names(ShellArithmetic.tokens(text)));
                }
            }
        }
        boolean fixed = !left.expands && !right.expands && l.isEmpty() && r.isEmpty() && !clock;
        if (fixed && op != Condition.Op.OTHER) {
            return constant(left.text(), sign, right.text());
        }
        boolean pattern = right.expands
                || (right.bare
                        && Letters.before(right.text(), "*?[").length()
                                < right.text().length());
        String literal = pattern ? null : right.text();
        Effect effect = left.effect().and(right.effect());
        if (sign.equals("=~")) {
            Set<String> from = union(l, r);
            effect = effect.and(Effect.of(Change.computed("BASH_REMATCH", from), Change.computed("match", from)));
        }
        return op == Condition.Op.OTHER
                ? Condition.Test.other(union(l, r), clock, effect)
                : Condition.Test.compare(op, l, r, literal, clock, effect);
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new LinkedHashSet<>(one);
        all.addAll(other);
        return all;
    }

    private static Condition constant(String left, String sign, String right) {
        boolean numbers = sign.startsWith("-") && isNumber(left) && isNumber(right);
        if (numbers) {
            return new Condition.Constant(Comparing.holds(Long.parseLong(left), sign, Long.parseLong(right)));
        }
        return new Condition.Constant(
                switch (sign) {
                    case "!=", "-ne" -> !left.equals(right);
                    case "<" -> left.compareTo(right) < 0;
                    case ">" -> left.compareTo(right) > 0;
                    default -> left.equals(right);
                });
    }

    private static boolean isNumber(String text) {
        return Letters.isSignedNumber(text, 15);
    }
}
