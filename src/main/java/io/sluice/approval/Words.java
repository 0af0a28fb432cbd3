package io.sluice.approval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The words that decide, and those that keep an approval from deciding. Plain tables; when in doubt, a word is on them. */
final class Words {

    static final Set<String> APPROVE = Set.of("approve", "approved");
    static final Set<String> REJECT = Set.of("reject", "rejected");

    /** Words that negate, contradict, restrict, ask or put off. */
    private static final Set<String> RESTRAINING = Set.copyOf(List.of(
            ("no not never none nothing nobody neither nor without cannot cant dont wont shouldnt mustnt isnt doesnt didnt nope nay "
                            + "if unless until till when whenever once after before provided providing assuming assumed depending "
                            + "depends otherwise else except excepting excluding but however though although yet only just "
                            + "first then later soon tomorrow tonight today monday tuesday wednesday thursday friday saturday "
                            + "sunday week month next maybe perhaps possibly probably might may could would should shall must "
                            + "need needs needed subject pending partial partially partly half some instead rather other another "
                            + "different why who whom what which where how whether wrong mistake mistaken mistakenly error oops "
                            + "sorry undo revoke revoked stop halt abort deny denied decline declined refuse refused disapprove "
                            + "disapproved unapproved veto vetoed against kidding joke joking sarcasm unsure uncertain doubt "
                            + "doubts doubtful disagree hold wait waiting pause paused hang ignore disregard false accident "
                            + "accidentally auto automatic automatically autoreply vacation ooo office away absent return "
                            + "unable want wanted think thought guess suppose hope wish let lets mean meant minus less least "
                            + "same previous old draft test testing dry "
                            // German
                            + "nicht nein kein keine keinen keiner keines keinem nie niemals nichts weder ohne wenn falls sofern "
                            + "sobald solange bevor nachdem erst nur aber jedoch allerdings sondern außer ausser vielleicht "
                            + "eventuell später morgen heute warte warten wartet stopp halt abgelehnt ablehnen ablehnung lehne "
                            + "warum wer was wie wo welche welcher ob statt stattdessen anders falsch fehler versehen zuerst "
                            + "zunächst vorher unter bedingung abwesend abwesenheit "
                            // French
                            + "non ne pas jamais rien aucun aucune personne sans si sauf mais cependant toutefois seulement "
                            + "uniquement quand lorsque dès après avant jusqu peut-être demain attends attendez attendre refuse "
                            + "refusé refusée refuser rejeté rejette rejeter pourquoi qui quoi comment où condition sinon erreur "
                            + "plutôt absent "
                            // Spanish, Portuguese, Italian
                            + "nunca nada nadie ningún ninguno ninguna sin excepto salvo pero aunque solo sólo solamente cuando "
                            + "después despues antes hasta mañana quizás quizá espera espere esperen rechazo rechazado rechazar "
                            + "porqué quién qué cómo dónde não nao jamais ninguém sem caso exceto mas porém somente apenas "
                            + "quando depois até amanhã talvez espere aguarde rejeitado rejeitar mai niente nessuno senza se "
                            + "tranne eccetto però ma soltanto quando dopo prima fino domani forse aspetta aspettate rifiuto "
                            + "rifiutato rifiutare perché chi cosa dove condizione condición condição "
                            // Dutch, Nordic, Polish, Czech, Turkish
                            + "niet geen nooit niets zonder als tenzij mits maar echter alleen pas zodra nadat voordat morgen "
                            + "misschien wacht wachten afgewezen afwijzen waarom wie wat ej inte nej aldrig ingen inget utan om "
                            + "men bara endast när efter innan imorgon kanske vänta avslå avvisa ikke nei aldri hvis kun bare "
                            + "når etter før måske kanskje vent afvis avvis nie nigdy nic bez jeśli jeżeli ale tylko gdy kiedy "
                            + "po przed jutro może czekaj odrzucam odrzucone dlaczego ne nikdy bez pokud ale jen až hayır değil "
                            + "eğer ama sadece")
                    .split(" ")));

