package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.List;

/**
 * A call in an expression.
 *
 * @param name what is called, with dots; a receiver that is no name is {@code ?}
 * @param arguments the tokens of each argument
 * @param at the index of the first token of the name
 * @param end the index after its closing parenthesis
 */
record PythonCall(int line, String name, List<List<PythonToken>> arguments, int at, int end) {

    /** What is called, without the object. */
    String method() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The object, or an empty text. */
    String receiver() {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    boolean hasReceiver() {
        return name.indexOf('.') > 0;
    }

    /** Whether a named argument is there, or some that cannot be seen. */
    boolean has(String keyword) {
        return arguments.stream().anyMatch(tokens -> tokens.get(0).is("**") || isNamed(tokens, keyword));
    }

    private static boolean isNamed(List<PythonToken> tokens, String keyword) {
        return tokens.size() > 2
                && tokens.get(0).is(keyword)
                && tokens.get(1).is("=")
                && !tokens.get(2).is("None");
    }

    long positional() {
        return arguments.stream()
                .filter(tokens -> tokens.size() < 2 || !tokens.get(1).is("="))
                .count();
    }

    /** All calls of a piece, the outer ones before the inner ones. */
    static List<PythonCall> all(List<PythonToken> tokens) {
        if (tokens.stream().noneMatch(token -> token.is("("))) {
            return List.of();
        }
        List<PythonCall> calls = new ArrayList<>();
        int[] closing = closing(tokens);
        for (int i = 1; i < tokens.size(); i++) {
            PythonToken before = tokens.get(i - 1);
            boolean callee = before.isName() || before.is(")") || before.is("]");
            if (tokens.get(i).is("(") && before.isName() && callee && closing[i] > 0) {
                int from = chainStart(tokens, i - 1);
                calls.add(new PythonCall(
                        before.line(),
                        name(tokens, from, i),
                        split(tokens.subList(i + 1, closing[i])),
                        from,
                        closing[i] + 1));
            }
        }
        return calls;
    }

    static int[] closing(List<PythonToken> tokens) {
        int[] closing = new int[tokens.size()];
        int[] open = new int[tokens.size()];
        int depth = 0;
        for (int i = 0; i < tokens.size(); i++) {
            PythonToken token = tokens.get(i);
            if (token.kind() != PythonToken.Kind.SIGN) {
                continue;
            }
            if ("([{".contains(token.text())) {
                open[depth++] = i;
            } else if (")]}".contains(token.text()) && depth > 0) {
                closing[open[--depth]] = i;
            }
        }
        return closing;
    }

    private static int chainStart(List<PythonToken> tokens, int last) {
        int from = last;
        while (from >= 2 && tokens.get(from - 1).is(".") && tokens.get(from - 2).isName()) {
            from -= 2;
        }
        return from;
    }

    private static String name(List<PythonToken> tokens, int from, int to) {
        StringBuilder name = new StringBuilder(from > 0 && tokens.get(from - 1).is(".") ? "?." : "");
        for (int i = from; i < to; i++) {
            name.append(tokens.get(i).text());
        }
        return name.toString();
    }

    /** Splits at commas. */
    static List<List<PythonToken>> split(List<PythonToken> tokens) {
        List<List<PythonToken>> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= tokens.size(); i++) {
            if (i == tokens.size() || (depth == 0 && tokens.get(i).is(","))) {
                if (i > from) {
                    parts.add(tokens.subList(from, i));
                }
                from = i + 1;
            } else if (tokens.get(i).kind() == PythonToken.Kind.SIGN) {
                String text = tokens.get(i).text();
                depth += "([{".contains(text) ? 1 : ")]}".contains(text) ? -1 : 0;
            }
        }
        return parts;
    }
}
