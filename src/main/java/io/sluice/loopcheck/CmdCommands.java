package io.sluice.loopcheck;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What commands and conditions of cmd mean. */
final class CmdCommands {

    private static final Pattern VARIABLE =
            Pattern.compile("%%~?[a-zA-Z$:]*?([a-zA-Z])|%~?[a-zA-Z$:]*([0-9*])|[%!]([^%!\\s:=]+)(?::[^%!]*)?[%!]");

    private static final Pattern CLOCK = Pattern.compile("(?i)[%!](time|date)(:[^%!]*)?[%!]");
    private static final Pattern SILENT = Pattern.compile("(?i)echo(\\s+(on|off))?|echo[.:(/].?\\s*");
    private static final Set<String> EMPTY = Set.of("");
    private static final Set<String> CLOCKS = Set.of("time", "date");

    private static final Map<String, Condition.Op> OPS = Map.of(
            "lss", Condition.Op.LESS,
            "leq", Condition.Op.LESS,
            "gtr", Condition.Op.GREATER,
            "geq", Condition.Op.GREATER,
            "equ", Condition.Op.EQUAL,
            "neq", Condition.Op.DIFFERENT,
            "==", Condition.Op.EQUAL);

    private final Script script;

    CmdCommands(Script script) {
        this.script = script;
    }

    static Set<String> variables(String text) {
        Set<String> variables = new LinkedHashSet<>();
        Matcher found = VARIABLE.matcher(text);
        while (found.find()) {
            if (found.group(1) != null) {
                variables.add("%%" + found.group(1).toLowerCase(Locale.ROOT));
            } else if (found.group(2) != null) {
                variables.add("@");
            } else if (!CLOCKS.contains(found.group(3).toLowerCase(Locale.ROOT))) {
                variables.add(found.group(3).toLowerCase(Locale.ROOT));
            }
        }
        return variables;
    }

    private static boolean isClock(String text) {
        return CLOCK.matcher(text).find();
    }

    static String unquoted(String text) {
        return text.replace("\"", "").strip();
    }

    /** A condition, and how many of the words it takes. */
    record Taken(Condition condition, int words) {}

    /** What follows {@code if}. */
    static Taken condition(List<String> words) {
        int at = 0;
        while (at < words.size() && words.get(at).equalsIgnoreCase("/i")) {
            at++;
        }
        boolean not = at < words.size() && words.get(at).equalsIgnoreCase("not");
        at += not ? 1 : 0;
        while (at < words.size() && words.get(at).equalsIgnoreCase("/i")) {
            at++;
        }
        String first = at < words.size() ? words.get(at) : "";
        String second = at + 1 < words.size() ? words.get(at + 1) : "";
        Condition condition;
        switch (first.toLowerCase(Locale.ROOT)) {
            case "exist", "errorlevel", "cmdextversion" -> {
                condition = Condition.Test.other(variables(second), false, Effect.NONE);
                at += 2;
            }
            case "defined" -> {
                condition = Condition.Test.isThere(Set.of(second.toLowerCase(Locale.ROOT)), EMPTY, false, Effect.NONE);
                at += 2;
            }
            default -> {
                int glued = first.indexOf("==");
                if (glued >= 0) {
                    boolean open = glued + 2 == first.length() && at + 1 < words.size();
                    condition = comparison(first.substring(0, glued), "==", open ? second : first.substring(glued + 2));
                    at += open ? 2 : 1;
                } else if (second.startsWith("==") && second.length() > 2) {
                    condition = comparison(first, "==", second.substring(2));
                    at += 2;
                } else {
                    condition = comparison(
                            first, second.toLowerCase(Locale.ROOT), at + 2 < words.size() ? words.get(at + 2) : "");
                    at += 3;
                }
            }
        }
        return new Taken(not ? Condition.not(condition) : condition, Math.min(at, words.size()));
    }

    private static Condition comparison(String left, String sign, String right) {
        Set<String> l = variables(left);
        Set<String> r = variables(right);
        boolean clock = isClock(left) || isClock(right);
        Condition.Op op = OPS.getOrDefault(sign, Condition.Op.OTHER);
        String a = unquoted(left);
        String b = unquoted(right);
        if (l.isEmpty()
                && r.isEmpty()
                && !clock
                && op != Condition.Op.OTHER
                && !left.contains("%")
                && !left.contains("!")) {
            boolean numbers = Letters.isNumber(a, 9) && Letters.isNumber(b, 9);
            return new Condition.Constant(
                    numbers
                            ? Comparing.holds(Long.parseLong(a), sign, Long.parseLong(b))
                            : a.equalsIgnoreCase(b) == !sign.equals("neq"));
        }
        return Condition.Test.compare(op, l, r, r.isEmpty() ? b : null, clock, Effect.NONE);
    }

