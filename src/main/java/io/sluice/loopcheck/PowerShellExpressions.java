package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What expressions and commands of PowerShell mean. */
final class PowerShellExpressions {

    private static final Set<String> EMPTY = Set.of("", "False", "0");

    private static final Set<String> TAKES = Set.of(
            "dequeue",
            "pop",
            "removeat",
            "remove",
            "add",
            "enqueue",
            "push",
            "read",
            "readline",
            "movenext",
            "trydequeue",
            "trypop",
            "trytake",
            "take",
            "removerange",
            "insert",
            "clear",
            "readbyte",
            "readtoend");

    private static final Set<String> READS =
            Set.of("dequeue", "pop", "read", "readline", "readbyte", "take", "trytake", "trydequeue");

    /** Commands whose answer is made of their arguments and of the clock. */
    private static final Set<String> OPEN =
            Set.of("test-path", "get-date", "new-timespan", "measure-object", "select-object", "get-random");

    private static final Map<String, Condition.Op> OPS = Map.of(
            "lt", Condition.Op.LESS,
            "le", Condition.Op.LESS,
            "gt", Condition.Op.GREATER,
            "ge", Condition.Op.GREATER,
            "eq", Condition.Op.EQUAL,
            "ne", Condition.Op.DIFFERENT);

    private static final Set<String> OTHER_OPS =
            Set.of("match", "notmatch", "like", "notlike", "contains", "notcontains", "in", "notin", "is", "isnot");

    private static final Set<String> OPENING = Set.of("(", "$(", "@(", "[", "@{");
    private static final Set<String> CONSTANTS = Set.of("true", "false", "null");
    private static final Pattern IN_TEMPLATE = Pattern.compile("\\$\\{?(?:\\w+:)?(\\w+)");
    private static final Set<String> PURE_METHODS = Set.of(
            "split",
            "trim",
            "trimstart",
            "trimend",
            "substring",
            "replace",
            "tolower",
            "toupper",
            "tostring",
            "startswith",
            "endswith",
            "indexof",
            "contains",
            "padleft",
            "padright",
            "addseconds",
            "addminutes");

    private static final int MOST_DEEP = 60;
    /** So many tokens of a value are looked at. */
    private static final int MOST_TOKENS = 2_000;

    /** Functions of the script that tell the time. */
    final Set<String> clocks = new HashSet<>();

