package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What all parsers of one shell script gather together, those of its inner commands included. */
final class ShellScript {

    /** Nested that deep, a script is not looked at. */
    static final int MOST_DEEP = 120;

    final Script script = new Script();
    /** It is for zsh. */
    final boolean zsh;

    /** Programs that may tell the time. */
    private static final Set<String> TELLERS = Set.of("date", "gdate", "printf", "python", "perl", "node");

    private final List<ShellCommand> commands = new ArrayList<>();
    private final List<int[]> terminalReads = new ArrayList<>();
    private final Map<String, List<String>> values = new HashMap<>();
    private final Set<String> clocks = new HashSet<>();
    final List<Node> detached = new ArrayList<>();
    int clocksSeen;
    int depth;
    private int unboundedJobs;
    private int jobs;

    ShellScript(boolean zsh) {
        this.zsh = zsh;
    }

    void remember(ShellCommand command) {
        commands.add(command);
    }

    void assigned(String name, ShellWord value) {
        List<String> texts = values.computeIfAbsent(name, one -> new ArrayList<>());
        texts.addAll(Letters.words(value.text()));
        value.elements.forEach(element -> texts.add(element.text()));
    }

    void isClock(String function) {
        clocks.add(function);
    }

    boolean tellsTime(ShellCommand command) {
        String name = Programs.baseName(command.name());
        if (clocks.contains(name)) {
            return true;
        }
        if (!TELLERS.contains(Letters.withoutTail(name, ".0123456789"))) {
            return false;
        }
        boolean date = name.endsWith("date")
                && command.texts().stream().anyMatch(text -> text.startsWith("+") && text.contains("%s"));
        boolean printf =
                name.equals("printf") && command.texts().stream().anyMatch(text -> text.matches(".*%\\(.*%s.*\\)T.*"));
        boolean python = command.texts().stream()
                .anyMatch(
                        text -> text.contains("time.time") || text.contains("Date.now") || text.contains("print time"));
        return date || printf || python;
    }

    void job(ShellCommand last) {
        jobs++;
        unboundedJobs += last.bounded ? 0 : 1;
    }

    int reads() {
        return terminalReads.size();
    }

    void readsFromTerminal(int line) {
        terminalReads.add(new int[] {line});
    }

    /** What was read since then did not come from a terminal. */
    void readsHaveInput(int since) {
        terminalReads.subList(since, terminalReads.size()).clear();
    }

    /** After all was parsed: the waits, and scripts for other programs. */
    Script finish() {
        for (int[] read : terminalReads) {
            script.waits.add(
                    new Wait(read[0], "read", "Add -t SECONDS and a default, or take the answer from an argument."));
        }
        commands.forEach(this::waits);
        return script;
    }

    private void waits(ShellCommand command) {
        String name = Programs.baseName(command.name());
        if (command.bounded || script.functions.containsKey(name)) {
            return;
        }
        if (name.equals("wait")) {
            if (jobs == 0 || unboundedJobs > 0) {
                script.waits.add(new Wait(
                        command.line,
                        "wait",
                        "Start what runs in the background under 'timeout DURATION', or poll it with a deadline."));
            }
            return;
        }
        List<String> texts = new ArrayList<>();
        for (ShellWord word : command.arguments()) {
            texts.add(word.text());
            if (word.expands && word.text().startsWith("$")) {
                word.own.forEach(variable -> texts.addAll(values.getOrDefault(variable, List.of())));
            }
        }
        String remedy = Programs.remedy(name, texts);
        if (remedy != null) {
            script.waits.add(new Wait(command.line, name, remedy));
        }
        innerScript(command, name);
    }

    /** A script in a here-document that another program runs. */
    private void innerScript(ShellCommand command, String name) {
        for (ShellLexer.Token redirection : command.redirections) {
            ShellLexer.HereDocument here = redirection.here();
            Language language = here == null ? null : Language.ofInterpreter(name);
            if (name.equals("ssh")) {
                language = Language.SHELL;
            }
            boolean takesScript = name.equals("ssh")
                    || command.arguments().stream()
                            .allMatch(word ->
                                    (word.text().startsWith("-") && !word.text().equals("-c")) || hasOptionS(command));
            if (here != null && language != null && takesScript) {
                addInner(language, here);
            }
        }
    }

    private void addInner(Language language, ShellLexer.HereDocument here) {
        try {
            script.inner.add(language.parse(here.body, here.line));
        } catch (UnreadableScriptException notWhole) {
            // Parts of it are put in when it runs; what it is then cannot be known.
        }
    }

    private static boolean hasOptionS(ShellCommand command) {
        return command.arguments().stream().anyMatch(word -> word.text().equals("-s"));
    }
}
