package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls of Python that may wait for ever. Defaults as documented for Python 3.13 and requests 2.32 (August 2026).
 */
final class PythonWaits {

    private static final String TIMEOUT = "Pass timeout=SECONDS, and handle the error that it raises.";
    private static final Set<String> VERBS =
            Set.of("get", "post", "put", "patch", "delete", "head", "options", "request");
    private static final Set<String> RUNS =
            Set.of("subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output");
    private static final Set<String> CONNECTIONS = Set.of(
            "http.client.HTTPConnection",
            "http.client.HTTPSConnection",
            "smtplib.SMTP",
            "smtplib.SMTP_SSL",
            "ftplib.FTP",
            "ftplib.FTP_TLS",
            "telnetlib.Telnet",
            "poplib.POP3",
            "imaplib.IMAP4",
            "imaplib.IMAP4_SSL",
            "xmlrpc.client.ServerProxy");

    private final Map<String, String> imported = new HashMap<>();
    private final Set<String> sessions = new HashSet<>();
    private final Set<String> sockets = new HashSet<>();
    private final Set<String> futures = new HashSet<>();
    private final Set<String> defined = new HashSet<>();
    private final List<PythonCall> calls = new ArrayList<>();
    private final List<PythonCall> queueReads = new ArrayList<>();
    private boolean socketTimeout;

    void imports(List<PythonToken> tokens) {
        if (tokens.get(0).is("from") && tokens.size() > 3) {
            int at = indexOf(tokens, "import");
            String module = text(tokens, 1, at);
            for (int i = at + 1; i < tokens.size(); i++) {
                if (tokens.get(i).isName() && !tokens.get(i - 1).is("as")) {
                    boolean alias = i + 2 < tokens.size() && tokens.get(i + 1).is("as");
                    imported.put(
                            tokens.get(alias ? i + 2 : i).text(),
                            module + "." + tokens.get(i).text());
                }
            }
        } else {
            for (List<PythonToken> part : PythonCall.split(tokens.subList(1, tokens.size()))) {
                int as = indexOf(part, "as");
                if (as < part.size() - 1) {
                    imported.put(part.get(as + 1).text(), text(part, 0, as));
                }
            }
        }
    }

    private static int indexOf(List<PythonToken> tokens, String what) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).is(what)) {
                return i;
            }
        }
        return tokens.size();
    }

    private static String text(List<PythonToken> tokens, int from, int to) {
        StringBuilder text = new StringBuilder();
        tokens.subList(from, Math.max(from, to)).forEach(token -> text.append(token.text()));
        return text.toString();
    }

    void defines(String function) {
        defined.add(function);
    }

    /** A variable that is made by a call. */
    void assigned(String target, List<PythonToken> value) {
        for (PythonCall call : PythonCall.all(value)) {
            String name = qualified(call.name());
            if (name.equals("requests.Session") || name.equals("requests.session")) {
                sessions.add(target);
            } else if (name.equals("socket.socket") || call.method().equals("accept")) {
                sockets.add(target);
            } else if (call.method().equals("submit") || name.equals("asyncio.run_coroutine_threadsafe")) {
                futures.add(target);
            }
        }
    }

    /**
     * @param bounded something around it sets a deadline
     */
    void seen(List<PythonToken> tokens, boolean bounded, PythonExpressions expressions) {
        List<PythonCall> all = PythonCall.all(tokens);
        List<PythonCall> limits = all.stream()
                .filter(call ->
                        call.method().equals("wait_for") || call.method().equals("fail_after"))
                .toList();
        for (PythonCall call : all) {
            socketTimeout |= call.method().equals("settimeout") || call.method().equals("setdefaulttimeout");
            boolean within = limits.stream().anyMatch(outer -> outer.at() < call.at() && call.end() < outer.end());
            if (!bounded && !within) {
                calls.add(call);
                if (expressions.isQueueRead(call)) {
                    queueReads.add(call);
                }
            }
        }
    }

    private String qualified(String name) {
        int dot = name.indexOf('.');
        String root = dot < 0 ? name : name.substring(0, dot);
        String known = imported.get(root);
        return known == null ? name : known + (dot < 0 ? "" : name.substring(dot));
    }

    void addTo(List<Wait> waits) {
        for (PythonCall call : calls) {
            String remedy = remedy(call);
            if (remedy != null) {
                waits.add(new Wait(
                        call.line(), (call.name().startsWith("?") ? call.method() : call.name()) + "()", remedy));
            }
        }
    }

    private @Nullable String remedy(PythonCall call) {
        String name = qualified(call.name());
        if (call.has("timeout") || (!call.hasReceiver() && defined.contains(name))) {
            return null;
        }
        boolean requests =
                (name.startsWith("requests.") || sessions.contains(call.receiver())) && VERBS.contains(call.method());
        boolean urlopen =
                name.equals("urllib.request.urlopen") || name.equals("urllib2.urlopen") || name.equals("urlopen");
        boolean connects = name.equals("socket.create_connection") && call.positional() < 2;
        if (RUNS.contains(name)
                || requests
                || connects
                || CONNECTIONS.contains(name)
                || (urlopen && call.positional() < 3)) {
            return TIMEOUT;
        }
        if (name.equals("input") || name.equals("raw_input")) {
            return "Take the answer from an argument, or ask only where a person is there to answer.";
        }
        if (name.equals("os.wait")
                || (name.equals("os.waitpid") && !text(call).contains("WNOHANG"))
                || name.equals("signal.pause")) {
            return "Poll with a deadline, such as os.waitpid with WNOHANG.";
        }
        if (name.equals("asyncio.wait") || (name.equals("select.select") && call.positional() < 4)) {
            return TIMEOUT;
        }
        return call.hasReceiver() ? ofObject(call) : null;
    }

    private static String text(PythonCall call) {
        StringBuilder text = new StringBuilder();
        call.arguments().forEach(argument -> argument.forEach(token -> text.append(token.text())));
        return text.toString();
    }

    private @Nullable String ofObject(PythonCall call) {
        boolean own = defined.contains(call.method())
                && (call.receiver().equals("self") || call.receiver().equals("cls"));
        boolean none = call.arguments().isEmpty();
        switch (call.method()) {
            case "communicate" -> {
                return call.positional() < 2 ? TIMEOUT : null;
            }
            case "wait", "join" -> {
                return none && !own ? "Pass a time-out, and look whether it ended in time." : null;
            }
            case "acquire" -> {
                boolean waits =
                        none || (call.arguments().size() == 1 && text(call).matches("(blocking=)?True"));
                return waits && !own ? "Pass timeout=SECONDS, and look at the answer." : null;
            }
            case "get" -> {
                boolean waits =
                        none || (call.arguments().size() == 1 && text(call).matches("(block=)?True"));
                return waits && queueReads.contains(call) ? TIMEOUT : null;
            }
            case "result" -> {
                boolean future =
                        futures.contains(call.receiver()) || call.receiver().matches("(.*[._])?fut(ure)?");
                return none && future ? TIMEOUT : null;
            }
            case "accept", "recv", "recvfrom" -> {
                return sockets.contains(call.receiver()) && !socketTimeout
                        ? "Call settimeout(SECONDS) on the socket."
                        : null;
            }
            default -> {
                return null;
            }
        }
    }
}
