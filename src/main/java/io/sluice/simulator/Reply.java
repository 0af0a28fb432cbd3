package io.sluice.simulator;

import java.util.SplittableRandom;

/**
 * What a simulated model says: words of three letters, so that each word with its space is one token of four characters.
 *
 * @param text the words
 * @param tokens how many there are
 * @param cut whether the cap cut it short
 */
record Reply(String text, int tokens, boolean cut) {

    private static final String[] WORDS = {
        "and", "the", "way", "sun", "sea", "oak", "ink", "map", "red", "low", "ask", "run", "one", "two", "far", "ice"
    };

    /**
     * @param min the fewest tokens that the model wants to say, at least 1
     * @param max the most that it wants to say
     * @param cap the most that it may say
     */
    static Reply of(SplittableRandom random, int min, int max, long cap) {
        int wanted = random.nextInt(min, max + 1);
        int tokens = (int) Math.min(wanted, cap);
        StringBuilder text = new StringBuilder(tokens * 4);
        for (int i = 0; i < tokens; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return new Reply(text.toString(), tokens, wanted > cap);
    }

    /** One token of the text, with the space before it. */
    String piece(int index) {
        return text.substring(index == 0 ? 0 : 4 * index - 1, 4 * index + 3);
    }

    /** OpenAI's word for why it ends. */
    String finishReason() {
        return cut ? "length" : "stop";
    }

    /** Anthropic's word for why it ends. */
    String stopReason() {
        return cut ? "max_tokens" : "end_turn";
    }
}
