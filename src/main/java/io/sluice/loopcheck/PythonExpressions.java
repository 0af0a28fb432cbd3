package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What expressions of Python mean. */
final class PythonExpressions {

    private static final Set<String> EMPTY = Set.of("", "False", "None", "0", "0.0");

    private static final Set<String> CLOCKS = Set.of(
            "time.time",
            "time.monotonic",
            "time.perf_counter",
            "time.time_ns",
            "time.monotonic_ns",
            "time.perf_counter_ns",
            "time.process_time",
            "monotonic",
            "perf_counter",
            "time",
            "default_timer",
            "timeit.default_timer",
            "datetime.now",
            "datetime.utcnow",
            "datetime.datetime.now",
            "datetime.datetime.utcnow",
            "dt.datetime.now",
            "dt.now",
            "timezone.now",
            "loop.time",
            "?.time",
            "utcnow",
            "now",
            "pendulum.now",
            "arrow.now",
            "arrow.utcnow",
            "datetime.datetime.today",
            "time_ns",
            "monotonic_ns");

    private static final Set<String> OF_ARGUMENTS = Set.of(
            "len",
            "int",
            "float",
            "abs",
            "min",
            "max",
            "round",
            "any",
            "all",
            "isinstance",
            "bool",
            "sum",
            "str",
            "set",
            "list",
            "sorted",
            "os.path.exists",
            "os.path.isfile",
            "os.path.isdir",
            "os.path.lexists",
            "tuple",
            "divmod",
            "pow",
            "timedelta",
            "datetime.timedelta",
            "math.floor",
            "math.ceil",
            "range",
            "dict",
            "next",
            "ord",
            "repr");

    /** Methods of texts, matches and the like. */
    private static final Set<String> PURE_METHODS = Set.of(
            "strip",
            "rstrip",
            "lstrip",
            "split",
            "rsplit",
            "splitlines",
            "lower",
            "upper",
            "replace",
            "startswith",
            "endswith",
            "find",
            "rfind",
            "index",
            "rindex",
            "decode",
            "encode",
            "partition",
            "rpartition",
            "count",
            "isdigit",
            "isspace",
            "isalpha",
            "isalnum",
            "match",
            "search",
            "fullmatch",
            "group",
            "groups",
            "end",
            "start",
            "span",
            "loads",
            "join",
            "format",
            "casefold",
            "title",
            "total_seconds",
            "removeprefix",
            "removesuffix",
            "dirname",
            "basename",
            "readlink",
            "realpath",
            "abspath",
            "normpath",
            "unpack",
            "unpack_from",
            "from_bytes");

    private static final Set<String> READS = Set.of(
            "read",
            "readline",
            "readlines",
            "recv",
            "recvfrom",
            "recv_bytes",
            "readexactly",
            "readuntil",
            "read_line",
            "fetchone",
            "fetchmany",
            "get_nowait",
            "getline",
            "getch",
            "readinto",
            "recv_into",
            "__next__",
            "read1",
            "recv_json",
            "recv_string",
            "receive",
            "recv_multipart",
            "read_byte",
            "read_bytes_async",
            "readchar");

    private static final Set<String> CHANGES = Set.of(
            "pop",
            "popleft",
            "popitem",
            "remove",
            "discard",
            "clear",
            "append",
            "appendleft",
            "extend",
            "add",
            "insert",
            "update",
            "push",
            "advance",
            "next",
            "skip",
            "consume",
            "heappop",
            "put",
            "seek");

    private static final Set<String> SAYS = Set.of(
            "print",
            "debug",
            "info",
            "warning",
            "warn",
            "error",
            "critical",
            "exception",
            "log",
            "echo",
            "secho",
            "fatal",
            "perror",
            "pprint",
            "fail",
            "notice");

    /** What does not end in an error, as a rule. */
    private static final Set<String> HARMLESS = Set.of(
            "len",
            "str",
            "range",
            "min",
            "max",
            "abs",
            "bool",
            "isinstance",
            "sleep",
            "append",
            "add",
            "format",
            "list",
            "set",
            "round",
            "timedelta",
            "total_seconds",
            "getLogger",
            "strip",
            "join",
            "lower",
            "upper");

    private static final Set<String> COMPARING = Set.of("<", ">", "<=", ">=", "==", "!=", "in", "is");
    private static final int MOST_DEEP = 60;

