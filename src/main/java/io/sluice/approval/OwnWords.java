package io.sluice.approval;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What of a mail its sender has written.
 *
 * @param lines the lines that are not blank, in order
 * @param margin lines that were taken for those of a mail client or a signature, and are looked at for words that would take back an
 *     approval
 */
record OwnWords(List<String> lines, List<String> margin) {

    private static final Pattern LINE_END = Pattern.compile("\r\n|[\n\r\u000b\f\u0085\u2028\u2029]");
    private static final Pattern DISCLAIMER = Pattern.compile(
            "^(This (e-?mail|message|communication|transmission)|Confidentiality|The information (contained )?in this|"
                    + "Diese (E-?Mail|Nachricht)|Ce (message|courriel)|Este (correo|mensaje|e-?mail)|"
                    + "Questa (e-?mail|comunicazione))\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    private static final Pattern SECRET = Pattern.compile(
            "confidential|privileged|vertraulich|confidentiel|confidencial|riservat",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    private static final Pattern RECIPIENT = Pattern.compile(
            "recipient|addressee|Empfänger|Adressat|destinatair|destinatari|destinatár",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    static OwnWords of(String text) {
        List<String> all = List.of(LINE_END.split(text, -1));
        List<String> own = new ArrayList<>();
        List<String> margin = new ArrayList<>();
        boolean signature = false;
        for (int i = 0; i < all.size(); i++) {
            String line = all.get(i);
            if (QuoteMarks.isQuoted(line)) {
                signature = false;
                continue;
            }
            if (QuoteMarks.endsOwnWords(all, i)) {
                break;
            }
            int attribution = QuoteMarks.attribution(all, i);
            if (attribution > 0) {
                margin.addAll(all.subList(i, i + attribution));
                if (!quoteFollows(all, i + attribution)) {
                    break;
                }
                signature = false;
                i += attribution - 1;
                continue;
            }
            signature |= QuoteMarks.isSignature(line);
            if (signature) {
                margin.add(line);
            } else if (!QuoteMarks.isDevice(line)) {
                own.add(line);
            }
        }
        return new OwnWords(notBlank(withoutDisclaimer(own)), margin);
    }

    private static boolean quoteFollows(List<String> lines, int from) {
        for (int i = from; i < lines.size(); i++) {
            if (!Words.strip(lines.get(i)).isEmpty()) {
                return QuoteMarks.isQuoted(lines.get(i));
            }
        }
        return true;
    }

    /** The last paragraph, where it is what a company adds to each mail. */
    private static List<String> withoutDisclaimer(List<String> lines) {
        int end = lines.size();
        while (end > 0 && Words.strip(lines.get(end - 1)).isEmpty()) {
            end--;
        }
        int from = end;
        while (from > 0 && !Words.strip(lines.get(from - 1)).isEmpty()) {
            from--;
        }
        if (from == 0 || from == end) {
            return lines;
        }
        String paragraph = String.join(" ", lines.subList(from, end)).strip();
        boolean disclaimer = DISCLAIMER.matcher(paragraph).matches()
                && SECRET.matcher(paragraph).find()
                && RECIPIENT.matcher(paragraph).find()
                && !Words.decides(paragraph);
        return disclaimer ? lines.subList(0, from) : lines;
    }

    private static List<String> notBlank(List<String> lines) {
        return lines.stream().filter(line -> !Words.strip(line).isEmpty()).toList();
    }

    /** All of it, as a comment. */
    String text() {
        return String.join("\n", lines).strip();
    }
}
