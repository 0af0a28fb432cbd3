package io.sluice.loopcheck;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The languages of scripts that are checked. */
enum Language {
    /** sh, bash, dash, ksh. */
    SHELL,
    ZSH,
    POWERSHELL,
    CMD,
    PYTHON;

    private static final Map<String, Language> BY_EXTENSION = Map.ofEntries(
            Map.entry("sh", SHELL),
            Map.entry("bash", SHELL),
            Map.entry("ksh", SHELL),
            Map.entry("zsh", ZSH),
            Map.entry("ps1", POWERSHELL),
            Map.entry("psm1", POWERSHELL),
            Map.entry("cmd", CMD),
            Map.entry("bat", CMD),
            Map.entry("py", PYTHON));

    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ksh", "mksh", "ash", "pdksh", "yash");
    private static final Set<String> PYTHONS = Set.of("python", "pythonw", "pypy");
    private static final String VERSION = ".0123456789";
    private static final Pattern SHEBANG = Pattern.compile("^#![ \\t]*(\\S+)(.*)");

    /** Of a script; null if it is one of another language, or none. What its first line says of shells counts more. */
    static @Nullable Language of(String name, String text) {
        Language byName = ofName(name);
        boolean shell = byName == SHELL || byName == ZSH;
        return byName == null || (shell && text.startsWith("#!")) ? ofShebang(text) : byName;
    }

    /** By the name of a file; null if it does not say. */
    static @Nullable Language ofName(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? null : BY_EXTENSION.get(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    /** By the first line of a script; null if it does not say, or names something else. */
    static @Nullable Language ofShebang(String text) {
        int end = text.indexOf('\n');
        Matcher line = SHEBANG.matcher(end < 0 ? text : text.substring(0, end));
        if (!line.lookingAt()) {
            return null;
        }
        String program = line.group(1);
        if (program.endsWith("/env")) {
            for (String word : Letters.words(line.group(2))) {
                if (!word.startsWith("-") && !word.contains("=")) {
                    return ofInterpreter(word);
                }
            }
            return null;
        }
        return ofInterpreter(program);
    }

    /** By the program that runs it; null for one of another language. */
    static @Nullable Language ofInterpreter(String program) {
        String name = Programs.baseName(program).toLowerCase(Locale.ROOT);
        if (SHELLS.contains(Letters.withoutTail(name, VERSION))) {
            return SHELL;
        } else if (Letters.withoutTail(name, VERSION + "-").equals("zsh")) {
            return ZSH;
        } else if (PYTHONS.contains(Letters.withoutTail(name, VERSION))) {
            return PYTHON;
        }
        return name.equals("pwsh") || name.equals("powershell") ? POWERSHELL : null;
    }

    private static Script shell(String text, int line) {
        try {
            return ShellParser.parse(text, line, false);
        } catch (UnreadableScriptException notForBash) {
            try {
                return ShellParser.parse(text, line, true);
            } catch (UnreadableScriptException neither) {
                throw notForBash;
            }
        }
    }

    /**
     * @param line the number of the first line
     * @throws UnreadableScriptException if it is not of that language
     */
    Script parse(String text, int line) {
        return switch (this) {
            case SHELL -> shell(text, line);
            case ZSH -> ShellParser.parse(text, line, true);
            case PYTHON -> PythonParser.parse(text, line);
            case POWERSHELL -> PowerShellParser.parse(text, line);
            case CMD -> CmdParser.parse(text, line);
        };
    }
}