    /** Functions of the script that tell the time. */
    private final Set<String> clocks;

    private final Set<String> queues;

    PythonExpressions(Set<String> clocks, Set<String> queues) {
        this.clocks = clocks;
        this.queues = queues;
    }

    boolean isClock(List<PythonToken> tokens) {
        for (PythonCall call : PythonCall.all(tokens)) {
            if (isClock(call)) {
                return true;
            }
        }
        return false;
    }

    /** It answers the same for the same arguments. */
    private boolean isPure(PythonCall call) {
        return OF_ARGUMENTS.contains(call.name()) || (call.hasReceiver() && PURE_METHODS.contains(call.method()));
    }

    private boolean isClock(PythonCall call) {
        return CLOCKS.contains(call.name())
                || clocks.contains(call.name())
                || (call.name().startsWith("self.") && clocks.contains(call.method()))
                || (call.method().equals("time") && call.receiver().endsWith("loop"));
    }

    /** The variables that a value is made of. */
    Set<String> names(List<PythonToken> tokens) {
        return names(tokens, range -> false);
    }

    /** The variables whose value decides a test: not those that are only handed to some function. */
    Set<String> tested(List<PythonToken> tokens) {
        boolean[] handedOver = new boolean[tokens.size()];
        int covered = 0;
        for (PythonCall call : PythonCall.all(tokens)) {
            int open = call.at()
                    + 2 * (int) call.name().chars().filter(c -> c == '.').count()
                    + 1;
            if (!isPure(call) && !isClock(call) && call.end() > covered) {
                covered = call.end();
                Arrays.fill(handedOver, Math.min(open, covered), covered, true);
            }
        }
        return names(tokens, index -> handedOver[index]);
    }

