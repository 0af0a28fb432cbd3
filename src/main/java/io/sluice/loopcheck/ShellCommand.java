package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A simple command: variables that it sets, a program or function with its arguments, and where they read and write. */
final class ShellCommand {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*(\\[.*\\])?\\+?", Pattern.DOTALL);

    private static final Set<String> BEFORE_A_COMMAND = Set.of(
            "sudo",
            "env",
            "nohup",
            "time",
            "nice",
            "ionice",
            "command",
            "builtin",
            "doas",
            "stdbuf",
            "setsid",
            "exec",
            "noglob",
            "nocorrect",
            "unbuffer",
            "winpty",
            "chronic",
            "then",
            "eatmydata",
            "caffeinate",
            "-");

    private static final Set<String> OPTIONS_WITH_VALUE = Set.of(
            "-u",
            "-g",
            "-n",
            "-c",
            "-C",
            "-h",
            "-p",
            "-o",
            "-e",
            "-i",
            "-k",
            "-s",
            "-S",
            "--signal",
            "--kill-after",
            "--user",
            "--chdir");

    final int line;
    final List<ShellWord> assigned = new ArrayList<>();
    final List<ShellWord> words = new ArrayList<>();
    final List<ShellLexer.Token> redirections = new ArrayList<>();
    /** Something ends it after a time. */
    boolean bounded;
    /** It takes the place of the script. */
    boolean replaces;

    ShellCommand(int line) {
        this.line = line;
    }

    /** Leaves out what only starts another command, such as sudo, and notes what bounds it. */
    void unwrap() {
        while (!words.isEmpty()) {
            String name = Programs.baseName(words.get(0).text());
            boolean timeout = name.equals("timeout") || name.equals("gtimeout");
            if (!timeout && !BEFORE_A_COMMAND.contains(name)) {
                return;
            }
            if (words.size() == 1) {
                return;
            }
            replaces |= name.equals("exec");
            int next = 1;
            while (next < words.size() && words.get(next).text().startsWith("-")) {
                String option = words.get(next).text();
                if (name.equals("command") && (option.equals("-v") || option.equals("-V"))) {
                    return;
                }
                boolean hasValue = OPTIONS_WITH_VALUE.contains(option)
                        && !(name.equals("sudo")
                                && Set.of("-n", "-k", "-i", "-s", "-e", "-S").contains(option))
                        && !(name.equals("env") && option.equals("-i"))
                        && !(name.equals("exec") && option.equals("-c"))
                        && !(name.equals("time") && option.equals("-p"));
                next += hasValue ? 2 : 1;
            }
            while (next < words.size()
                    && (name.equals("env") || name.equals("sudo"))
                    && isAssignment(words.get(next))) {
                next++;
            }
            if (timeout) {
                bounded |= next < words.size() && !words.get(next).text().equals("0");
                next++;
            }
            words.subList(0, Math.min(next, words.size())).clear();
        }
    }

    static boolean isAssignment(ShellWord word) {
        int equals = word.text.indexOf("=");
        if (equals <= 0) {
            return false;
        }
        String name = word.text.substring(0, equals);
        return NAME.matcher(name).matches();
    }

    String name() {
        return words.isEmpty() ? "" : words.get(0).text();
    }

    List<ShellWord> arguments() {
        return words.isEmpty() ? List.of() : words.subList(1, words.size());
    }

    List<String> texts() {
        List<String> texts = new ArrayList<>();
        words.forEach(word -> texts.add(word.text()));
        return texts;
    }

    /** It reads from something other than the script's own input: a file, a string, a process. */
    boolean readsAnew() {
        return redirections.stream().anyMatch(one -> {
            String target = one.word() == null ? "" : one.word().text();
            return switch (one.text()) {
                case "<" -> !Set.of("/dev/stdin", "/dev/tty").contains(target) && !target.startsWith("/dev/fd/");
                case "<<<", "<<", "<<-" -> true;
                default -> false;
            };
        });
    }

    /** It does not read from a terminal. */
    boolean hasInput() {
        return redirections.stream()
                .anyMatch(one -> one.text().startsWith("<")
                        && one.word() != null
                        && !one.word().text().equals("/dev/tty"));
    }

    /** Somebody sees what it prints. */
    boolean isHeard() {
        return redirections.stream().noneMatch(one -> {
            if (!one.text().startsWith(">") && !one.text().startsWith("&>")) {
                return false;
            }
            String target = one.word() == null ? "" : one.word().text().toLowerCase(java.util.Locale.ROOT);
            return !one.text().equals(">&")
                    && !target.contains("log")
                    && !target.contains("stderr")
                    && !target.contains("stdout")
                    && !target.contains("tty")
                    && !target.contains("summary")
                    && !target.startsWith("/dev/fd");
        });
    }

    /** Everything that its words mention and do. */
    Effect effectOfWords() {
        Effect effect = Effect.NONE;
        for (ShellWord word : words) {
            effect = effect.and(word.effect());
        }
        return effect;
    }

    Set<String> variables() {
        Set<String> variables = new LinkedHashSet<>();
        words.forEach(word -> variables.addAll(word.all));
        return variables;
    }
}
