package io.sluice.approval;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How mail clients mark what is not the sender's own: quotes, what stands above them, signatures of devices. Only what is known
 * for sure: what is not recognised counts as the sender's words, and can only keep a reply from deciding.
 */
final class QuoteMarks {

    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS;

    private static final int MOST_LINES = 4;
    private static final int LONGEST_DEVICE = 300;

    /** What an attribution begins with where it may go over several lines. */
    private static final Pattern OPENER =
            Pattern.compile("^(On|Am|Le|El|Il|Em|Op|Den|På|W dniu|Dne|Em)\\b.*", FLAGS | Pattern.DOTALL);

    private static final Pattern WROTE = Pattern.compile(
            "^.{0,400}\\b(wrote|schrieb|a écrit|escribió|escribio|ha scritto|escreveu|schreef|skrev|kirjoitti|napisał|"
                    + "napisał\\(a\\)|napsal\\(a\\)|napsal|пишет|написал|написала|yazdı)(\\s+[^:]{0,120})?\\s?[:：]$",
            FLAGS);
    private static final Pattern EAST_ASIAN =
            Pattern.compile("^.{0,200}<[^<>\\s]+@[^<>\\s]+>.{0,10}(写道|寫道|のメール)?\\s?[:：]$", FLAGS);
    private static final Pattern WHEN = Pattern.compile("\\d{1,2}[:.h]\\d{2}|\\b\\d{4}\\b|@|\\d年", FLAGS);

    private static final Pattern SEPARATOR = Pattern.compile(
            "^[-_*\\s]*(Original Message|Original Appointment|Ursprüngliche Nachricht|Originalnachricht|Message d'origine|"
                    + "Message original|Mensaje original|Messaggio originale|Mensagem original|Oorspronkelijk bericht|"
                    + "Ursprungligt meddelande|Oprindelig meddelelse|Opprinnelig melding|Alkuperäinen viesti|"
                    + "Oryginalna wiadomość|Wiadomość oryginalna|Původní zpráva|Исходное сообщение|"
                    + "Forwarded message|Forwarded Message|Weitergeleitete Nachricht|Message transféré|Mensaje reenviado|"
                    + "Messaggio inoltrato|Mensagem encaminhada|Doorgestuurd bericht|Vidarebefordrat meddelande|"
                    + "Przekazana wiadomość|Пересылаемое сообщение)[-_*\\s]*:?$",
            FLAGS);
    private static final Pattern DASHED = Pattern.compile("^[-_*]{2,}.*[-_*]{2,}$");
    private static final Pattern BEGIN_FORWARDED = Pattern.compile(
            "^(Begin forwarded message|Anfang der weitergeleiteten (Nachricht|E-Mail)|Début du message (réexpédié|transféré)|"
                    + "Inicio del mensaje reenviado|Inizio messaggio inoltrato)\\s?:$",
            FLAGS);

    private static final Pattern FROM = header("From|Von|De|Da|Van|Från|Fra|Od|От|发件人|差出人|Lähettäjä|Kimden");
    private static final Pattern OTHER_HEADER = header(
            "Sent|Date|Gesendet|Datum|Envoyé|Enviado|Enviado el|Inviato|Data|Verzonden|Skickat|Sendt|Wysłano|Odesláno|"
                    + "Дата|Отправлено|发送时间|送信日時|To|An|À|A|Para|Aan|Till|Til|Do|Komu|Кому|收件人|宛先|Cc|"
                    + "Subject|Betreff|Objet|Asunto|Oggetto|Assunto|Onderwerp|Ämne|Emne|Temat|Předmět|Тема|主题|件名|"
                    + "Reply-To|Antwort an|Importance|Wichtigkeit");

