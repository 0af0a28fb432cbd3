package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Cuts Python into lines of tokens. */
final class PythonLexer {

    static final Set<String> KEYWORDS = Set.of(
            "and",
            "or",
            "not",
            "in",
            "is",
            "if",
            "else",
            "elif",
            "for",
            "while",
            "lambda",
            "await",
            "yield",
            "True",
            "False",
            "None",
            "async",
            "def",
            "class",
            "return",
            "break",
            "continue",
            "pass",
            "raise",
            "try",
            "except",
            "finally",
            "with",
            "as",
            "import",
            "from",
            "global",
            "nonlocal",
            "del",
            "assert");

    private static final List<String> SIGNS = List.of(
            "**=", "//=", ">>=", "<<=", "...", ":=", "->", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "+=", "-=",
            "*=", "/=", "%=", "&=", "|=", "^=", "@=");

    private final String s;
    private final List<Comment> comments;
    private final List<PythonLine> lines = new ArrayList<>();
    private List<PythonToken> tokens = new ArrayList<>();
    private int p;
    private int line;
    private int indent;
    private int depth;
    private int openLine;

    private PythonLexer(String text, int line, List<Comment> comments) {
        this.s = text;
        this.line = line;
        this.comments = comments;
    }

    static List<PythonLine> lines(String text, int line, List<Comment> comments) {
        PythonLexer lexer = new PythonLexer(text, line, comments);
        lexer.run();
        return lexer.lines;
    }

    private char at(int i) {
        return i < s.length() ? s.charAt(i) : '\0';
    }

    private void run() {
        indentation();
        while (p < s.length()) {
            char c = s.charAt(p);
            if (c == '\n') {
                p++;
                line++;
                if (depth == 0) {
                    endLine();
                    indentation();
                }
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
                p++;
            } else if (c == '\\' && (at(p + 1) == '\n' || at(p + 1) == '\r')) {
                p += at(p + 1) == '\r' ? 3 : 2;
                line++;
            } else if (c == '#') {
                int end = s.indexOf('\n', p);
                end = end < 0 ? s.length() : end;
                comments.add(new Comment(line, s.substring(p + 1, end).strip()));
                p = end;
            } else {
                token(c);
            }
        }
        if (depth > 0) {
            throw new UnreadableScriptException(openLine, "a bracket is never closed");
        }
        endLine();
    }

    private void indentation() {
        indent = 0;
        while (at(p) == ' ' || at(p) == '\t' || at(p) == '\f') {
            indent = at(p) == '\t' ? (indent / 8 + 1) * 8 : indent + 1;
            p++;
        }
    }

    private void endLine() {
        if (!tokens.isEmpty()) {
            lines.add(new PythonLine(tokens.get(0).line(), indent, tokens));
            tokens = new ArrayList<>();
        }
    }

    private void add(PythonToken.Kind kind, String text, int at) {
        tokens.add(new PythonToken(kind, text, at));
    }

    private void token(char c) {
        int from = p;
        if (Character.isLetter(c) || c == '_') {
            while (Character.isLetterOrDigit(at(p)) || at(p) == '_') {
                p++;
            }
            String name = s.substring(from, p);
            boolean quote = at(p) == '"' || at(p) == '\'';
            if (quote && name.length() <= 2 && name.toLowerCase(Locale.ROOT).matches("[rbuft]{1,2}")) {
                string(name.toLowerCase(Locale.ROOT));
            } else {
                add(PythonToken.Kind.NAME, name, line);
            }
        } else if (Character.isDigit(c) || (c == '.' && Character.isDigit(at(p + 1)))) {
            while (Character.isLetterOrDigit(at(p)) || at(p) == '_' || at(p) == '.') {
                p++;
            }
            add(PythonToken.Kind.NUMBER, s.substring(from, p), line);
        } else if (c == '"' || c == '\'') {
            string("");
        } else {
            sign(c);
        }
    }

    private void sign(char c) {
        for (String sign : SIGNS) {
            if (c == sign.charAt(0) && s.startsWith(sign, p)) {
                add(PythonToken.Kind.SIGN, sign, line);
                p += sign.length();
                return;
            }
        }
        if ("([{".indexOf(c) >= 0) {
            if (depth++ == 0) {
                openLine = line;
            }
        } else if (")]}".indexOf(c) >= 0) {
            depth = Math.max(0, depth - 1);
        }
        add(PythonToken.Kind.SIGN, String.valueOf(c), line);
        p++;
    }

    private void string(String prefix) {
        int begin = line;
        char quote = at(p);
        boolean three = at(p + 1) == quote && at(p + 2) == quote;
        boolean formatted = prefix.contains("f") || prefix.contains("t");
        p += three ? 3 : 1;
        int from = p;
        int braces = 0;
        while (true) {
            char c = at(p);
            if (p >= s.length() || (c == '\n' && !three && braces == 0)) {
                throw new UnreadableScriptException(begin, "a string is never closed");
            }
            if (c == '\\' && braces == 0) {
                line += at(p + 1) == '\n' ? 1 : 0;
                p += 2;
                continue;
            }
            if (formatted && c == '{') {
                if (at(p + 1) == '{' && braces == 0) {
                    p += 2;
                    continue;
                }
                braces++;
            } else if (formatted && c == '}' && braces > 0) {
                braces--;
            } else if (c == quote && (!three || (at(p + 1) == quote && at(p + 2) == quote))) {
                if (braces == 0 || !closesWithin(quote)) {
                    break;
                }
                p = s.indexOf(quote, p + 1);
            }
            line += c == '\n' ? 1 : 0;
            p++;
        }
        add(PythonToken.Kind.STRING, s.substring(from, p), begin);
        p += three ? 3 : 1;
    }

    /** Within the braces of a formatted string, a string may have the same quotes. */
    private boolean closesWithin(char quote) {
        int close = s.indexOf(quote, p + 1);
        int end = s.indexOf('\n', p);
        return close > 0 && (end < 0 || close < end);
    }
}
