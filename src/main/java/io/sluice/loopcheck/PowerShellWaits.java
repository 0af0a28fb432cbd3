package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Commands and methods of PowerShell that may wait for ever. Defaults as documented for PowerShell 7.5 (August 2026). */
final class PowerShellWaits {

    private static final String TIMEOUT = "Add -Timeout SECONDS, and look whether it ended in time.";

    private static final Map<String, String> COMMANDS = Map.ofEntries(
            Map.entry("invoke-webrequest", "Add -TimeoutSec SECONDS."),
            Map.entry("invoke-restmethod", "Add -TimeoutSec SECONDS."),
            Map.entry("iwr", "Add -TimeoutSec SECONDS."),
            Map.entry("irm", "Add -TimeoutSec SECONDS."),
            Map.entry("wait-job", TIMEOUT),
            Map.entry("wait-process", TIMEOUT),
            Map.entry("wait-event", TIMEOUT),
            Map.entry("read-host", "Take the answer from a parameter, or ask only where a person is there to answer."),
            Map.entry("pause", "Leave it out, or ask only where a person is there to answer."));

    private static final Map<String, String> METHODS = Map.of(
            "waitforexit", "Pass a time-out in milliseconds, and look at the answer.",
            "waitone", "Pass a time-out in milliseconds, and look at the answer.",
            "wait", "Pass a time-out in milliseconds, and look at the answer.",
            "getresult", "Call Wait with a time-out first.",
            "accepttcpclient", "Poll Pending() with a deadline.",
            "readkey", "Ask only where a person is there to answer.",
            "readline", "Ask only where a person is there to answer.");

    /** So many tokens of a command are looked at. */
    private static final int MOST_ARGUMENTS = 300;

    private record Seen(List<PowerShellToken> tokens, int at) {}

    private final List<Seen> commands = new ArrayList<>();
    private final List<Wait> methods = new ArrayList<>();
    private boolean timeoutInTable;

    /** Looks at the tokens of a statement. */
    void seen(List<PowerShellToken> tokens) {
        boolean start = true;
        for (int i = 0; i < tokens.size(); i++) {
            PowerShellToken token = tokens.get(i);
            boolean word = token.kind() == PowerShellToken.Kind.WORD;
            if (word && i > 0 && (tokens.get(i - 1).is(".") || tokens.get(i - 1).is("::")) && token.glued()) {
                method(tokens, i);
            } else if (word && start) {
                commands.add(new Seen(tokens, i));
            }
            boolean assigns = i + 1 < tokens.size() && tokens.get(i + 1).is("=");
            timeoutInTable |= word && token.text().startsWith("timeout") && assigns;
            start = PowerShellExpressions.opens(token)
                    || token.is("|")
                    || token.is("=")
                    || token.is("&")
                    || token.is(";")
                    || token.is("&&")
                    || token.is("||")
                    || token.kind() == PowerShellToken.Kind.NEWLINE;
        }
    }

    private void method(List<PowerShellToken> tokens, int i) {
        String name = tokens.get(i).text();
        String remedy = METHODS.get(name);
        boolean called = i + 1 < tokens.size() && tokens.get(i + 1).is("(");
        boolean empty = i + 2 < tokens.size() && tokens.get(i + 2).is(")");
        if (name.equals("waitforstatus") && called) {
            int close = PowerShellExpressions.closing(tokens)[i + 1];
            boolean bounded =
                    tokens.subList(i + 1, Math.max(i + 1, close)).stream().anyMatch(token -> token.is(","));
            if (!bounded) {
                methods.add(
                        new Wait(tokens.get(i).line(), "WaitForStatus()", "Pass a time-out as the second argument."));
            }
            return;
        }
        boolean console = i > 1 && tokens.get(i - 1).is("::");
        if (remedy == null || !called || (name.equals("readline") && !console) || (!empty && !name.equals("readkey"))) {
            return;
        }
        methods.add(new Wait(tokens.get(i).line(), name + "()", remedy));
    }

    void addTo(Script script) {
        script.waits.addAll(methods);
        for (Seen seen : commands) {
            PowerShellToken name = seen.tokens().get(seen.at());
            String remedy = script.functions.containsKey(name.text()) ? null : remedy(name.text(), arguments(seen));
            if (remedy != null) {
                script.waits.add(new Wait(name.line(), name.text(), remedy));
            }
        }
    }

    private static List<String> arguments(Seen seen) {
        List<String> arguments = new ArrayList<>();
        int depth = 0;
        for (int i = seen.at() + 1; i < Math.min(seen.tokens().size(), seen.at() + MOST_ARGUMENTS); i++) {
            PowerShellToken token = seen.tokens().get(i);
            depth += PowerShellExpressions.opens(token) ? 1 : PowerShellExpressions.closes(token) ? -1 : 0;
            boolean ends = token.is("|")
                    || token.is(";")
                    || token.is("&&")
                    || token.is("||")
                    || token.kind() == PowerShellToken.Kind.NEWLINE;
            if (depth < 0 || (depth == 0 && ends)) {
                break;
            }
            arguments.add(token.kind() == PowerShellToken.Kind.DASHED ? "-" + token.text() : token.text());
        }
        return arguments;
    }

    private @Nullable String remedy(String name, List<String> arguments) {
        boolean splatted = arguments.stream().anyMatch(text -> text.startsWith("@")) && timeoutInTable;
        boolean bounded = splatted
                || arguments.stream()
                        .anyMatch(text -> text.startsWith("-timeout")
                                || text.equals("-operationtimeoutseconds")
                                || text.equals("-connectiontimeoutseconds"));
        if (COMMANDS.containsKey(name)) {
            return bounded ? null : COMMANDS.get(name);
        }
        Set<String> flags = Set.copyOf(arguments);
        if (name.equals("start-process") || name.equals("receive-job")) {
            return flags.contains("-wait")
                    ? "Leave out -Wait, and wait with a time-out: Wait-Process -Timeout SECONDS."
                    : null;
        }
        if (name.equals("restart-computer")) {
            return flags.contains("-wait") && !bounded ? TIMEOUT : null;
        }
        if (name.equals("get-content") || name.equals("gc")) {
            return flags.contains("-wait") ? "Read in a loop with a deadline." : null;
        }
        boolean alias = (name.equals("curl") || name.equals("wget")) && bounded;
        return alias || name.equals("sleep") ? null : Programs.remedy(name, arguments);
    }
}
