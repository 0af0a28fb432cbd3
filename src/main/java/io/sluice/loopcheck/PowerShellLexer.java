package io.sluice.loopcheck;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Cuts PowerShell into tokens, one at a time. */
final class PowerShellLexer {

    /** Signs of more than one letter; each other letter is a sign of its own. */
    private static final List<String> SIGNS =
            List.of("++", "--", "+=", "-=", "*=", "/=", "%=", "??=", "&&", "||", "::", "..", "@(", "@{", "$(");

    private static final Set<String> SCOPES = Set.of("script", "global", "using", "private", "local");

    private final String s;
    private final List<Comment> comments;
    private int p;
    private int line;

    PowerShellLexer(String text, int line, List<Comment> comments) {
        this.s = text;
        this.line = line;
        this.comments = comments;
    }

    private char at(int i) {
        return i >= 0 && i < s.length() ? s.charAt(i) : '\0';
    }

    private PowerShellToken token(PowerShellToken.Kind kind, String text, int at, boolean glued) {
        return new PowerShellToken(kind, text, at, glued, null);
    }

    PowerShellToken next() {
        int before = p;
        skip();
        boolean glued = p == before && p > 0;
        int begin = line;
        if (p >= s.length()) {
            return token(PowerShellToken.Kind.END, "", begin, false);
        }
        char c = s.charAt(p);
        if (c == '\n') {
            p++;
            line++;
            return token(PowerShellToken.Kind.NEWLINE, "\n", begin, false);
        }
        if (c == '@' && (at(p + 1) == '\'' || at(p + 1) == '"') && endsLine(p + 2)) {
            return hereString(glued);
        }
        if (c == '\'' || c == '\u2018' || c == '\u2019') {
            return single(glued);
        }
        if (c == '"' || c == '\u201c' || c == '\u201d') {
            return doubled(glued);
        }
        if (c == '$') {
            return dollar(glued);
        }
        if (c == '@' && isNameStart(at(p + 1))) {
            p++;
            String name = identifier();
            return token(PowerShellToken.Kind.WORD, "@" + name, begin, glued);
        }
        if (Character.isDigit(c)) {
            int from = p;
            while (Character.isLetterOrDigit(at(p)) || (at(p) == '.' && Character.isDigit(at(p + 1)))) {
                p++;
            }
            return token(PowerShellToken.Kind.NUMBER, s.substring(from, p), begin, glued);
        }
        if ((c == '-' || c == '\u2013') && isNameStart(at(p + 1))) {
            p++;
            return token(PowerShellToken.Kind.DASHED, identifier(), begin, glued);
        }
        if (c == '-' && at(p + 1) == '-' && isNameStart(at(p + 2))) {
            int from = p;
            p += 2;
            bareword();
            return token(PowerShellToken.Kind.WORD, s.substring(from, p).toLowerCase(Locale.ROOT), begin, glued);
        }
        if (isNameStart(c)) {
            int from = p;
            if (glued && (at(p - 1) == '.' || at(p - 1) == ':')) {
                identifier();
            } else {
                bareword();
            }
            return token(PowerShellToken.Kind.WORD, s.substring(from, p).toLowerCase(Locale.ROOT), begin, glued);
        }
        for (String sign : SIGNS) {
            if (c == sign.charAt(0) && s.startsWith(sign, p)) {
                p += sign.length();
                return token(PowerShellToken.Kind.SIGN, sign, begin, glued);
            }
        }
        p++;
        return token(PowerShellToken.Kind.SIGN, String.valueOf(c), begin, glued);
    }

    private static boolean isNameStart(char c) {
        return Character.isLetter(c) || c == '_';
    }

    private String identifier() {
        int from = p;
        while (Character.isLetterOrDigit(at(p)) || at(p) == '_') {
            p++;
        }
        return s.substring(from, p).toLowerCase(Locale.ROOT);
    }

    private void bareword() {
        while (p < s.length()) {
            char c = at(p);
            boolean joins = "-./\\:*?%~@=+".indexOf(c) >= 0
                    && (Character.isLetterOrDigit(at(p + 1))
                            || ("-./\\*".indexOf(at(p + 1)) >= 0 && c != '.' && c != '=' && c != '+'));
            if (!Character.isLetterOrDigit(c) && c != '_' && !joins) {
                return;
            }
            if (c == ':' && at(p + 1) == ':') {
                return;
            }
            p++;
        }
    }

    private boolean endsLine(int from) {
        int i = from;
        while (at(i) == ' ' || at(i) == '\t' || at(i) == '\r') {
            i++;
        }
        return at(i) == '\n';
    }

