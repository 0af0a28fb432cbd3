package io.sluice.failure;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds many phrases in one pass over a text, by the automaton of Aho and Corasick: its time depends on the length of
 * the text alone, whatever the text is. Phrases are whole words in lower case with single blanks; in the text, case does
 * not matter, and a row of blanks, hyphens and underscores counts as one blank. Any other character ends a phrase.
 */
final class PhraseTable<S> {

    private static final int SPACE = 0;
    private static final int SYMBOLS = 37;

    /** The next state by state and symbol. */
    private final int[][] next;

    /** What each state has found. */
    private final List<List<S>> found;

    private PhraseTable(int[][] next, List<List<S>> found) {
        this.next = next;
        this.found = found;
    }

    static <S> PhraseTable<S> of(Map<String, S> phrases) {
        List<int[]> next = new ArrayList<>();
        List<List<S>> found = new ArrayList<>();
        next.add(new int[SYMBOLS]);
        found.add(new ArrayList<>());
        phrases.forEach((phrase, sign) -> {
            int state = 0;
            String whole = " " + phrase + " ";
            for (int i = 0; i < whole.length(); i++) {
                int symbol = symbol(whole.charAt(i));
                if (next.get(state)[symbol] == 0) {
                    next.get(state)[symbol] = next.size();
                    next.add(new int[SYMBOLS]);
                    found.add(new ArrayList<>());
                }
                state = next.get(state)[symbol];
            }
            found.get(state).add(sign);
        });
        link(next, found);
        return new PhraseTable<>(next.toArray(new int[0][]), found);
    }

    /** Lets each state go on where its longest proper ending that is known would. */
    private static <S> void link(List<int[]> next, List<List<S>> found) {
        int[] fallback = new int[next.size()];
        Deque<Integer> open = new ArrayDeque<>();
        open.add(0);
        while (!open.isEmpty()) {
            int state = open.remove();
            for (int symbol = 0; symbol < SYMBOLS; symbol++) {
                int to = next.get(state)[symbol];
                int other = state == 0 ? 0 : next.get(fallback[state])[symbol];
                if (to == 0) {
                    next.get(state)[symbol] = other;
                } else {
                    fallback[to] = other;
                    found.get(to).addAll(found.get(other));
                    open.add(to);
                }
            }
        }
    }

    /** Adds what the text holds. */
    void scan(String text, Set<S> into) {
        int state = next[0][SPACE];
        boolean blank = true;
        for (int i = 0; i <= text.length(); i++) {
            int symbol = i == text.length() ? -1 : symbol(text.charAt(i));
            if (symbol > SPACE) {
                state = next[state][symbol];
                blank = false;
                continue;
            }
            if (!blank) {
                state = next[state][SPACE];
                into.addAll(found.get(state));
                blank = true;
            }
            if (symbol < SPACE) {
                state = next[0][SPACE];
            }
        }
    }

    /** 0 for what parts two words of a phrase, 1 to 36 for a letter or digit, -1 for any other character. */
    private static int symbol(char c) {
        if (Scan.digit(c)) {
            return c - '0' + 1;
        }
        if (Scan.letter(c)) {
            return (c | 0x20) - 'a' + 11;
        }
        return Scan.space(c) || c == '-' || c == '_' ? SPACE : -1;
    }
}
