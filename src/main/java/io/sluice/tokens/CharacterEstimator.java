package io.sluice.tokens;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/** Four characters a token, or one, as the script of each character has it. */
enum CharacterEstimator implements TokenEstimator {
    INSTANCE;

    private static final int CHARACTERS_PER_TOKEN = 4;

    /** The first code point of any script below: all of Latin-1 takes no look into the script table. */
    private static final int FIRST = 0x2EA;

    /** Ideographs and syllabaries, then the complex-context scripts of UAX #14 (class SA) and their neighbours. */
    private static final Set<UnicodeScript> WITHOUT_SPACES = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.BOPOMOFO,
            UnicodeScript.YI,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR,
            UnicodeScript.TIBETAN,
            UnicodeScript.TAI_LE,
            UnicodeScript.NEW_TAI_LUE,
            UnicodeScript.TAI_THAM,
            UnicodeScript.TAI_VIET,
            UnicodeScript.AHOM,
            UnicodeScript.BALINESE,
            UnicodeScript.JAVANESE);

    @Override
    public long text(CharSequence text) {
        long whole = 0;
        long quarters = 0;
        int length = text.length();
        for (int i = 0; i < length; ) {
            int character = Character.codePointAt(text, i);
            i += Character.charCount(character);
            if (character >= FIRST && WITHOUT_SPACES.contains(UnicodeScript.of(character))) {
                whole++;
            } else {
                quarters++;
            }
        }
        return whole + (quarters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }
}
