package io.sluice.loopcheck;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What simple commands mean, as conditions: a command is one that is true if it succeeds. */
final class ShellCommands {

    private static final Set<String> DECLARING =
            Set.of("local", "declare", "typeset", "export", "readonly", "integer", "float");
    private static final Set<String> NEVER_FAILING = Set.of(
            "echo", "printf", "print", "sleep", "usleep", "export", "unset", "logger", "trap", "set", "date", "sync");

    private final ShellScript shared;

    ShellCommands(ShellScript shared) {
        this.shared = shared;
    }

    private static Condition run(int line, Effect effect) {
        return new Condition.Run(Block.of(new Node.Step(line, effect)));
    }

    /** It happens, and it does not fail. */
    private static Condition sure(int line, Effect effect) {
        return new Condition.Or(run(line, effect), new Condition.Constant(true));
    }

    /**
     * @param locals where names go that are the function's own
     */
    Condition condition(ShellCommand command, Set<String> locals) {
        Effect assigned = Effect.NONE;
        boolean computed = false;
        for (ShellWord word : command.assigned) {
            assigned = assigned.and(assignment(word));
            computed |= !word.blocks.isEmpty();
        }
        command.unwrap();
        if (command.words.isEmpty()) {
            if (command.replaces) {
                return sure(command.line, assigned);
            }
            return computed ? Condition.Test.ask(assignedFrom(command), assigned) : sure(command.line, assigned);
        }
        ShellWord first = command.words.get(0);
        if (first.expands) {
            return byVariable(command, first);
        }
        shared.remember(command);
        if (command.replaces) {
            return new Condition.Run(Block.of(Node.Jump.of(command.line, Node.Way.EXIT)));
        }
        return builtin(command, Programs.baseName(command.name()), locals);
    }

    private static Set<String> assignedFrom(ShellCommand command) {
        Set<String> from = new LinkedHashSet<>();
        command.assigned.forEach(word -> from.addAll(word.all));
        return from;
    }

    /** {@code $done}, whose value is true or false. */
    private static Condition byVariable(ShellCommand command, ShellWord first) {
        if (command.words.size() == 1
                && first.own.size() == 1
                && first.text().equals("$" + first.own.iterator().next())) {
            return Condition.Test.isThere(Set.copyOf(first.own), Set.of("false", "1"), false, Effect.NONE);
        }
        return run(command.line, command.effectOfWords());
    }

    private Condition builtin(ShellCommand command, String name, Set<String> locals) {
        int line = command.line;
        Effect words = command.effectOfWords();
        List<ShellWord> arguments = command.arguments();
        switch (name) {
            case ":", "true" -> {
                return words.isNothing() ? new Condition.Constant(true) : sure(line, words);
            }
            case "false" -> {
                return new Condition.Constant(false);
            }
            case "[", "test" -> {
                boolean closed = name.equals("[") && !arguments.isEmpty();
                return ShellTest.of(closed ? arguments.subList(0, arguments.size() - 1) : arguments);
            }
            case "let" -> {
                Effect effect = words;
                for (ShellWord word : arguments) {
                    effect = effect.and(new ShellArithmetic(ShellArithmetic.tokens(word.text())).effect());
                }
                return run(line, effect);
            }
            case "read", "getopts", "mapfile", "readarray", "sysread" -> {
                return read(command, name);
            }
            case "shift" -> {
                return sure(line, Effect.of(Change.inPlace("@")));
            }
            case "set" -> {
                boolean arguments0 = !arguments.isEmpty() && arguments.get(0).is("--");
                return sure(line, arguments0 ? Effect.of(Change.made("@", command.variables())) : words);
            }
            case "break", "continue" -> {
                Node.Way way = name.equals("break") ? Node.Way.BREAK : Node.Way.CONTINUE;
                return jump(new Node.Jump(line, way, null, number(arguments, 1), false, null));
            }
            case "exit", "return" -> {
                Node.Way way = name.equals("exit") ? Node.Way.EXIT : Node.Way.RETURN;
                return jump(new Node.Jump(line, way, null, 1, false, result(arguments)));
            }
            case "cd", "pushd", "popd" -> {
                boolean up = arguments.stream().anyMatch(word -> word.text().startsWith(".."));
                return run(line, up ? words.and(Effect.of(Change.computed("PWD", Set.of("PWD")))) : words);
            }
            case "sleep", "usleep" -> {
                return sure(line, Effect.of(Trait.SLEEPS).and(words));
            }
            case "inotifywait", "wait", "fswatch" -> {
                return run(line, Effect.of(Trait.SLEEPS).and(words));
            }
            default -> {
                return other(command, name, locals, words);
            }
        }
    }

    private static Condition jump(Node.Jump jump) {
        return new Condition.Run(Block.of(jump));
    }

    private static int number(List<ShellWord> arguments, int otherwise) {
        String text = arguments.isEmpty() ? "" : arguments.get(0).text();
        return Letters.isNumber(text, 2) && text.charAt(0) != '0' ? Integer.parseInt(text) : otherwise;
    }

    private static @Nullable Condition result(List<ShellWord> arguments) {
        String text = arguments.isEmpty() ? "" : arguments.get(0).text();
        return Letters.isNumber(text, Integer.MAX_VALUE) ? new Condition.Constant(Letters.isZero(text)) : null;
    }

