package io.sluice.loopcheck;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Programs that may wait for ever, and what bounds them. Their defaults were read in their manuals: GNU coreutils 9,
 * curl 8, wget 1.24, OpenSSH 9, util-linux 2.40, kubectl 1.31, Docker 27, inotify-tools 4 (August 2026). A default of the
 * program's own does not count: the rule asks for a deadline that the reader sees.
 */
final class Programs {

    private record Rule(Predicate<Arguments> waits, Predicate<Arguments> bounded, String remedy) {}

    private static final String CURL = "AbcCdDeEFHKoPQrtTuUwxXyYz";
    private static final String WGET = "oaeiBtOwQPUlARDIX";
    private static final String UNDER_TIMEOUT = "Run it under 'timeout DURATION', or poll with a deadline.";

    private static final Map<String, Rule> RULES = rules();

    private Programs() {}

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        Predicate<Arguments> always = arguments -> true;
        Predicate<Arguments> never = arguments -> false;
        add(rules, always, a -> a.has("--max-time") || a.hasLetter('m', CURL), "Add --max-time SECONDS (-m).", "curl");
        add(
                rules,
                always,
                a -> a.has("--timeout", "--read-timeout") || a.hasLetter('T', WGET),
                "Add --timeout=SECONDS (-T).",
                "wget");
        add(
                rules,
                always,
                a -> a.hasLetter('w', "eiIopPsxXq") || a.has("--wait"),
                "Add -w SECONDS.",
                "nc",
                "ncat",
                "netcat");
        add(
                rules,
                a -> !a.has("-V", "-O", "-G", "-Q"),
                a -> a.mentions("connecttimeout"),
                "Add -o ConnectTimeout=SECONDS, and run long commands under 'timeout'.",
                "ssh",
                "scp",
                "sftp");
        add(
                rules,
                a -> a.texts().stream().anyMatch(text -> !text.startsWith("-") && text.contains(":")),
                a -> a.has("--timeout", "--contimeout") || a.mentions("connecttimeout"),
                "Add --timeout=SECONDS.",
                "rsync");
        add(
                rules,
                a -> a.hasLetter('f', "nc") || a.hasLetter('F', "nc") || a.has("--follow", "--retry"),
                a -> a.has("--pid"),
                "Run it under 'timeout DURATION', or add --pid.",
                "tail");
        add(
                rules,
                Programs::dockerWaits,
                a -> a.has("--until", "--timeout"),
                UNDER_TIMEOUT,
                "docker",
                "podman",
                "docker-compose");
        add(
                rules,
                Programs::kubectlWaits,
                a -> a.has("--timeout", "--request-timeout", "--pod-running-timeout"),
                "Add --timeout=DURATION where the command has it, or run it under 'timeout DURATION'.",
                "kubectl",
                "oc");
        add(
                rules,
                a -> !a.has("-u", "--unlock", "-h", "--help"),
                a -> a.hasLetter('w', "cE")
                        || a.hasLetter('n', "cE")
                        || a.has("--wait", "--timeout", "--nonblock", "--nb"),
                "Add -w SECONDS, or -n.",
                "flock");
        add(rules, always, a -> a.hasLetter('t', "e") || a.has("--timeout"), "Add -t SECONDS.", "inotifywait");
        add(rules, a -> a.hasLetter('f', "nupto") || a.has("--follow"), never, UNDER_TIMEOUT, "journalctl");
        add(rules, a -> a.hasLetter('w', "") || a.has("--follow", "--follow-new"), never, UNDER_TIMEOUT, "dmesg");
        add(
                rules,
                always,
                a -> a.hasLetter('c', "iIsW") || a.hasLetter('w', "iIs") || a.hasLetter('n', "") || a.has("-t", "-o"),
                "Add -c COUNT or -w SECONDS.",
                "ping",
                "ping6");
        add(rules, always, a -> a.hasLetter('g', "n") || a.has("--chgexit"), UNDER_TIMEOUT, "watch");
        add(rules, always, never, UNDER_TIMEOUT, "telnet");
        add(rules, a -> a.hasLetter('W', "") || !a.has("-C"), a -> a.has("-W"), "Add -W SECONDS.", "mosquitto_sub");
        add(rules, a -> a.words().startsWith("run watch") || a.has("--watch"), never, UNDER_TIMEOUT, "gh");
        add(rules, a -> a.has("infinity", "inf"), never, "Name a number of seconds, and what ends it.", "sleep");
        return rules;
    }

    private static void add(
            Map<String, Rule> rules,
            Predicate<Arguments> waits,
            Predicate<Arguments> bounded,
            String remedy,
            String... names) {
        for (String name : names) {
            rules.put(name, new Rule(waits, bounded, remedy));
        }
    }

    private static boolean dockerWaits(Arguments a) {
        String words = " " + a.words() + " ";
        boolean follows = words.contains(" logs ") && (a.hasLetter('f', "n") || a.has("--follow"));
        return follows
                || words.startsWith(" wait ")
                || words.startsWith(" compose wait ")
                || words.startsWith(" attach ")
                || words.startsWith(" events ");
    }

    private static boolean kubectlWaits(Arguments a) {
        String words = " " + a.words() + " ";
        boolean follows = words.contains(" logs ") && (a.hasLetter('f', "cnl") || a.has("--follow"));
        boolean watches = words.contains(" get ") && a.has("-w", "--watch", "--watch-only");
        return follows
                || watches
                || words.matches("( \\S+)?( \\S+)? wait .*")
                || words.contains(" rollout status ")
                || words.contains(" port-forward ")
                || words.contains(" attach ");
    }

    /**
     * What bounds a program that may wait for ever as it is called; null if it does not, or is bounded.
     *
     * @param program its name, with or without a directory and {@code .exe}
     */
    static @Nullable String remedy(String program, List<String> texts) {
        Rule rule = RULES.get(baseName(program));
        Arguments arguments = new Arguments(texts);
        if (rule == null
                || arguments.has("--help", "--version")
                || !rule.waits().test(arguments)) {
            return null;
        }
        return rule.bounded().test(arguments) ? null : rule.remedy();
    }

    static String baseName(String program) {
        String name = program.substring(Math.max(program.lastIndexOf('/'), program.lastIndexOf('\\')) + 1);
        boolean suffix = name.regionMatches(true, name.length() - 4, ".exe", 0, 4);
        return suffix ? name.substring(0, name.length() - 4) : name;
    }
}
