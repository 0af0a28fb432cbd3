package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts scripts of cmd into commands, signs and parentheses. */
final class CmdLexer {

    /** What a token is. */
    enum Kind {
        COMMAND,
        SIGN,
        NEWLINE,
        LABEL,
        END
    }

    /**
     * One token; the text of a command is without its redirections.
     *
     * @param heard somebody sees what it prints
     * @param input it reads from a file
     */
    record Token(Kind kind, String text, int line, boolean heard, boolean input) {

        boolean is(String sign) {
            return kind == Kind.SIGN && text.equals(sign);
        }
    }

    private static final List<String> SIGNS = List.of("&&", "||", "&", "|");
    private static final List<String> NO_SIGNS = List.of();

    private final String s;
    private final List<Comment> comments;
    private int p;
    private int line;

    CmdLexer(String text, int line, List<Comment> comments) {
        this.s = text;
        this.line = line;
        this.comments = comments;
    }

    private char at(int i) {
        return i < s.length() ? s.charAt(i) : '\0';
    }

    private Token token(Kind kind, String text, int at) {
        return new Token(kind, text, at, true, false);
    }

    /**
     * The next token.
     *
     * @param depth how many parentheses are open: there a closing one ends a command
     */
    Token next(int depth) {
        while (" \t\r,;=@".indexOf(at(p)) >= 0 && p < s.length()) {
            p++;
        }
        int begin = line;
        if (p >= s.length()) {
            return token(Kind.END, "", begin);
        }
        char c = s.charAt(p);
        if (c == '\n') {
            p++;
            line++;
            return token(Kind.NEWLINE, "\n", begin);
        }
        for (String sign : c == '&' || c == '|' ? SIGNS : NO_SIGNS) {
            if (s.startsWith(sign, p)) {
                p += sign.length();
                return token(Kind.SIGN, sign, begin);
            }
        }
        if (c == '(' || (c == ')' && depth > 0)) {
            p++;
            return token(Kind.SIGN, String.valueOf(c), begin);
        }
        if (c == ':') {
            return label(begin);
        }
        if (isRemark()) {
            comments.add(new Comment(begin, restOfLine().substring(3).strip()));
            return next(depth);
        }
        return command(depth, begin);
    }

    private boolean isRemark() {
        return s.regionMatches(true, p, "rem", 0, 3) && (p + 3 >= s.length() || " \t\r\n".indexOf(at(p + 3)) >= 0);
    }

    private String restOfLine() {
        int end = s.indexOf('\n', p);
        end = end < 0 ? s.length() : end;
        String rest = s.substring(p, end);
        p = end;
        return rest;
    }

    private Token label(int begin) {
        String rest = restOfLine().strip();
        if (rest.startsWith("::")
                || rest.length() < 2
                || (!Character.isLetterOrDigit(rest.charAt(1)) && rest.charAt(1) != '_' && rest.charAt(1) != ' ')) {
            comments.add(new Comment(
                    begin, rest.substring(Math.min(2, rest.length())).strip()));
            return token(Kind.LABEL, "", begin);
        }
        return token(Kind.LABEL, labelName(rest.substring(1)), begin);
    }

    /** How labels are compared. */
    static String labelName(String text) {
        String name = text.strip();
        int end = 0;
        while (end < name.length() && " \t:+,;=&|<>".indexOf(name.charAt(end)) < 0) {
            end++;
        }
        return name.substring(0, end).toLowerCase(Locale.ROOT);
    }

    private Token command(int depth, int begin) {
        StringBuilder text = new StringBuilder();
        boolean quoted = false;
        boolean heard = true;
        boolean input = false;
        while (p < s.length()) {
            char c = s.charAt(p);
            if (c == '\n') {
                break;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '^') {
                p++;
                if (at(p) == '\r') {
                    p++;
                }
                if (at(p) == '\n') {
                    line++;
                    p++;
                    continue;
                }
                text.append(at(p));
                p++;
                continue;
            } else if (!quoted && (c == '&' || c == '|' || (c == ')' && depth > 0))) {
                break;
            } else if (!quoted && (c == '>' || c == '<')) {
                String target = redirection(text);
                heard &= c == '<' || target.startsWith("&") || target.contains("log") || target.contains("con");
                input |= c == '<';
                continue;
            } else if (!quoted && c == '(' && holdsParenthesis(text)) {
                break;
            }
            text.append(c);
            p++;
        }
        return new Token(Kind.COMMAND, text.toString().strip(), begin, heard, input);
    }

    /** After a condition, or "do", a parenthesis begins a block. */
    private static boolean holdsParenthesis(StringBuilder text) {
        String begin = text.substring(0, Math.min(8, text.length())).toLowerCase(Locale.ROOT);
        if (begin.startsWith("for ") || begin.startsWith("for\t")) {
            String end = text.substring(Math.max(0, text.length() - 8)).strip().toLowerCase(Locale.ROOT);
            return end.endsWith(" do") || end.endsWith(")do");
        }
        return begin.startsWith("if ")
                || begin.startsWith("if\t")
                || begin.startsWith("else if ")
                || begin.strip().equals("else");
    }

    private String redirection(StringBuilder text) {
        int length = text.length();
        if (length > 0
                && Character.isDigit(text.charAt(length - 1))
                && (length == 1 || text.charAt(length - 2) == ' ')) {
            text.setLength(length - 1);
        }
        while (at(p) == '>' || at(p) == '<') {
            p++;
        }
        while (at(p) == ' ') {
            p++;
        }
        int from = p;
        boolean quoted = false;
        while (p < s.length() && s.charAt(p) != '\n') {
            char c = s.charAt(p);
            quoted ^= c == '"';
            if (!quoted && (" \t\r)|<>".indexOf(c) >= 0 || (c == '&' && p > from))) {
                break;
            }
            p++;
        }
        return s.substring(from, p).toLowerCase(Locale.ROOT);
    }

    /** Words of a command; quotes hold together, and stay. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '"';
            if (!quoted && (c == ' ' || c == '\t')) {
                if (word.length() > 0) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                word.append(c);
            }
        }
        if (word.length() > 0) {
            words.add(word.toString());
        }
        return words;
    }
}