    /** A command that is none of those that steer. */
    Node command(CmdLexer.Token token, List<String> words) {
        int line = token.line();
        String name = Programs.baseName(unquoted(words.get(0))).toLowerCase(Locale.ROOT);
        String text = token.text();
        List<String> arguments = words.subList(1, words.size()).stream()
                .map(CmdCommands::unquoted)
                .toList();
        Arguments all = new Arguments(arguments);
        String remedy = waits(name, all, token);
        if (remedy != null) {
            script.waits.add(new Wait(line, name, remedy));
        }
        if (name.equals("set")) {
            return new Node.Step(
                    line, set(text.substring(Math.min(text.length(), 3)).strip(), token.input()));
        }
        if (name.equals("shift")) {
            return new Node.Step(line, Effect.of(Change.inPlace("@")));
        }
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        boolean silent = SILENT.matcher(text).matches();
        if (((name.startsWith("echo") && !silent) || name.equals("msg") || name.equals("eventcreate"))
                && token.heard()) {
            traits.add(Trait.SAYS);
        }
        boolean ping =
                name.equals("ping") && (all.mentions("127.0.0.") || all.mentions("localhost") || all.has("-n", "/n"));
        boolean shell = text.toLowerCase(Locale.ROOT).contains("start-sleep");
        if (name.equals("timeout")
                || name.equals("sleep")
                || name.equals("choice")
                || name.equals("waitfor")
                || ping
                || shell) {
            traits.add(Trait.SLEEPS);
        }
        Set<String> calls =
                name.equals("call") && !arguments.isEmpty() && arguments.get(0).startsWith(":")
                        ? Set.of(CmdLexer.labelName(arguments.get(0).substring(1)))
                        : Set.of();
        return new Node.Step(line, new Effect(traits, List.of(), calls));
    }

    private static @Nullable String waits(String name, Arguments arguments, CmdLexer.Token token) {
        boolean endless = arguments.texts().size() > 1 && arguments.has("-1");
        return switch (name) {
            case "pause" -> token.input() ? null : "Leave it out, or ask only where a person is there to answer.";
            case "timeout" -> endless ? "Name a number of seconds." : null;
            case "choice" ->
                arguments.texts().stream()
                                .anyMatch(text -> text.toLowerCase(Locale.ROOT).startsWith("/t"))
                        ? null
                        : "Add /T SECONDS and /D ANSWER.";
            case "waitfor" ->
                arguments.texts().stream().anyMatch(text -> text.equalsIgnoreCase("/t") || text.equalsIgnoreCase("/si"))
                        ? null
                        : "Add /T SECONDS.";
            case "start" ->
                arguments.texts().stream()
                                .anyMatch(text -> text.equalsIgnoreCase("/wait") || text.equalsIgnoreCase("/w"))
                        ? "Leave out /WAIT, and poll with a cap."
                        : null;
            case "ping" -> arguments.has("-t", "/t") ? "Use -n COUNT." : null;
            case "set" ->
                arguments.texts().stream().limit(1).anyMatch(text -> text.equalsIgnoreCase("/p")) && !token.input()
                        ? "Take the answer from an argument, or use choice with /T SECONDS."
                        : null;
            case "sleep", "watch" -> null;
            default -> Programs.remedy(name, arguments.texts());
        };
    }

    private static Effect set(String rest, boolean input) {
        String text = rest;
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("/a")) {
            String expression = text.substring(2)
                    .replace('"', ' ')
                    .replace('%', ' ')
                    .replace('!', ' ')
                    .toLowerCase(Locale.ROOT);
            Effect effect = Effect.NONE;
            for (String part : expression.split(",")) {
                effect = effect.and(new ShellArithmetic(ShellArithmetic.tokens(part)).effect());
            }
            return effect;
        }
        boolean prompt = lower.startsWith("/p");
        text = prompt ? text.substring(2).strip() : text;
        if (text.startsWith("\"")) {
            text = text.substring(1, Math.max(1, text.endsWith("\"") ? text.length() - 1 : text.length()));
        }
        int equals = text.indexOf('=');
        if (equals <= 0) {
            return Effect.NONE;
        }
        String name = text.substring(0, equals).strip().toLowerCase(Locale.ROOT);
        String value = text.substring(equals + 1);
        if (prompt) {
            return Effect.of(input ? Change.made(name, Set.of()) : Change.read(name, Set.of()));
        }
        if (isClock(value)) {
            return Effect.of(new Change(name, variables(value), Change.How.TIMED, null));
        }
        Set<String> from = variables(value);
        return Effect.of(from.isEmpty() ? Change.literal(name, unquoted(value)) : Change.computed(name, from));
    }
}