    /** Beginnings of such words. */
    private static final List<String> RESTRAINING_STEMS = List.of(
            "reject",
            "disapprov",
            "unapprov",
            "condition",
            "cancel",
            "postpon",
            "defer",
            "delay",
            "requir",
            "chang",
            "modif",
            "edit",
            "restrict",
            "limit",
            "exclud",
            "exclu",
            "skip",
            "verif",
            "confirm",
            "clarif",
            "explain",
            "questio",
            "discuss",
            "review",
            "concern",
            "risk",
            "withdraw",
            "retract",
            "revers",
            "revert",
            "incorrect",
            "unclear",
            "undecided",
            "unacceptab",
            "ablehn",
            "beding",
            "vorbehalt",
            "refus",
            "rechaz",
            "rejeit",
            "rifiut",
            "avsl",
            "odrzu");

    /** Words that restrain in a sentence, and stand in signatures and dates without meaning that, in this language or another. */
    private static final Set<String> MEANINGLESS_IN_MARGIN = Set.copyOf(List.of(
            ("office away test testing draft first then next today tomorrow monday tuesday wednesday thursday friday saturday "
                            + "sunday week month mean same old auto automatic om mai po ne nie als men se do error half least less "
                            + "want let sin chi wie wer quando quand absent senza unter dry false some return")
                    .split(" ")));

    private static final Pattern QUESTION = Pattern.compile("[?¿؟？⁇⁈⁉‽]");

    private Words() {}

    /** Without blanks at the ends, also those that are not seen. */
    static String strip(String line) {
        int from = 0;
        int to = line.length();
        while (from < to && isBlank(line.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(line.charAt(to - 1))) {
            to--;
        }
        return line.substring(from, to);
    }

    private static boolean isBlank(char character) {
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || character == '\ufeff'
                || character == '\u200b';
    }

    /** The words of a line in lower case; apostrophes and hyphens belong to them. */
    static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < line.length(); ) {
            int character = line.codePointAt(i);
            i += Character.charCount(character);
            if (Character.isLetterOrDigit(character) || Character.getType(character) == Character.NON_SPACING_MARK) {
                word.appendCodePoint(character);
            } else if ((character == '\'' || character == '’' || character == '-') && !word.isEmpty()) {
                word.append(character == '-' ? '-' : '\'');
            } else if (!word.isEmpty()) {
                words.add(finished(word));
            }
        }
        if (!word.isEmpty()) {
            words.add(finished(word));
        }
        return words;
    }

    private static String finished(StringBuilder word) {
        String done = word.toString().toLowerCase(Locale.ROOT);
        word.setLength(0);
        int to = done.length();
        while (to > 0 && (done.charAt(to - 1) == '-' || done.charAt(to - 1) == '\'')) {
            to--;
        }
        return done.substring(0, to);
    }

    /** Whether a text holds one of the words that decide. */
    static boolean decides(String text) {
        return of(text).stream().anyMatch(word -> APPROVE.contains(word) || REJECT.contains(word));
    }

    static boolean asks(String text) {
        return QUESTION.matcher(text).find();
    }

    /** The first word that takes an approval back or makes it depend on something; null for none. */
    static @Nullable String restraining(String text) {
        for (String word : of(text)) {
            if (isRestraining(word)) {
                return word;
            }
            boolean whole = word.indexOf('-') < 0 && word.indexOf('\'') < 0;
            for (String part : whole ? new String[0] : word.split("['-]")) {
                if (isRestraining(part)) {
                    return word;
                }
            }
        }
        return null;
    }

    /** The same for the lines of mail clients and signatures. */
    static @Nullable String restrainingInMargin(String text) {
        for (String word : of(text)) {
            boolean counts = RESTRAINING.contains(word) && !MEANINGLESS_IN_MARGIN.contains(word);
            if (counts || word.endsWith("n't") || word.startsWith("reject") || word.startsWith("disapprov")) {
                return word;
            }
        }
        return null;
    }

    private static boolean isRestraining(String word) {
        if (RESTRAINING.contains(word) || word.endsWith("n't")) {
            return true;
        }
        for (String stem : RESTRAINING_STEMS) {
            if (word.startsWith(stem)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a text holds letters of a script whose words are on none of the tables. */
    static boolean isForeign(String text) {
        return text.codePoints()
                .anyMatch(character -> Character.isLetter(character)
                        && Character.UnicodeScript.of(character) != Character.UnicodeScript.LATIN
                        && Character.UnicodeScript.of(character) != Character.UnicodeScript.COMMON);
    }
}
