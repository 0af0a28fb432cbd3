package io.sluice.approval;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a reply says. Pure. It would rather ask again than guess: all that is not plainly a decision decides nothing.
 *
 * <ul>
 *   <li>The words <i>approve, approved, reject, rejected</i> decide, in any case, and no others.
 *   <li>Quotes, the lines above them, signatures and what stands below forwarded messages are not the sender's words.
 *   <li>It approves if the first line of the sender's words is nothing but the decision word, beside punctuation and the ids and
 *       tokens given, and the rest neither contradicts, negates, asks nor makes conditions.
 *   <li>It rejects if the first line begins with the decision word; anything may follow that does not take it back.
 *   <li>If the sender's words hold no decision word, a rejection in the subject counts by the same rule; an approval in the
 *       subject, only where there are no words at all.
 * </ul>
 */
public final class ReplyGrammar {

    /** Longer texts are not read: nobody writes a decision like that. */
    private static final int MOST = 1_000_000;

    private static final String OPENING = "*_\"'(['„“”‘’«»";
    private static final String CLOSING = "*_\"')]'“”‘’«».!,;:-–—";
    /** What makes a reader expect more. */
    private static final String CONTINUING = ",;:-–—";

    private static final Pattern REPLY = Pattern.compile(
            "^\\s*(re|aw|sv|antw|antwort|rif|r|res|odp|vá|ynt|回复|答复|返信)\\s*(\\[\\d+])?\\s*[:：]\\s*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    private static final Pattern FORWARD = Pattern.compile(
            "^\\s*(fwd?|wg|tr|rv|i|enc|vs|vb|pd|doorst|vl|转发|転送)\\s*[:：].*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);

    /** What, right after "reject", takes it back or makes it depend on something. */
    private static final Set<String> AFTER_REJECT = Set.of(
            "if",
            "unless",
            "until",
            "when",
            "whenever",
            "once",
            "only",
            "in",
            "nothing",
            "none",
            "no",
            "not",
            "never",
            "neither",
            "or",
            "and",
            "wenn",
            "falls",
            "nur",
            "oder",
            "si",
            "ou",
            "sauf",
            "o",
            "u",
            "se",
            "als",
            "of",
            "om",
            "eller");

    private ReplyGrammar() {}

    /** What a reply says. */
    public static ReplyReading read(ReplyText reply) {
        if (reply.body().length() > MOST || reply.subject().length() > MOST) {
            return nothing("it is too long to be a decision");
        }
        OwnWords own = OwnWords.of(reply.html() ? HtmlText.of(reply.body()) : reply.body());
        @Nullable String subject = ownSubject(reply);
        boolean subjectRejects = subject != null && rejects(subject, reply.references());
        if (own.lines().stream().noneMatch(line -> Words.decides(line))) {
            return bySubject(own, subject, subjectRejects, reply);
        }
        int first = firstWithWords(own.lines(), reply.references());
        if (first < 0) {
            return nothing("its own words hold no decision");
        }
        String line = own.lines().get(first);
        if (rejects(line, reply.references())) {
            return new ReplyReading.Rejects(own.text());
        }
        String bare = approval(line, reply.references());
        if (bare == null) {
            return nothing("its first line is not a decision word alone");
        }
        if (subjectRejects) {
            return nothing("its subject rejects and its text approves");
        }
        String rest =
                String.join("\n", own.lines().subList(first + 1, own.lines().size()));
        return unrestrained(bare, rest, rest + "\n" + ownWordsBeside(reply), own.margin());
    }

    /**
     * Whether a text holds an id or a token as a whole word, in any case: not as a part of another.
     *
     * @param reference hex or base32; not blank
     */
    public static boolean mentions(String text, String reference) {
        int length = reference.length();
        for (int at = 0; at + length <= text.length(); at++) {
            if (text.regionMatches(true, at, reference, 0, length)
                    && isEdge(text, at - 1)
                    && isEdge(text, at + length)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isEdge(String text, int at) {
        return at < 0 || at >= text.length() || !(Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_');
    }

    private static ReplyReading bySubject(
            OwnWords own, @Nullable String subject, boolean subjectRejects, ReplyText reply) {
        if (subject == null) {
            return nothing("it holds no decision word of its sender");
        }
        if (subjectRejects) {
            return new ReplyReading.Rejects(own.text());
        }
        String bare = own.lines().isEmpty() ? approval(subject, reply.references()) : null;
        return bare == null
                ? nothing("it holds no decision word of its sender")
                : unrestrained(bare, "", "", own.margin());
    }

    private static ReplyReading unrestrained(String bare, String rest, String beside, List<String> margin) {
        if (!rest.isBlank() && CONTINUING.indexOf(bare.charAt(bare.length() - 1)) >= 0) {
            return nothing("its first line goes on");
        }
        if (Words.asks(beside)) {
            return nothing("it asks something");
        }
        String word = Words.restraining(beside);
        for (int i = 0; word == null && i < margin.size(); i++) {
            word = Words.restrainingInMargin(margin.get(i));
        }
        if (word != null) {
            return nothing("it approves, and then says \"" + OneLine.of(word, 40) + "\"");
        }
        return Words.isForeign(rest)
                ? nothing("it approves, and then says something in a script that is not read here")
                : new ReplyReading.Approves();
    }

    private static ReplyReading nothing(String why) {
        return new ReplyReading.DecidesNothing(why);
    }

    /** The first line that is more than brackets and tokens; -1 for none. Dashes begin a signature, or a list. */
    private static int firstWithWords(List<String> lines, List<String> references) {
        for (int i = 0; i < lines.size(); i++) {
            String bare = withoutReferences(lines.get(i), references);
            if (!bare.chars().allMatch(character -> isOpening((char) character))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isOpening(char character) {
        return Words.strip(String.valueOf(character)).isEmpty()
                || OPENING.indexOf(character) >= 0
                || character == ')'
                || character == ']';
    }

    private static boolean isMark(char character) {
        return Words.strip(String.valueOf(character)).isEmpty()
                || OPENING.indexOf(character) >= 0
                || CLOSING.indexOf(character) >= 0;
    }

    /** The line from its decision word on, where it holds nothing else; null where it does. */
    private static @Nullable String approval(String line, List<String> references) {
        String bare = Words.strip(withoutReferences(line, references));
        int from = 0;
        while (from < bare.length() && (OPENING.indexOf(bare.charAt(from)) >= 0 || isMark(bare.charAt(from), " "))) {
            from++;
        }
        int to = from;
        while (to < bare.length() && isAsciiLetter(bare.charAt(to))) {
            to++;
        }
        if (!Words.APPROVE.contains(bare.substring(from, to).toLowerCase(Locale.ROOT))) {
            return null;
        }
        for (int i = to; i < bare.length(); i++) {
            char next = bare.charAt(i);
            boolean plain = isMark(next, " ") || CLOSING.indexOf(next) >= 0 || OPENING.indexOf(next) >= 0;
            // Dots are left hanging by whoever is not sure.
            boolean dots = next == '.' && i + 1 < bare.length() && bare.charAt(i + 1) == '.';
            if (!plain || dots) {
                return null;
            }
        }
        return bare.substring(from);
    }

    private static boolean isMark(char character, String blank) {
        return blank.indexOf(character) >= 0 || character == '\u00a0' || character == '\t';
    }

    private static boolean isAsciiLetter(char character) {
        return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    }

    private static boolean rejects(String line, List<String> references) {
        String bare = Words.strip(withoutReferences(line, references));
        int from = 0;
        while (from < bare.length() && isMark(bare.charAt(from)) && bare.charAt(from) != '-') {
            from++;
        }
        int to = from;
        while (to < bare.length() && isAsciiLetter(bare.charAt(to))) {
            to++;
        }
        if (!Words.REJECT.contains(bare.substring(from, to).toLowerCase(Locale.ROOT))) {
            return false;
        }
        String after = bare.substring(to);
        boolean ends = after.isEmpty() || endsWord(after);
        String said = Words.strip(after);
        List<String> words = Words.of(said);
        return ends
                && !(!said.isEmpty() && Words.asks(said.substring(0, 1)))
                && (words.isEmpty() || said.startsWith(".") || !AFTER_REJECT.contains(words.get(0)))
                && !approvesAfterAll(words);
    }

    /** Whether what follows a word is not a part of it, as in "reject-list". */
    private static boolean endsWord(String after) {
        char next = after.charAt(0);
        boolean hyphenated = next == '-' && after.length() > 1 && Character.isLetterOrDigit(after.charAt(1));
        return !Character.isLetterOrDigit(next) && next != '_' && next != '~' && !hyphenated;
    }

    /** Whether a word of approval stands there that no word before it negates. */
    private static boolean approvesAfterAll(List<String> words) {
        boolean negated = false;
        for (String word : words) {
            if (Words.APPROVE.contains(word) && !negated) {
                return true;
            }
            negated |= word.endsWith("n't") || Words.restraining(word) != null;
        }
        return false;
    }

    private static String withoutReferences(String line, List<String> references) {
        String rest = line;
        for (String reference : references) {
            int at = 0;
            while (at + reference.length() <= rest.length()) {
                if (rest.regionMatches(true, at, reference, 0, reference.length())
                        && isEdge(rest, at - 1)
                        && isEdge(rest, at + reference.length())) {
                    rest = rest.substring(0, at) + " " + rest.substring(at + reference.length());
                }
                at++;
            }
        }
        return rest;
    }

    /** The subject as far as the sender wrote it; null where somebody else may have. */
    private static @Nullable String ownSubject(ReplyText reply) {
        String subject = reply.subject();
        boolean replied = false;
        while (REPLY.matcher(subject).find()) {
            subject = REPLY.matcher(subject).replaceFirst("");
            replied = true;
        }
        if (FORWARD.matcher(subject).matches()) {
            return null;
        }
        String sent = reply.sentSubject();
        if (sent == null) {
            // After "Re:" stands what somebody else wrote.
            return replied ? null : subject;
        }
        int at = sent.isBlank() ? -1 : subject.indexOf(sent);
        if (at < 0) {
            return subject;
        }
        String before = subject.substring(0, at);
        String after = subject.substring(at + sent.length());
        return REPLY.matcher(before).find() || before.isBlank()
                ? after
                : before.replaceAll("(?i)\\bre\\s*:\\s*$", "") + after;
    }

    /** The sender's own words in the subject, where it is known which those are. */
    private static String ownWordsBeside(ReplyText reply) {
        String own = reply.sentSubject() == null || !reply.subject().contains(reply.sentSubject())
                ? null
                : ownSubject(reply);
        return own == null ? "" : own;
    }
}