    private Condition other(ShellCommand command, String name, Set<String> locals, Effect words) {
        int line = command.line;
        if (DECLARING.contains(name)) {
            Effect effect = Effect.NONE;
            for (ShellWord word : command.arguments()) {
                boolean assigns = ShellCommand.isAssignment(word);
                if (assigns) {
                    effect = effect.and(assignment(word));
                }
                if (!name.equals("export") && !name.equals("readonly")) {
                    locals.add(Letters.before(word.text(), "=+["));
                }
            }
            return sure(line, effect);
        }
        boolean says = (Names.says(name)
                        || (name.equals("cat") && command.redirections.stream().anyMatch(one -> one.here() != null)))
                && command.isHeard();
        Effect effect = says ? Effect.of(Trait.SAYS).and(words) : words;
        if (name.equals("printf")
                && command.arguments().size() > 2
                && command.arguments().get(0).is("-v")) {
            String target = command.arguments().get(1).text();
            boolean clock = shared.tellsTime(command);
            return sure(
                    line,
                    Effect.of(
                            new Change(target, command.variables(), clock ? Change.How.TIMED : Change.How.MADE, null)));
        }
        Effect whole = effect.and(new Effect(Set.of(), List.of(), Set.of(name)));
        Names.declareIfItEnds(name, shared.script);
        return NEVER_FAILING.contains(name) || says
                ? sure(line, whole)
                : Condition.Test.ask(command.variables(), whole);
    }

    /** Reads a line into variables, or the next option. */
    private Condition read(ShellCommand command, String name) {
        boolean options = name.equals("getopts");
        boolean timeOut = false;
        boolean prompts = false;
        boolean array = name.equals("mapfile") || name.equals("readarray");
        Set<String> into = new LinkedHashSet<>();
        List<ShellWord> arguments = command.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            String text = arguments.get(i).text();
            if (text.startsWith("-") && text.length() > 1 && !options) {
                timeOut |= text.indexOf('t') > 0;
                prompts |= text.indexOf('p') > 0 || text.indexOf('s') > 0 || text.indexOf('q') > 0;
                char last = text.charAt(text.length() - 1);
                if (last == 'a' || last == 'A') {
                    array = true;
                } else if ("ptnNuid".indexOf(last) >= 0 && !(shared.zsh && text.indexOf('q') > 0)) {
                    i++;
                }
            } else {
                into.add(Letters.before(text, "?["));
                prompts |= text.matches("\\w+\\?.*");
            }
        }
        if (options) {
            into = arguments.size() > 1 ? Set.of(arguments.get(1).text()) : Set.of();
        }
        if (into.isEmpty()) {
            into = Set.of("REPLY");
        }
        Effect effect = Effect.NONE;
        boolean anew = command.readsAnew();
        for (String variable : into) {
            effect = effect.and(
                    Effect.of(anew ? Change.made(variable, anewFrom(command)) : Change.read(variable, Set.of())));
        }
        if (timeOut) {
            effect = effect.and(Effect.of(Trait.SLEEPS));
        }
        if (!timeOut
                && !options
                && !array
                && !command.bounded
                && !command.hasInput()
                && command.redirections.stream().noneMatch(one -> one.text().equals("<&"))
                && command.texts().stream().noneMatch(text -> text.startsWith("-u"))) {
            boolean terminal = command.redirections.stream()
                    .anyMatch(one -> one.word() != null && one.word().text().equals("/dev/tty"));
            if (prompts || terminal) {
                shared.readsFromTerminal(command.line);
            }
        }
        return anew || array ? run(command.line, effect) : Condition.Test.read(effect);
    }

    private static Set<String> anewFrom(ShellCommand command) {
        Set<String> from = new LinkedHashSet<>();
        command.redirections.forEach(one -> {
            if (one.text().startsWith("<") && one.word() != null) {
                from.addAll(one.word().all);
            }
        });
        return from;
    }

    /** {@code name=value}, {@code name+=value}, {@code name[index]=value}. */
    private Effect assignment(ShellWord word) {
        String text = word.text();
        int equals = text.indexOf('=');
        boolean added = text.charAt(equals - 1) == '+';
        String target = text.substring(0, added ? equals - 1 : equals);
        boolean element = target.indexOf('[') > 0;
        String name = Letters.before(target, "[");
        shared.assigned(name, word);
        Effect effect = word.effect();
        if (element) {
            return word.all.contains(name) ? effect.and(Effect.of(Change.inPlace(name))) : effect;
        }
        if (added) {
            return effect.and(Effect.of(
                    word.clock ? new Change(name, union(word.all, name), Change.How.TIMED, null) : Change.up(name)));
        }
        String value = text.substring(equals + 1);
        if (word.clock) {
            return effect.and(Effect.of(new Change(name, Set.copyOf(word.all), Change.How.TIMED, null)));
        }
        if (!word.expands) {
            return effect.and(Effect.of(Change.literal(name, word.array ? "()" : value)));
        }
        if (word.arithmetic.size() == 1 && value.equals("$(") && word.blocks.isEmpty()) {
            return effect.and(Effect.of(ShellArithmetic.assigned(name, word.arithmetic.get(0))));
        }
        if (word.commands.size() == 1
                && value.equals("$(")
                && word.commands.get(0).get(0).equals("expr")) {
            List<String> expression =
                    word.commands.get(0).subList(1, word.commands.get(0).size());
            return effect.and(
                    Effect.of(ShellArithmetic.assigned(name, ShellArithmetic.tokens(String.join(" ", expression)))));
        }
        Set<String> from = Set.copyOf(word.all);
        return effect.and(Effect.of(word.isPure() ? Change.computed(name, from) : Change.made(name, from)));
    }

    private static Set<String> union(Set<String> names, String name) {
        Set<String> all = new LinkedHashSet<>(names);
        all.add(name);
        return all;
    }
}