    boolean isClock(List<PowerShellToken> tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            PowerShellToken token = tokens.get(i);
            if (token.kind() != PowerShellToken.Kind.WORD) {
                continue;
            }
            String text = token.text();
            boolean member =
                    i > 0 && (tokens.get(i - 1).is(".") || tokens.get(i - 1).is("::"));
            boolean fixed = i + 1 < tokens.size()
                    && (tokens.get(i + 1).kind() == PowerShellToken.Kind.STRING
                            || tokens.get(i + 1).kind() == PowerShellToken.Kind.TEMPLATE);
            if ((text.equals("get-date") && !fixed) || text.equals("new-timespan") || clocks.contains(text)) {
                return true;
            }
            if (member
                    && (text.startsWith("elapsed")
                            || Set.of("now", "utcnow", "tickcount", "tickcount64", "gettimestamp", "startnew")
                                    .contains(text))) {
                return true;
            }
        }
        return false;
    }

    Set<String> names(List<PowerShellToken> tokens) {
        return names(tokens, index -> false);
    }

    private static Set<String> names(List<PowerShellToken> tokens, Predicate<Integer> leftOut) {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < tokens.size(); i++) {
            PowerShellToken token = tokens.get(i);
            if (leftOut.test(i)) {
                continue;
            }
            if (token.isVariable() && !CONSTANTS.contains(token.text())) {
                names.add(token.text());
            } else if (token.kind() == PowerShellToken.Kind.TEMPLATE) {
                Matcher found = IN_TEMPLATE.matcher(token.text());
                while (found.find()) {
                    names.add(found.group(1).toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }

    /** Variables whose value decides a test, and not those that are handed to a command or a method. */
    Set<String> tested(List<PowerShellToken> tokens) {
        boolean[] out = new boolean[tokens.size()];
        int[] closing = closing(tokens);
        for (int i = 0; i < tokens.size(); i++) {
            PowerShellToken token = tokens.get(i);
            boolean opens = token.is("(") || token.is("$(") || token.is("@(");
            if (!opens || closing[i] == 0) {
                continue;
            }
            PowerShellToken first = tokens.get(i + 1);
            boolean command = first.kind() == PowerShellToken.Kind.WORD && !OPEN.contains(first.text());
            boolean method = i > 1
                    && token.glued()
                    && tokens.get(i - 1).kind() == PowerShellToken.Kind.WORD
                    && tokens.get(i - 2).is(".");
            if (command || method) {
                for (int j = i + 1; j < closing[i]; j++) {
                    out[j] = true;
                }
            }
        }
        boolean bare = !tokens.isEmpty()
                && tokens.get(0).kind() == PowerShellToken.Kind.WORD
                && !OPEN.contains(tokens.get(0).text());
        return names(tokens, index -> bare || out[index]);
    }

    static int[] closing(List<PowerShellToken> tokens) {
        int[] closing = new int[tokens.size()];
        int[] open = new int[tokens.size()];
        int depth = 0;
        for (int i = 0; i < tokens.size(); i++) {
            PowerShellToken token = tokens.get(i);
            if (opens(token)) {
                open[depth++] = i;
            } else if (closes(token) && depth > 0) {
                closing[open[--depth]] = i;
            }
        }
        return closing;
    }

    static boolean opens(PowerShellToken token) {
        return token.kind() == PowerShellToken.Kind.SIGN && OPENING.contains(token.text());
    }

    static boolean closes(PowerShellToken token) {
        return token.is(")") || token.is("]") || token.is("}");
    }

    static int lastIndex(List<PowerShellToken> tokens, Predicate<PowerShellToken> wanted) {
        int depth = 0;
        int found = -1;
        for (int i = 0; i < tokens.size(); i++) {
            PowerShellToken token = tokens.get(i);
            depth += opens(token) ? 1 : closes(token) ? -1 : 0;
            if (depth == 0 && wanted.test(token)) {
                found = i;
            }
        }
        return found;
    }

    private static boolean isDashed(PowerShellToken token, String name) {
        return token.kind() == PowerShellToken.Kind.DASHED && token.text().equals(name);
    }

    private static @Nullable String operator(PowerShellToken token) {
        if (token.kind() != PowerShellToken.Kind.DASHED) {
            return null;
        }
        String text = token.text();
        if (OPS.containsKey(text) || OTHER_OPS.contains(text)) {
            return text;
        }
        String rest = text.length() > 2 && (text.charAt(0) == 'c' || text.charAt(0) == 'i') ? text.substring(1) : "";
        return OPS.containsKey(rest) || OTHER_OPS.contains(rest) ? rest : null;
    }

    Condition condition(List<PowerShellToken> tokens) {
        return condition(tokens, 0);
    }

    private Condition condition(List<PowerShellToken> tokens, int depth) {
        if (tokens.isEmpty() || depth > MOST_DEEP) {
            return Condition.Test.other(Set.of(), false, Effect.NONE);
        }
        int at = lastIndex(tokens, token -> isDashed(token, "or") || isDashed(token, "and"));
        if (at > 0) {
            Condition left = condition(tokens.subList(0, at), depth + 1);
            Condition right = condition(tokens.subList(at + 1, tokens.size()), depth + 1);
            return isDashed(tokens.get(at), "or") ? new Condition.Or(left, right) : new Condition.And(left, right);
        }
        int operator = lastIndex(tokens, token -> operator(token) != null);
        boolean negated = isDashed(tokens.get(0), "not") || tokens.get(0).is("!");
        if (negated && operator < 0) {
            return Condition.not(condition(tokens.subList(1, tokens.size()), depth + 1));
        }
        if (tokens.get(0).is("(") && closing(tokens)[0] == tokens.size() - 1 && tokens.size() > 2) {
            return condition(tokens.subList(1, tokens.size() - 1), depth + 1);
        }
        if (operator > 0) {
            Condition compared =
                    comparison(tokens.subList(negated ? 1 : 0, tokens.size()), operator - (negated ? 1 : 0));
            return negated ? Condition.not(compared) : compared;
        }
        return alone(tokens);
    }

    private Condition comparison(List<PowerShellToken> tokens, int at) {
        String sign = String.valueOf(operator(tokens.get(at)));
        List<PowerShellToken> left = tokens.subList(0, at);
        List<PowerShellToken> right = tokens.subList(at + 1, tokens.size());
        String l = literal(left);
        String r = literal(right);
        Condition.Op op = OPS.get(sign);
        if (l != null && r != null && op != null) {
            boolean numbers = Letters.isNumber(l, 9) && Letters.isNumber(r, 9);
            boolean equal = l.equalsIgnoreCase(r);
            return new Condition.Constant(
                    numbers
                            ? Comparing.holds(Long.parseLong(l), "-" + sign, Long.parseLong(r))
                            : equal == sign.equals("eq"));
        }
        Effect effect = effect(tokens);
        boolean clock = isClock(tokens);
        if (op == null) {
            return Condition.Test.other(tested(tokens), clock, effect);
        }
        if (l != null && (op == Condition.Op.EQUAL || op == Condition.Op.DIFFERENT)) {
            return Condition.Test.compare(op, tested(right), Set.of(), l, clock, effect);
        }
        return Condition.Test.compare(op, tested(left), tested(right), r, clock, effect);
    }

    private Condition alone(List<PowerShellToken> tokens) {
        String literal = literal(tokens);
        if (literal != null) {
            return new Condition.Constant(!EMPTY.contains(literal));
        }
        Effect effect = effect(tokens);
        Set<String> tested = tested(tokens);
        Condition.Test test = effect.calls().isEmpty()
                ? Condition.Test.isThere(tested, EMPTY, isClock(tokens), effect)
                : Condition.Test.other(tested, isClock(tokens), effect);
        return test.handing(names(tokens));
    }

    static @Nullable String literal(List<PowerShellToken> tokens) {
        if (tokens.size() == 2 && tokens.get(0).is("@(") && tokens.get(1).is(")")) {
            return "";
        }
        if (tokens.size() != 1) {
            return null;
        }
        PowerShellToken token = tokens.get(0);
        return switch (token.kind()) {
            case NUMBER, STRING -> token.text();
            case TEMPLATE -> token.text().indexOf('$') < 0 ? token.text() : null;
            case VARIABLE ->
                switch (token.text()) {
                    case "true" -> "True";
                    case "false" -> "False";
                    case "null" -> "";
                    default -> null;
                };
            default -> null;
        };
    }

    /** What is done while it is computed. */
    Effect effect(List<PowerShellToken> tokens) {
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        List<Change> changes = new ArrayList<>();
        Set<String> calls = new LinkedHashSet<>();
        boolean start = true;
        for (int i = 0; i < tokens.size(); i++) {
            PowerShellToken token = tokens.get(i);
            PowerShellToken next = i + 1 < tokens.size() ? tokens.get(i + 1) : null;
            if (token.kind() == PowerShellToken.Kind.WORD) {
                if (i > 0 && (tokens.get(i - 1).is(".") || tokens.get(i - 1).is("::")) && token.glued()) {
                    member(tokens, i, traits, changes);
                } else if (start) {
                    command(token.text(), tokens.subList(i, tokens.size()), traits, calls);
                }
            } else if (token.isVariable() && next != null && next.kind() == PowerShellToken.Kind.SIGN) {
                changed(tokens, i, changes);
            } else if ((token.is("++") || token.is("--")) && next != null && next.isVariable()) {
                changes.add(token.is("++") ? Change.up(next.text()) : Change.down(next.text()));
            }
            start = opens(token)
                    || token.is("|")
                    || token.is("=")
                    || token.is("&")
                    || token.is(";")
                    || token.is("&&")
                    || token.is("||")
                    || token.kind() == PowerShellToken.Kind.NEWLINE
                    || (start && token.is("."));
        }
        return new Effect(traits, changes, calls);
    }

    private static void command(String name, List<PowerShellToken> from, Set<Trait> traits, Set<String> calls) {
        if (Names.says(name)) {
            traits.add(Trait.SAYS);
        } else if (name.startsWith("write-") || name.equals("out-host")) {
            traits.add(Trait.SAYS);
        }
        boolean waits = name.startsWith("wait-")
                && from.stream()
                        .anyMatch(token -> token.kind() == PowerShellToken.Kind.DASHED
                                && token.text().startsWith("timeout"));
        if (name.equals("start-sleep") || name.equals("sleep") || waits) {
            traits.add(Trait.SLEEPS);
        }
        if (!traits.contains(Trait.SAYS) && !name.equals("start-sleep") && !OPEN.contains(name)) {
            traits.add(Trait.MAY_FAIL);
        }
        calls.add(name);
    }

    private void member(List<PowerShellToken> tokens, int i, Set<Trait> traits, List<Change> changes) {
        String name = tokens.get(i).text();
        boolean called = i + 1 < tokens.size() && tokens.get(i + 1).is("(");
        if (!called) {
            return;
        }
        boolean empty = i + 2 < tokens.size() && tokens.get(i + 2).is(")");
        if (!PURE_METHODS.contains(name)) {
            traits.add(Trait.MAY_FAIL);
        }
        if (name.equals("sleep") || (name.startsWith("wait") && !empty)) {
            traits.add(Trait.SLEEPS);
        } else if (name.startsWith("writeline") || name.equals("write")) {
            traits.add(Trait.SAYS);
        }
        PowerShellToken object = i > 1 ? tokens.get(i - 2) : null;
        if (object != null && object.isVariable()) {
            if (TAKES.contains(name)) {
                changes.add(Change.inPlace(object.text()));
            } else if (name.equals("restart") || name.equals("reset")) {
                changes.add(new Change(object.text(), Set.of(), Change.How.TIMED, null));
            }
        }
    }

    /** What a variable gets, if it gets something. */
    private void changed(List<PowerShellToken> tokens, int i, List<Change> changes) {
        String name = tokens.get(i).text();
        int at = i + 1;
        boolean element = false;
        while (tokens.size() > at && tokens.get(at).is("[") && tokens.get(at).glued()) {
            int close = closing(tokens.subList(at, Math.min(tokens.size(), at + MOST_TOKENS)))[0];
            at += close + 1;
            element = true;
            if (close == 0) {
                return;
            }
        }
        if (at >= tokens.size()) {
            return;
        }
        PowerShellToken sign = tokens.get(at);
        List<PowerShellToken> value = tokens.subList(at + 1, endOfValue(tokens, at + 1));
        switch (sign.kind() == PowerShellToken.Kind.SIGN ? sign.text() : "") {
            case "++" -> changes.add(Change.up(name));
            case "--" -> changes.add(Change.down(name));
            case "+=" -> changes.add(Change.up(name));
            case "-=" -> changes.add(Change.down(name));
            case "*=", "/=", "%=" -> changes.add(Change.inPlace(name));
            case "=" -> {
                if (!element || names(value).contains(name)) {
                    changes.add(assigned(name, value));
                }
            }
            case "," -> {
                // One of several that get values.
                int equals = tokens.size() > MOST_TOKENS ? -1 : lastIndex(tokens, token -> token.is("="));
                if (equals > at) {
                    changes.add(Change.made(name, names(tokens.subList(equals + 1, tokens.size()))));
                }
            }
            default -> {
                // It is only looked at.
            }
        }
    }

    private static int endOfValue(List<PowerShellToken> tokens, int from) {
        int depth = 0;
        for (int i = from; i < Math.min(tokens.size(), from + MOST_TOKENS); i++) {
            depth += opens(tokens.get(i)) ? 1 : closes(tokens.get(i)) ? -1 : 0;
            if (depth < 0 || (depth == 0 && tokens.get(i).is(";"))) {
                return i;
            }
        }
        return Math.min(tokens.size(), from + MOST_TOKENS);
    }

    Change assigned(String name, List<PowerShellToken> value) {
        Set<String> from = names(value);
        if (isClock(value)) {
            return new Change(name, from, Change.How.TIMED, null);
        }
        for (int i = 0; i < value.size(); i++) {
            PowerShellToken token = value.get(i);
            if (token.isWord("read-host")) {
                return Change.read(name, Set.of());
            }
            boolean called = token.kind() == PowerShellToken.Kind.WORD
                    && i + 1 < value.size()
                    && value.get(i + 1).is("(");
            if (called
                    && READS.contains(token.text())
                    && i > 0
                    && (value.get(i - 1).is(".") || value.get(i - 1).is("::"))) {
                PowerShellToken object = i > 1 ? value.get(i - 2) : null;
                if (object != null && object.isVariable()) {
                    return Change.read(name, Set.of(object.text()));
                } else if (object != null && object.is("]")) {
                    return Change.read(name, Set.of());
                }
            }
        }
        if (value.size() == 3
                && value.get(0).isVariable()
                && value.get(0).text().equals(name)
                && value.get(2).kind() == PowerShellToken.Kind.NUMBER) {
            return value.get(1).is("+")
                    ? Change.up(name)
                    : value.get(1).is("-") ? Change.down(name) : Change.inPlace(name);
        }
        String literal = literal(value);
        if (literal != null) {
            return Change.literal(name, literal);
        }
        return isPure(value) ? Change.computed(name, from) : Change.made(name, from);
    }

    /** No command and no foreign method may answer otherwise the next time. */
    private boolean isPure(List<PowerShellToken> value) {
        Effect effect = effect(value);
        return effect.calls().isEmpty() && !effect.traits().contains(Trait.MAY_FAIL);
    }
}