    private static Set<String> names(List<PythonToken> tokens, Predicate<Integer> leftOut) {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < tokens.size(); i++) {
            PythonToken token = tokens.get(i);
            boolean begins = token.isName() && (i == 0 || !tokens.get(i - 1).is("."));
            boolean keyword = i + 1 < tokens.size() && tokens.get(i + 1).is("=");
            if (!begins || keyword || leftOut.test(i)) {
                continue;
            }
            int end = i + 1;
            while (end + 1 < tokens.size()
                    && tokens.get(end).is(".")
                    && tokens.get(end + 1).isName()) {
                end += 2;
            }
            boolean called = end < tokens.size() && tokens.get(end).is("(");
            int last = called ? end - 2 : end;
            if (last <= i) {
                continue;
            }
            if (!token.is("self") && !token.is("cls")) {
                names.add(token.text());
            }
            if (last > i + 1) {
                names.add(token.text() + "." + tokens.get(i + 2).text());
            }
        }
        return names;
    }

    private boolean isQueue(String receiver) {
        String last = receiver.substring(receiver.lastIndexOf('.') + 1).toLowerCase(java.util.Locale.ROOT);
        return queues.contains(receiver) || last.contains("queue") || last.equals("q") || last.endsWith("_q");
    }

    boolean isQueueRead(PythonCall call) {
        return call.method().equals("get") && call.hasReceiver() && isQueue(call.receiver()) && call.positional() <= 2;
    }

    /** What a call reads from; null if it reads nothing that ends. */
    private @org.jspecify.annotations.Nullable Set<String> readsFrom(PythonCall call) {
        if (Set.of("input", "raw_input", "getpass.getpass", "getpass", "sys.stdin.readline", "sys.stdin.read")
                .contains(call.name())) {
            return Set.of();
        }
        if ((call.name().equals("next") || call.name().equals("os.read"))
                && !call.arguments().isEmpty()) {
            return names(call.arguments().get(0));
        }
        boolean pops = (call.method().equals("pop") || call.method().equals("popleft")) && call.hasReceiver();
        if (call.hasReceiver()
                && !call.name().startsWith("?")
                && (READS.contains(call.method()) || pops || isQueueRead(call))) {
            return Set.of(variable(call.receiver()));
        }
        return null;
    }

    /** The variables that choose an element of a list, of which there is none behind the last. */
    Set<String> indexes(List<PythonToken> tokens) {
        Set<String> indexes = new LinkedHashSet<>();
        int[] closing = PythonCall.closing(tokens);
        int equals = lastIndex(tokens, token -> token.is("="));
        for (int i = Math.max(1, equals + 1); i < tokens.size(); i++) {
            PythonToken before = tokens.get(i - 1);
            boolean opens = tokens.get(i).is("[") && (before.isName() || before.is("]") || before.is(")"));
            if (opens && closing[i] > i) {
                List<PythonToken> index = tokens.subList(i + 1, closing[i]);
                if (index.stream().noneMatch(token -> token.is(":") || token.is("%"))) {
                    indexes.addAll(names(index));
                }
            }
        }
        return indexes;
    }

    /** Its end is an error, and not a value. */
    boolean readFailsAtEnd(List<PythonToken> tokens) {
        for (PythonCall call : PythonCall.all(tokens)) {
            boolean takes = call.hasReceiver()
                    && Set.of("pop", "popleft", "get_nowait", "popitem").contains(call.method())
                    && call.positional() <= 1;
            boolean queue =
                    isQueueRead(call) && (call.has("timeout") || text(call).contains("False"));
            if (queue) {
                return true;
            }
            boolean input = Set.of("input", "raw_input").contains(call.name());
            if (input
                    || (takes && !call.name().startsWith("?"))
                    || (call.name().equals("next") && call.positional() == 1)) {
                return true;
            }
        }
        return false;
    }

    static String errorAtEnd(List<PythonToken> tokens) {
        for (PythonCall call : PythonCall.all(tokens)) {
            switch (call.method()) {
                case "input", "raw_input" -> {
                    return "EOFError";
                }
                case "next" -> {
                    return "StopIteration";
                }
                case "get", "get_nowait" -> {
                    return "Empty";
                }
                default -> {
                    continue;
                }
            }
        }
        return "IndexError";
    }

    private static String text(PythonCall call) {
        StringBuilder text = new StringBuilder();
        call.arguments().forEach(argument -> argument.forEach(token -> text.append(token.text())));
        return text.toString();
    }

    static String variable(String dotted) {
        String[] parts = dotted.split("\\.");
        return parts.length > 2 ? parts[0] + "." + parts[1] : dotted;
    }

    /** What is done while an expression is computed. */
    Effect effect(List<PythonToken> tokens) {
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        List<Change> changes = new ArrayList<>();
        Set<String> calls = new LinkedHashSet<>();
        for (PythonCall call : PythonCall.all(tokens)) {
            effect(call, traits, changes, calls);
        }
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).is("yield")) {
                traits.add(Trait.YIELDS);
            } else if (i > 0 && tokens.get(i).is(":=") && tokens.get(i - 1).isName()) {
                changes.addAll(
                        assigned(Set.of(tokens.get(i - 1).text()), tokens.subList(i + 1, endOfWalrus(tokens, i))));
            }
        }
        return new Effect(traits, changes, calls);
    }

    private static int endOfWalrus(List<PythonToken> tokens, int from) {
        int depth = 0;
        for (int i = from + 1; i < tokens.size(); i++) {
            String text = tokens.get(i).kind() == PythonToken.Kind.SIGN
                    ? tokens.get(i).text()
                    : "";
            depth += !text.isEmpty() && "([{".contains(text) ? 1 : 0;
            if (!text.isEmpty() && ")]}".contains(text) && --depth < 0) {
                return i;
            }
        }
        return tokens.size();
    }

    private void effect(PythonCall call, Set<Trait> traits, List<Change> changes, Set<String> calls) {
        String method = call.method();
        if (!HARMLESS.contains(method) && !SAYS.contains(method) && !isClock(call)) {
            traits.add(Trait.MAY_FAIL);
        }
        if (method.equals("sleep")
                || (method.equals("wait") && !call.arguments().isEmpty())
                || (method.equals("select") && call.positional() > 3)) {
            traits.add(Trait.SLEEPS);
        }
        boolean writes = method.equals("write")
                && (call.receiver().endsWith("stderr") || call.receiver().endsWith("stdout"));
        if (SAYS.contains(method) || writes) {
            traits.add(Trait.SAYS);
        }
        if (!call.hasReceiver()
                || call.receiver().equals("self")
                || call.receiver().equals("cls")) {
            calls.add(method);
        }
        String receiver = variable(call.receiver());
        if (call.hasReceiver() && !receiver.startsWith("?") && (CHANGES.contains(method) || isRead(call))) {
            Set<String> from = new LinkedHashSet<>(Set.of(receiver));
            call.arguments().forEach(argument -> from.addAll(names(argument)));
            changes.add(new Change(receiver, from, Change.How.MADE, null));
        } else if (method.equals("heappop") || call.name().equals("next")) {
            call.arguments().stream()
                    .limit(1)
                    .flatMap(argument -> names(argument).stream())
                    .forEach(name -> changes.add(Change.inPlace(name)));
        }
    }

    private boolean isRead(PythonCall call) {
        return readsFrom(call) != null;
    }

    /** The changes of variables that get a value. */
    List<Change> assigned(Set<String> targets, List<PythonToken> value) {
        List<Change> changes = new ArrayList<>();
        for (String target : targets) {
            changes.add(assigned(target, value));
        }
        return changes;
    }

    private Change assigned(String target, List<PythonToken> value) {
        if (isClock(value)) {
            return new Change(target, names(value), Change.How.TIMED, null);
        }
        for (PythonCall call : PythonCall.all(value)) {
            Set<String> from = readsFrom(call);
            if (from != null) {
                Set<String> all = new HashSet<>(from);
                return Change.read(target, all);
            }
        }
        Set<String> from = names(value);
        if (value.size() == 3 && value.get(0).is(target) && value.get(2).kind() == PythonToken.Kind.NUMBER) {
            return value.get(1).is("+")
                    ? Change.up(target)
                    : value.get(1).is("-") ? Change.down(target) : Change.inPlace(target);
        }
        String literal = literal(value);
        if (literal != null) {
            return Change.literal(target, literal);
        }
        boolean pure = PythonCall.all(value).stream().allMatch(this::isPure)
                && value.stream().noneMatch(token -> token.is("await"));
        return pure ? Change.computed(target, from) : Change.made(target, from);
    }

    static @org.jspecify.annotations.Nullable String literal(List<PythonToken> value) {
        if (value.size() == 3
                && value.get(1).is("(")
                && Set.of("set", "list", "dict", "deque").contains(value.get(0).text())) {
            return "";
        }
        if (value.size() == 2
                && (value.get(0).is("[") || value.get(0).is("{") || value.get(0).is("("))) {
            return "";
        }
        if (value.size() != 1) {
            return null;
        }
        PythonToken token = value.get(0);
        boolean constant = token.kind() == PythonToken.Kind.NUMBER
                || token.kind() == PythonToken.Kind.STRING
                || token.is("True")
                || token.is("False")
                || token.is("None");
        return constant ? token.text() : null;
    }

    /** An expression as a condition. */
    Condition condition(List<PythonToken> tokens) {
        return condition(tokens, 0);
    }

    private Condition condition(List<PythonToken> tokens, int depth) {
        if (tokens.isEmpty() || depth > MOST_DEEP) {
            return Condition.Test.other(Set.of(), false, Effect.NONE);
        }
        int or = lastIndex(tokens, token -> token.is("or"));
        if (or > 0) {
            return new Condition.Or(
                    condition(tokens.subList(0, or), depth + 1),
                    condition(tokens.subList(or + 1, tokens.size()), depth + 1));
        }
        int and = lastIndex(tokens, token -> token.is("and"));
        if (and > 0) {
            return new Condition.And(
                    condition(tokens.subList(0, and), depth + 1),
                    condition(tokens.subList(and + 1, tokens.size()), depth + 1));
        }
        if (tokens.get(0).is("not")) {
            return Condition.not(condition(tokens.subList(1, tokens.size()), depth + 1));
        }
        boolean walrus = lastIndex(tokens.subList(1, Math.max(1, tokens.size() - 1)), token -> token.is(":=")) >= 0;
        boolean generator = tokens.stream().anyMatch(token -> token.is("for"));
        if (tokens.get(0).is("(")
                && PythonCall.closing(tokens)[0] == tokens.size() - 1
                && !walrus
                && !generator
                && tokens.size() > 2) {
            return condition(tokens.subList(1, tokens.size() - 1), depth + 1);
        }
        if (tokens.get(0).is("await")) {
            return condition(tokens.subList(1, tokens.size()), depth + 1);
        }
        if (tokens.size() > 3
                && tokens.get(0).is("bool")
                && tokens.get(1).is("(")
                && PythonCall.closing(tokens)[1] == tokens.size() - 1) {
            return condition(tokens.subList(2, tokens.size() - 1), depth + 1);
        }
        int at = lastIndex(
                tokens,
                token -> COMPARING.contains(token.text()) && !generator && token.kind() != PythonToken.Kind.STRING);
        return at > 0 ? comparison(tokens, at, depth) : alone(tokens);
    }

    private Condition comparison(List<PythonToken> tokens, int at, int depth) {
        String sign = tokens.get(at).text();
        int leftEnd = sign.equals("in") && tokens.get(at - 1).is("not") ? at - 1 : at;
        int rightFrom = sign.equals("is")
                        && at + 1 < tokens.size()
                        && tokens.get(at + 1).is("not")
                ? at + 2
                : at + 1;
        List<PythonToken> left = tokens.subList(0, leftEnd);
        List<PythonToken> right = tokens.subList(Math.min(rightFrom, tokens.size()), tokens.size());
        int chained = lastIndex(left, token -> Set.of("<", ">", "<=", ">=").contains(token.text()));
        if (chained > 0) {
            Condition first = condition(left, depth + 1);
            List<PythonToken> rest = tokens.subList(chained + 1, tokens.size());
            return new Condition.And(first, condition(rest, depth + 1));
        }
        String l = literal(left);
        String r = literal(right);
        boolean negative = rightFrom > at + 1 || leftEnd < at || sign.equals("!=");
        if (l != null && r != null && (sign.equals("==") || sign.equals("!=") || sign.equals("is"))) {
            return new Condition.Constant(l.equals(r) != negative);
        }
        if (l != null && r != null && Letters.isNumber(l, 9) && Letters.isNumber(r, 9)) {
            return new Condition.Constant(Comparing.holds(Long.parseLong(l), sign, Long.parseLong(r)));
        }
        Effect effect = effect(tokens);
        boolean clock = isClock(tokens);
        return switch (sign) {
            case "<", "<=" -> Condition.Test.compare(Condition.Op.LESS, tested(left), tested(right), r, clock, effect);
            case ">", ">=" ->
                Condition.Test.compare(Condition.Op.GREATER, tested(left), tested(right), r, clock, effect);
            case "in" -> {
                Set<String> all = new LinkedHashSet<>(tested(left));
                all.addAll(tested(right));
                yield Condition.Test.other(all, clock, effect);
            }
            default ->
                Condition.Test.compare(
                        negative ? Condition.Op.DIFFERENT : Condition.Op.EQUAL,
                        tested(left),
                        tested(right),
                        r,
                        clock,
                        effect);
        };
    }

    private Condition alone(List<PythonToken> tokens) {
        String literal = literal(tokens);
        if (literal != null) {
            return new Condition.Constant(!EMPTY.contains(literal));
        }
        Effect effect = effect(tokens);
        Set<String> tested = new LinkedHashSet<>(tested(tokens));
        for (PythonCall call : PythonCall.all(tokens)) {
            Set<String> from = readsFrom(call);
            if (from != null) {
                tested.addAll(from);
            }
        }
        tokens.stream()
                .limit(2)
                .skip(1)
                .filter(token -> token.is(":="))
                .forEach(token -> tested.add(tokens.get(0).text()));
        if (!effect.calls().isEmpty()) {
            return Condition.Test.other(tested, isClock(tokens), effect).handing(names(tokens));
        }
        return Condition.Test.isThere(tested, EMPTY, isClock(tokens), effect).handing(names(tokens));
    }

    private static int lastIndex(List<PythonToken> tokens, Predicate<PythonToken> wanted) {
        int depth = 0;
        int found = -1;
        for (int i = 0; i < tokens.size(); i++) {
            PythonToken token = tokens.get(i);
            if (token.kind() == PythonToken.Kind.SIGN) {
                depth += "([{".contains(token.text()) ? 1 : ")]}".contains(token.text()) ? -1 : 0;
            }
            if (token.is("lambda") && depth == 0) {
                return found;
            }
            if (depth == 0 && token.kind() != PythonToken.Kind.STRING && wanted.test(token)) {
                found = i;
            }
        }
        return found;
    }
}
