package io.sluice.loopcheck;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a shell script into words and signs, one at a time, because what a sign means depends on where the parser is.
 * Commands within a word are parsed while the word is read.
 */
final class ShellLexer {

    /** What a token is. */
    enum Kind {
        WORD,
        SIGN,
        REDIRECTION,
        NEWLINE,
        END
    }

    /** One token; {@code word} is there for words, and for the target of a redirection. */
    record Token(
            Kind kind,
            int line,
            String text,
            @Nullable ShellWord word,
            @Nullable HereDocument here) {

        boolean is(String sign) {
            return kind == Kind.SIGN && text.equals(sign);
        }

        boolean isWord(String keyword) {
            return word != null && kind == Kind.WORD && word.is(keyword);
        }
    }

    /** Text that stands after the line of its command. */
    static final class HereDocument {
        final String end;
        final boolean strip;
        int line;
        String body = "";

        HereDocument(String end, boolean strip) {
            this.end = end;
            this.strip = strip;
        }
    }

    /** Parses the commands of a word, up to and with a closing parenthesis. */
    interface Nested {
        Block upToClosing(ShellWord word);

        /** Parses the text between backquotes. */
        Block apart(String text, int line, ShellWord word);
    }

    private static final List<String> NO_SIGNS = List.of();
    private static final List<String> SIGNS =
            List.of(";;&", ";;", ";&", ";|", "&&", "||", "|&", "&!", "&|", ";", "&", "|", "(", ")");
    private static final List<String> REDIRECTIONS =
            List.of("<<<", "<<-", "<<", "<&", "<>", "<", ">>", ">&", ">|", ">", "&>>", "&>");
    private static final List<String> IN_BRACKETS = List.of("&&", "||", "(", ")", "<", ">");
    private static final Pattern ARRAY = Pattern.compile("[A-Za-z_]\\w*\\+?=");
    private static final Set<String> PUT_IN_PLACE = Set.of("@", "*", "#");

    private final String s;
    private final List<Comment> comments;
    private final Nested nested;
    private final Deque<ShellWord> open = new ArrayDeque<>();
    private final Deque<HereDocument> pending = new ArrayDeque<>();
    private final boolean zsh;
    private int p;
    private int line;

    /**
     * @param zsh whether it is for zsh, whose words may hold parentheses
     * @param around the word that the text is within, if any
     */
    ShellLexer(String text, int line, List<Comment> comments, Nested nested, @Nullable ShellWord around, boolean zsh) {
        this.s = text;
        this.zsh = zsh;
        if (around != null) {
            open.push(around);
        }
        this.line = line;
        this.comments = comments;
        this.nested = nested;
    }

    int line() {
        return line;
    }

    /** The word that is being read, if any. */
    @Nullable
    ShellWord openWord() {
        return open.peek();
    }

    private char at(int i) {
        return i < s.length() ? s.charAt(i) : '\0';
    }

    private boolean looking(String text) {
        return s.startsWith(text, p);
    }

    /** Whether an opening parenthesis follows at once. */
    boolean atParenthesis() {
        return at(p) == '(';
    }

    Token next() {
        skipBlanks();
        int begin = line;
        if (p >= s.length()) {
            readHereDocuments();
            return new Token(Kind.END, begin, "", null, null);
        }
        char c = s.charAt(p);
        if (c == '\n') {
            p++;
            line++;
            readHereDocuments();
            return new Token(Kind.NEWLINE, begin, "\n", null, null);
        }
        if ((c == '<' || c == '>') && at(p + 1) == '(') {
            return word();
        }
        if (c == '<' || c == '>' || (c == '&' && at(p + 1) == '>')) {
            return redirection();
        }
        int digits = p;
        while (Character.isDigit(at(digits))) {
            digits++;
        }
        if (digits > p && (at(digits) == '<' || at(digits) == '>') && at(digits + 1) != '(') {
            p = digits;
            return redirection();
        }
        for (String sign : ";&|()".indexOf(c) < 0 ? NO_SIGNS : SIGNS) {
            if (looking(sign)) {
                p += sign.length();
                return new Token(Kind.SIGN, begin, sign, null, null);
            }
        }
        return word();
    }