    private static final Pattern DEVICE = Pattern.compile(
            "^(Sent from my [\\p{L}\\d -]{1,40}|Sent from (Mail|Outlook|Yahoo Mail|Samsung|Gmail|Proton Mail)"
                    + "( for| on)?[\\p{L}\\d ]{0,40}|Sent via [\\p{L}\\d ]{1,30}|Get Outlook for \\p{L}+|"
                    + "Von meinem [\\p{L}\\d -]{1,40} gesendet|Gesendet von [\\p{L}\\d -]{1,40}|"
                    + "Diese Nachricht wurde von meinem [\\p{L}\\d -]{1,60} gesendet|"
                    + "Envoyé de mon [\\p{L}\\d -]{1,40}|Envoyé depuis [\\p{L}\\d -]{1,40}|"
                    + "Enviado desde mi [\\p{L}\\d -]{1,40}|Enviado do meu [\\p{L}\\d -]{1,40}|"
                    + "Inviato da(l mio)? [\\p{L}\\d -]{1,40}|Verzonden vanaf mijn [\\p{L}\\d -]{1,40}|"
                    + "Verstuurd vanaf mijn [\\p{L}\\d -]{1,40}|Skickat från min [\\p{L}\\d -]{1,40}|"
                    + "Wysłane z [\\p{L}\\d -]{1,40}|Odesláno z [\\p{L}\\d -]{1,40})\\.?"
                    + "( ?<https?://[^\\s<>]{1,200}>)?$",
            FLAGS);

    private QuoteMarks() {}

    private static Pattern header(String names) {
        return Pattern.compile("^\\*?(" + names + ")\\s?[:：]\\*?(\\s.*)?$", FLAGS);
    }

    static boolean isQuoted(String line) {
        return line.stripLeading().startsWith(">");
    }

    /** Whether from this line on there is nothing of the sender's own. */
    static boolean endsOwnWords(List<String> lines, int at) {
        String line = lines.get(at).strip();
        if (DASHED.matcher(line).matches() && SEPARATOR.matcher(line).matches()) {
            return true;
        }
        return (isColonLast(line) && BEGIN_FORWARDED.matcher(line).matches()) || beginsHeaders(lines, at);
    }

    private static boolean isColonLast(String line) {
        return line.endsWith(":") || line.endsWith("：");
    }

    private static boolean hasColon(String line) {
        return line.indexOf(':') >= 0 || line.indexOf('：') >= 0;
    }

    /** Headers of the message that is quoted: who sent it, and at least two more. */
    private static boolean beginsHeaders(List<String> lines, int at) {
        if (!hasColon(lines.get(at)) || !FROM.matcher(lines.get(at).strip()).matches()) {
            return false;
        }
        int others = 0;
        for (int i = at + 1; i < lines.size() && i <= at + 6; i++) {
            String line = lines.get(i).strip();
            if (OTHER_HEADER.matcher(line).matches()) {
                others++;
            } else if (line.isEmpty() && i > at + 1) {
                break;
            }
        }
        return others >= 2;
    }

    /** How many lines from here on say who wrote what is quoted below; 0 for none. */
    static int attribution(List<String> lines, int at) {
        String first = lines.get(at).strip();
        if (first.isEmpty()) {
            return 0;
        }
        if (isAttribution(first)) {
            return 1;
        }
        if (!OPENER.matcher(first).matches() || first.codePoints().noneMatch(Character::isDigit)) {
            return 0;
        }
        StringBuilder joined = new StringBuilder(first);
        for (int count = 2; count <= MOST_LINES && at + count <= lines.size(); count++) {
            String next = lines.get(at + count - 1).strip();
            if (next.isEmpty() || isQuoted(next) || OPENER.matcher(next).matches()) {
                return 0;
            }
            joined.append(' ').append(next);
            if (isAttribution(joined.toString())) {
                return count;
            }
        }
        return 0;
    }

    private static boolean isAttribution(String text) {
        return isColonLast(text)
                && WHEN.matcher(text).find()
                && (WROTE.matcher(text).matches() || EAST_ASIAN.matcher(text).matches());
    }

    static boolean isDevice(String line) {
        return line.length() < LONGEST_DEVICE && DEVICE.matcher(line.strip()).matches();
    }

    /** Two dashes and a space (RFC 3676, section 4.3); a space that does not break is what is left of it in HTML. */
    static boolean isSignature(String line) {
        return line.equals("-- ") || line.equals("--\u00a0");
    }
}