    private void skip() {
        while (p < s.length()) {
            char c = s.charAt(p);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\u00a0') {
                p++;
            } else if (c == '`' && (at(p + 1) == '\n' || (at(p + 1) == '\r' && at(p + 2) == '\n'))) {
                p += at(p + 1) == '\n' ? 2 : 3;
                line++;
            } else if (c == '<' && at(p + 1) == '#') {
                int end = s.indexOf("#>", p);
                if (end < 0) {
                    throw new UnreadableScriptException(line, "a comment <# is never closed");
                }
                comments.add(new Comment(line, s.substring(p + 2, end).strip()));
                line += (int)
                        s.substring(p, end).chars().filter(one -> one == '\n').count();
                p = end + 2;
            } else if (c == '#') {
                int end = s.indexOf('\n', p);
                end = end < 0 ? s.length() : end;
                comments.add(new Comment(line, s.substring(p + 1, end).strip()));
                p = end;
            } else {
                return;
            }
        }
    }

    private PowerShellToken hereString(boolean glued) {
        int begin = line;
        char quote = at(p + 1);
        int end = s.indexOf("\n" + quote + "@", p);
        if (end < 0) {
            throw new UnreadableScriptException(begin, "a here-string @" + quote + " is never closed");
        }
        String text = s.substring(p + 2, end);
        line += (int) text.chars().filter(one -> one == '\n').count() + 1;
        p = end + 3;
        return token(PowerShellToken.Kind.STRING, text, begin, glued);
    }

    private PowerShellToken single(boolean glued) {
        int begin = line;
        int from = ++p;
        while (true) {
            if (p >= s.length()) {
                throw new UnreadableScriptException(begin, "a quote ' is never closed");
            }
            char c = at(p);
            if (c == '\'' && at(p + 1) == '\'') {
                p++;
            } else if (c == '\'' || c == '\u2018' || c == '\u2019') {
                break;
            }
            line += c == '\n' ? 1 : 0;
            p++;
        }
        return token(PowerShellToken.Kind.STRING, s.substring(from, p++), begin, glued);
    }

    private PowerShellToken doubled(boolean glued) {
        int begin = line;
        int from = ++p;
        quoted(begin, 0);
        return token(PowerShellToken.Kind.TEMPLATE, s.substring(from, p++), begin, glued);
    }

    /** Up to the closing quote, over expressions with quotes of their own. */
    private void quoted(int begin, int depth) {
        while (true) {
            if (p >= s.length() || depth > 40) {
                throw new UnreadableScriptException(begin, "a quote \" is never closed");
            }
            char c = at(p);
            if (c == '`') {
                p++;
                line += at(p) == '\n' ? 1 : 0;
            } else if (c == '"' && at(p + 1) == '"') {
                p++;
            } else if (c == '"' || c == '\u201c' || c == '\u201d') {
                return;
            } else if (c == '$' && at(p + 1) == '(') {
                p += 2;
                expression(begin, depth);
            }
            line += at(p) == '\n' ? 1 : 0;
            p++;
        }
    }

    private void expression(int begin, int depth) {
        int open = 1;
        while (true) {
            if (p >= s.length()) {
                throw new UnreadableScriptException(begin, "a '$(' is never closed");
            }
            char c = at(p);
            if (c == '\'') {
                int close = s.indexOf('\'', p + 1);
                p = close < 0 ? s.length() : close;
            } else if (c == '"') {
                p++;
                quoted(begin, depth + 1);
            }
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (open == 0) {
                return;
            }
            line += c == '\n' ? 1 : 0;
            p++;
        }
    }

    private PowerShellToken dollar(boolean glued) {
        int begin = line;
        char c = at(p + 1);
        if (c == '(') {
            p += 2;
            return token(PowerShellToken.Kind.SIGN, "$(", begin, glued);
        }
        if (c == '{') {
            int close = s.indexOf('}', p);
            close = close < 0 ? s.length() : close;
            String name = s.substring(p + 2, close).toLowerCase(Locale.ROOT);
            p = Math.min(s.length(), close + 1);
            return variable(name, begin, glued);
        }
        p++;
        int from = p;
        while (Character.isLetterOrDigit(at(p))
                || at(p) == '_'
                || (at(p) == ':' && at(p + 1) != ':' && isNameStart(at(p + 1)) && p > from)) {
            p++;
        }
        if (p == from && "?^$".indexOf(at(p)) >= 0 && p < s.length()) {
            p++;
        }
        return variable(s.substring(from, p).toLowerCase(Locale.ROOT), begin, glued);
    }

    private PowerShellToken variable(String name, int begin, boolean glued) {
        int colon = name.indexOf(':');
        String scope = colon < 0 ? "" : name.substring(0, colon);
        if (SCOPES.contains(scope)) {
            boolean shared = scope.equals("script") || scope.equals("global");
            return token(
                    shared ? PowerShellToken.Kind.SHARED_VARIABLE : PowerShellToken.Kind.VARIABLE,
                    name.substring(colon + 1),
                    begin,
                    glued);
        }
        return token(PowerShellToken.Kind.VARIABLE, name, begin, glued);
    }
}
