package io.sluice.approval;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The text of an HTML mail, as its reader sees it: blocks on lines of their own, block quotes marked with {@code >}, struck-out
 * words between {@code ~~}. Not a parser of all HTML; what it does not know stays in the text, where it can only keep a reply
 * from deciding.
 */
final class HtmlText {

    private static final Set<String> BLOCKS = Set.of(
            "p",
            "div",
            "tr",
            "li",
            "ul",
            "ol",
            "table",
            "tbody",
            "blockquote",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "pre",
            "section",
            "article",
            "header",
            "footer",
            "address",
            "dl",
            "dt",
            "dd",
            "center",
            "body",
            "html");
    private static final Set<String> UNSEEN = Set.of("head", "style", "script", "title", "template", "noscript");
    private static final Set<String> VOID = Set.of(
            "br", "hr", "img", "input", "meta", "link", "col", "area", "base", "embed", "source", "track", "wbr");
    private static final Set<String> STRUCK = Set.of("s", "del", "strike");
    private static final Map<String, String> ENTITIES = Map.ofEntries(
            Map.entry("nbsp", "\u00a0"),
            Map.entry("amp", "&"),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("quot", "\""),
            Map.entry("apos", "'"),
            Map.entry("rsquo", "\u2019"),
            Map.entry("lsquo", "\u2018"),
            Map.entry("ldquo", "\u201c"),
            Map.entry("rdquo", "\u201d"),
            Map.entry("ndash", "\u2013"),
            Map.entry("mdash", "\u2014"),
            Map.entry("hellip", "\u2026"),
            Map.entry("eacute", "é"),
            Map.entry("egrave", "è"),
            Map.entry("agrave", "à"),
            Map.entry("auml", "ä"),
            Map.entry("ouml", "ö"),
            Map.entry("uuml", "ü"),
            Map.entry("szlig", "ß"));

    private record Element(String name, boolean struck, boolean quote, boolean unseen) {}

    private final String html;
    private final StringBuilder out = new StringBuilder();
    private final Deque<Element> open = new ArrayDeque<>();
    private int quotes;
    private int unseen;
    private boolean lineBegun;
    private boolean gap;

    private HtmlText(String html) {
        this.html = html;
    }

    static String of(String html) {
        HtmlText text = new HtmlText(html);
        text.run();
        return text.out.toString();
    }

    private void run() {
        int at = 0;
        while (at < html.length()) {
            char next = html.charAt(at);
            if (next == '<') {
                at = html.startsWith("<!--", at) ? after("-->", at + 4) : tag(at);
            } else if (next == '&') {
                at = entity(at);
            } else {
                write(next);
                at++;
            }
        }
    }

    private int after(String end, int from) {
        int found = html.indexOf(end, from);
        return found < 0 ? html.length() : found + end.length();
    }

    private int tag(int at) {
        int end = endOfTag(at);
        if (end < 0 || at + 1 >= html.length()) {
            write('<');
            return at + 1;
        }
        boolean closing = html.charAt(at + 1) == '/';
        int from = closing ? at + 2 : at + 1;
        int to = from;
        while (to < end && (Character.isLetterOrDigit(html.charAt(to)) || html.charAt(to) == ':')) {
            to++;
        }
        String name = html.substring(from, to).toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            if (html.charAt(at + 1) == '!' || html.charAt(at + 1) == '?') {
                return end + 1;
            }
            write('<');
            return at + 1;
        }
        if (name.equals("br")) {
            newLine();
        } else if (BLOCKS.contains(name) && lineBegun) {
            newLine();
        }
        if (closing) {
            close(name);
        } else if (!VOID.contains(name)) {
            open(name, html.substring(to, end).toLowerCase(Locale.ROOT));
        }
        return end + 1;
    }

    /** The closing bracket, which may stand in a quoted value as well; -1 where there is none. */
    private int endOfTag(int at) {
        char quote = 0;
        for (int i = at + 1; i < html.length(); i++) {
            char next = html.charAt(i);
            if (quote != 0) {
                quote = next == quote ? 0 : quote;
            } else if ((next == '"' || next == '\'') && html.charAt(i - 1) == '=') {
                quote = next;
            } else if (next == '>') {
                return i;
            }
        }
        return -1;
    }

    private void open(String name, String attributes) {
        if (attributes.endsWith("/")) {
            return;
        }
        boolean struck = STRUCK.contains(name) || attributes.contains("line-through");
        Element element = new Element(name, struck, name.equals("blockquote"), UNSEEN.contains(name));
        open.push(element);
        if (struck) {
            mark();
        }
        quotes += element.quote() ? 1 : 0;
        unseen += element.unseen() ? 1 : 0;
    }

    private void close(String name) {
        if (open.stream().noneMatch(element -> element.name().equals(name))) {
            return;
        }
        for (; ; ) {
            Element element = open.pop();
            if (element.struck()) {
                mark();
            }
            quotes -= element.quote() ? 1 : 0;
            unseen -= element.unseen() ? 1 : 0;
            if (element.name().equals(name)) {
                return;
            }
        }
    }

    private void mark() {
        write('~');
        write('~');
    }

    private int entity(int at) {
        int end = html.indexOf(';', at);
        if (end > at && end - at <= 10) {
            String name = html.substring(at + 1, end);
            String known = ENTITIES.get(name);
            if (known != null) {
                known.chars().forEach(character -> write((char) character));
                return end + 1;
            }
            int code = code(name);
            if (code >= 0) {
                for (char character : Character.toChars(code)) {
                    write(character);
                }
                return end + 1;
            }
        }
        write('&');
        return at + 1;
    }

    private static int code(String name) {
        try {
            int code = name.startsWith("#x") || name.startsWith("#X")
                    ? Integer.parseInt(name.substring(2), 16)
                    : name.startsWith("#") ? Integer.parseInt(name.substring(1)) : -1;
            return Character.isValidCodePoint(code) && code != 0 ? code : -1;
        } catch (NumberFormatException unknown) {
            return -1;
        }
    }

    private void newLine() {
        if (unseen == 0) {
            // A space at the end is kept: it tells a signature from dashes.
            out.append(gap && lineBegun ? " \n" : "\n");
            lineBegun = false;
            gap = false;
        }
    }

    private void write(char next) {
        if (unseen > 0) {
            return;
        }
        if (next == ' ' || next == '\n' || next == '\r' || next == '\t' || next == '\f') {
            gap = true;
            return;
        }
        if (!lineBegun) {
            out.append(">".repeat(quotes)).append(quotes > 0 ? " " : "");
            lineBegun = true;
        } else if (gap) {
            out.append(' ');
        }
        gap = false;
        out.append(next);
    }
}