    private void skipBlanks() {
        while (p < s.length()) {
            char c = s.charAt(p);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
                p++;
            } else if (c == '\\' && at(p + 1) == '\n') {
                p += 2;
                line++;
            } else if (c == '\\' && at(p + 1) == '\r' && at(p + 2) == '\n') {
                p += 3;
                line++;
            } else if (c == '#') {
                comment();
            } else {
                return;
            }
        }
    }

    private void comment() {
        int end = s.indexOf('\n', p);
        end = end < 0 ? s.length() : end;
        comments.add(new Comment(line, s.substring(p + 1, end).strip()));
        p = end;
    }

    private static String withoutTabs(String text) {
        int from = 0;
        while (from < text.length() && text.charAt(from) == '\t') {
            from++;
        }
        return text.substring(from);
    }

    private Token redirection() {
        int begin = line;
        String sign = "";
        for (String one : REDIRECTIONS) {
            if (looking(one)) {
                sign = one;
                break;
            }
        }
        p += sign.length();
        skipInline();
        ShellWord target = new ShellWord(line);
        if (p < s.length() && "\n;|)".indexOf(at(p)) < 0) {
            if ((at(p) == '<' || at(p) == '>') && at(p + 1) == '(') {
                readWord(target);
            } else if ("<>&".indexOf(at(p)) < 0) {
                readWord(target);
            }
        }
        HereDocument here = null;
        if (sign.equals("<<") || sign.equals("<<-")) {
            here = new HereDocument(target.text(), sign.equals("<<-"));
            pending.add(here);
        }
        return new Token(Kind.REDIRECTION, begin, sign, target, here);
    }

    private void skipInline() {
        while (at(p) == ' ' || at(p) == '\t' || (at(p) == '\\' && at(p + 1) == '\n')) {
            if (at(p) == '\\') {
                p++;
                line++;
            }
            p++;
        }
    }

    private void readHereDocuments() {
        while (!pending.isEmpty()) {
            HereDocument here = pending.poll();
            here.line = line;
            int from = p;
            while (true) {
                if (p >= s.length()) {
                    throw new UnreadableScriptException(
                            here.line, "the here-document '" + shortened(here.end) + "' never ends");
                }
                int end = s.indexOf('\n', p);
                String text = s.substring(p, end < 0 ? s.length() : end);
                String bare = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
                int before = p;
                p = end < 0 ? s.length() : end + 1;
                line += end < 0 ? 0 : 1;
                if (bare.endsWith(here.end) && (here.strip ? withoutTabs(bare) : bare).equals(here.end)) {
                    here.body = s.substring(from, before);
                    break;
                }
                // At the end of a command in parentheses, the delimiter need not stand alone.
                if (!open.isEmpty()
                        && bare.startsWith(here.end)
                        && bare.substring(here.end.length()).strip().startsWith(")")) {
                    here.body = s.substring(from, before);
                    p = before + here.end.length();
                    line -= end < 0 ? 0 : 1;
                    break;
                }
            }
        }
    }

    private static String shortened(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }

    private Token word() {
        ShellWord word = new ShellWord(line);
        readWord(word);
        return new Token(Kind.WORD, word.line, word.text(), word, null);
    }

    private void put(ShellWord word, String text) {
        word.text.append(text);
        word.expands = true;
    }

    private void variable(ShellWord word, String name) {
        String known = PUT_IN_PLACE.contains(name) || name.chars().allMatch(Character::isDigit) ? "@" : name;
        boolean clock = ShellArithmetic.CLOCKS.contains(name);
        word.clock |= clock;
        if (!clock) {
            word.own.add(known);
            word.all.add(known);
            open.forEach(one -> one.all.add(known));
        } else {
            open.forEach(one -> one.clock = true);
        }
    }

    private void readWord(ShellWord word) {
        int start = p;
        boolean name = true;
        while (p < s.length()) {
            char c = s.charAt(p);
            if (c == '\\') {
                escape(word);
            } else if (c == '\'') {
                word.bare = false;
                singleQuoted(word);
            } else if (c == '"') {
                word.bare = false;
                p++;
                doubleQuoted(word);
            } else if (c == '$') {
                dollar(word, false);
            } else if (c == '`') {
                backticks(word);
            } else if ((c == '<' || c == '>') && at(p + 1) == '(' && p == start) {
                p += 2;
                commands(word);
            } else if (c == '(' && mayHoldParentheses(word, start)) {
                parentheses(word);
            } else if (" \t\r\n;&|<>()\f".indexOf(c) >= 0) {
                break;
            } else if (c == '[' && name && p > start) {
                index(word);
            } else {
                name &= Character.isLetterOrDigit(c) || c == '_';
                word.text.append(c);
                p++;
            }
        }
        if (p == start) {
            // Something that begins no word, which is a word all the same.
            word.text.append(s.charAt(p++));
        }
    }

    /** The index of an array element that is assigned; it may hold blanks. */
    private void index(ShellWord word) {
        int close = p;
        while (close < s.length() && close < p + 200 && s.charAt(close) != ']' && s.charAt(close) != '\n') {
            close++;
        }
        if (at(close) == ']' && (at(close + 1) == '=' || (at(close + 1) == '+' && at(close + 2) == '='))) {
            word.text.append(s, p, close + 1);
            p = close + 1;
        } else {
            word.text.append(s.charAt(p++));
        }
    }

    private boolean mayHoldParentheses(ShellWord word, int start) {
        if (p == start) {
            return false;
        }
        char before = s.charAt(p - 1);
        String text = word.text.length() > 200 ? "" : word.text();
        boolean assigned = before == '=' && ARRAY.matcher(text).matches();
        return assigned
                || (zsh && at(p + 1) != ')')
                || "@!*+?".indexOf(before) >= 0
                || (before != '(' && at(p + 1) != ')' && "*.])^#".indexOf(before) >= 0);
    }

    private void parentheses(ShellWord word) {
        p++;
        if (word.text.length() > 0 && word.text.charAt(word.text.length() - 1) == '=') {
            word.array = true;
            if (open.size() > ShellScript.MOST_DEEP) {
                throw new UnreadableScriptException(line, "nested more than " + ShellScript.MOST_DEEP + " deep");
            }
            open.push(word);
            for (Token token = next(); !token.is(")"); token = next()) {
                if (token.kind() == Kind.END) {
                    throw new UnreadableScriptException(word.line, "the list that begins here is never closed");
                }
                if (token.word() != null) {
                    word.elements.add(token.word());
                    word.expands |= token.word().expands;
                }
            }
            open.pop();
            word.elements.forEach(one -> word.own.addAll(one.own));
            return;
        }
        int depth = 1;
        while (depth > 0) {
            char c = at(p);
            if (p >= s.length() || c == '\n') {
                return;
            } else if (c == '\\') {
                p++;
            } else if (c == '\'') {
                singleQuoted(word);
                continue;
            } else if (c == '"') {
                p++;
                doubleQuoted(word);
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            p++;
        }
        word.text.append("()");
        word.bare = false;
    }

    private void escape(ShellWord word) {
        if (at(p + 1) == '\n') {
            line++;
        } else if (p + 1 < s.length()) {
            word.text.append(s.charAt(p + 1));
            word.bare = false;
        }
        p += 2;
    }

    private void singleQuoted(ShellWord word) {
        int close = s.indexOf('\'', p + 1);
        if (close < 0) {
            throw new UnreadableScriptException(line, "a quote ' is never closed");
        }
        append(word, s.substring(p + 1, close));
        p = close + 1;
    }

    private void append(ShellWord word, String text) {
        word.text.append(text);
        line += (int) text.chars().filter(c -> c == '\n').count();
    }

    private void escapedQuoted(ShellWord word) {
        int begin = line;
        p += 2;
        while (at(p) != '\'') {
            if (p >= s.length()) {
                throw new UnreadableScriptException(begin, "a quote $' is never closed");
            }
            line += at(p) == '\n' ? 1 : 0;
            p += at(p) == '\\' ? 1 : 0;
            word.text.append(at(p));
            p++;
        }
        p++;
    }

    private void doubleQuoted(ShellWord word) {
        int begin = line;
        while (at(p) != '"' || p >= s.length()) {
            if (p >= s.length()) {
                throw new UnreadableScriptException(begin, "a quote \" is never closed");
            }
            char c = s.charAt(p);
            if (c == '\\') {
                line += at(p + 1) == '\n' ? 1 : 0;
                word.text.append(at(p + 1));
                p += 2;
            } else if (c == '$') {
                dollar(word, true);
            } else if (c == '`') {
                backticks(word);
            } else {
                line += c == '\n' ? 1 : 0;
                word.text.append(c);
                p++;
            }
        }
        p++;
    }

    private void backticks(ShellWord word) {
        int begin = line;
        StringBuilder inner = new StringBuilder();
        p++;
        while (at(p) != '`') {
            if (p >= s.length()) {
                throw new UnreadableScriptException(begin, "a quote ` is never closed");
            }
            char c = s.charAt(p);
            line += c == '\n' ? 1 : 0;
            if (c == '\\' && "`\\$".indexOf(at(p + 1)) >= 0) {
                p++;
                c = at(p);
            }
            inner.append(c);
            p++;
        }
        p++;
        open.push(word);
        int after = line;
        word.blocks.add(nested.apart(inner.toString(), begin, word));
        open.pop();
        open.forEach(one -> {
            one.clock |= word.clock;
            one.all.addAll(word.all);
        });
        line = after;
        put(word, "$(");
    }

    private void commands(ShellWord word) {
        open.push(word);
        word.blocks.add(nested.upToClosing(word));
        open.pop();
        open.forEach(one -> {
            one.clock |= word.clock;
            one.all.addAll(word.all);
        });
        put(word, "$(");
    }

    private void dollar(ShellWord word, boolean quoted) {
        char c = at(p + 1);
        if (c == '(' && at(p + 2) == '(' && arithmeticEnd(p + 3) > 0) {
            p += 3;
            word.arithmetic.add(arithmetic(word));
            put(word, "$(");
        } else if (c == '(') {
            p += 2;
            commands(word);
        } else if (c == '{') {
            p += 2;
            braces(word);
        } else if (c == '[') {
            int close = s.indexOf(']', p);
            p += 2;
            if (close > 0) {
                List<String> tokens = ShellArithmetic.tokens(s.substring(p, close));
                ShellArithmetic.names(tokens).forEach(name -> variable(word, name));
                word.arithmetic.add(tokens);
                p = close + 1;
            }
            put(word, "$(");
        } else if (c == '\'' && !quoted) {
            word.bare = false;
            escapedQuoted(word);
        } else if (c == '"' && !quoted) {
            word.bare = false;
            p += 2;
            doubleQuoted(word);
        } else if (Character.isLetter(c) || c == '_') {
            int end = p + 1;
            while (Character.isLetterOrDigit(at(end)) || at(end) == '_') {
                end++;
            }
            String name = s.substring(p + 1, end);
            p = end;
            variable(word, name);
            put(word, "$" + name);
        } else if (Character.isDigit(c) || ("@*#?$!-".indexOf(c) >= 0 && c != '\0')) {
            p += 2;
            if (Character.isDigit(c) || "@*#".indexOf(c) >= 0) {
                variable(word, "@");
            } else if (c == '?') {
                variable(word, "?");
            }
            put(word, "$" + c);
        } else {
            word.text.append('$');
            p++;
        }
    }

    /** What is between braces: a name, and maybe words to take instead, or to cut off. */
    private void braces(ShellWord word) {
        int begin = line;
        boolean length = at(p) == '#' && at(p + 1) != '}';
        if (length || at(p) == '!') {
            p++;
        }
        if (at(p) == '(') {
            // Flags of zsh.
            int close = s.indexOf(')', p);
            p = close < 0 ? p + 1 : close + 1;
        }
        int from = p;
        while (Character.isLetterOrDigit(at(p)) || at(p) == '_') {
            p++;
        }
        if (p == from && "@*#?$!-".indexOf(at(p)) >= 0) {
            p++;
        }
        String name = s.substring(from, p);
        if (!name.isEmpty()) {
            variable(word, name);
        }
        put(word, "$" + name);
        ShellWord rest = new ShellWord(line);
        open.push(word);
        while (true) {
            char c = at(p);
            if (p >= s.length()) {
                throw new UnreadableScriptException(begin, "a '${' is never closed");
            }
            if (c == '}') {
                p++;
                break;
            }
            if (c == '$') {
                dollar(rest, false);
            } else if (c == '\\') {
                escape(rest);
            } else if (c == '\'' && isQuoteInBraces()) {
                singleQuoted(rest);
            } else if (c == '"') {
                p++;
                doubleQuoted(rest);
            } else if (c == '`') {
                backticks(rest);
            } else {
                line += c == '\n' ? 1 : 0;
                p++;
            }
        }
        open.pop();
        word.own.addAll(rest.own);
        word.all.addAll(rest.all);
        word.clock |= rest.clock;
        word.blocks.addAll(rest.blocks);
        word.arithmetic.addAll(rest.arithmetic);
    }

    /** In text that stands in for a variable, a lone quote is an apostrophe. */
    private boolean isQuoteInBraces() {
        int end = p;
        int close = -1;
        boolean braceBefore = false;
        for (end = p + 1; end < s.length() && end < p + 1_000 && s.charAt(end) != '\n'; end++) {
            if (close < 0 && s.charAt(end) == '\'') {
                close = end;
            } else if (s.charAt(end) == '}') {
                if (close > 0) {
                    return true;
                }
                braceBefore = true;
            }
        }
        return close > 0 && !braceBefore;
    }

    /** Where an arithmetic expression ends; -1 if there is none. */
    private int arithmeticEnd(int from) {
        int depth = 0;
        for (int i = from; i < s.length() && i < from + 4_000; i++) {
            char c = s.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                if (depth == 0) {
                    return at(i + 1) == ')' ? i : -1;
                }
                depth--;
            } else if (c == '\''
                    || (c == '#' && s.charAt(i - 1) == ' ' && at(i + 1) == ' ')
                    || (c == ';' && at(i + 1) == ';')) {
                return -1;
            }
        }
        return -1;
    }

    /** Whether an arithmetic command follows, after its first two parentheses. */
    boolean atArithmetic() {
        return at(p) == '(' && arithmeticEnd(p + 1) > 0;
    }

    /** Tokens of arithmetic up to and with its two closing parentheses; the opening ones are read. */
    List<String> arithmetic(ShellWord word) {
        List<String> tokens = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        int depth = 0;
        while (p < s.length()) {
            char c = s.charAt(p);
            if (c == ')' && depth == 0) {
                p += 2;
                break;
            }
            if ((c == '$' && at(p + 1) == '(' && at(p + 2) != '(') || c == '`') {
                tokens.addAll(ShellArithmetic.tokens(plain.toString()));
                plain.setLength(0);
                substitution(word, tokens);
                continue;
            }
            if (c == '$' && at(p + 1) == '(') {
                // Arithmetic within arithmetic is a parenthesis.
                p += 1;
                continue;
            }
            if (c == '#' && at(p - 1) != '{' && Character.isDigit(at(p - 1))) {
                p++;
                continue;
            }
            if (c == '$' && (at(p + 1) == '#' || at(p + 1) == '@' || Character.isDigit(at(p + 1)))) {
                plain.append(" @ ");
                p += 2;
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            line += c == '\n' ? 1 : 0;
            plain.append(c == '#' || (c == '@' && at(p - 1) == '[') ? ' ' : c);
            p++;
        }
        tokens.addAll(ShellArithmetic.tokens(plain.toString()));
        for (String token : tokens) {
            if (ShellArithmetic.isName(token)) {
                variable(word, token);
            }
        }
        return tokens;
    }

    private void substitution(ShellWord word, List<String> tokens) {
        ShellWord inner = new ShellWord(line);
        if (at(p) == '`') {
            backticks(inner);
        } else {
            p += 2;
            commands(inner);
        }
        word.all.addAll(inner.all);
        word.clock |= inner.clock;
        word.commands.addAll(inner.commands);
        word.blocks.addAll(inner.blocks);
        tokens.add(inner.clock ? ShellArithmetic.CLOCK : ShellArithmetic.COMMAND);
        if (!inner.clock) {
            inner.tested().stream().filter(ShellArithmetic::isName).forEach(tokens::add);
        }
    }

    /** The next token between double brackets: a word, or one of the signs that count there. */
    Token nextInBrackets(boolean pattern) {
        skipBlanks();
        int begin = line;
        if (p >= s.length()) {
            return new Token(Kind.END, begin, "", null, null);
        }
        char c = s.charAt(p);
        if (c == '\n') {
            p++;
            line++;
            return new Token(Kind.NEWLINE, begin, "\n", null, null);
        }
        ShellWord word = new ShellWord(begin);
        if (pattern) {
            readPattern(word);
            return new Token(Kind.WORD, begin, word.text(), word, null);
        }
        for (String sign : "&|()<>".indexOf(c) < 0 ? NO_SIGNS : IN_BRACKETS) {
            if (looking(sign) && !((c == '<' || c == '>') && at(p + 1) == '(')) {
                p += sign.length();
                return new Token(Kind.SIGN, begin, sign, null, null);
            }
        }
        readWord(word);
        return new Token(Kind.WORD, begin, word.text(), word, null);
    }

    /** A pattern after {@code =~} or {@code ==}, in which parentheses and bars are not signs. */
    private void readPattern(ShellWord word) {
        int depth = 0;
        while (p < s.length()) {
            char c = s.charAt(p);
            if (c == '\'') {
                singleQuoted(word);
            } else if (c == '"') {
                p++;
                doubleQuoted(word);
            } else if (c == '$' && at(p + 1) != ' ' && at(p + 1) != '\n') {
                dollar(word, false);
            } else if (c == '\\') {
                escape(word);
            } else if (c == '\n' || (depth <= 0 && (c == ' ' || c == '\t' || c == ')'))) {
                return;
            } else {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                word.text.append(c);
                p++;
            }
        }
    }
}
