package io.sluice.failure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what an error's body says, whoever wrote it. Levels are walked from the outside in, and only through the fields
 * that errors are put into, so that what a model wrote is not taken for an error. Text that is JSON again (a gateway's
 * {@code metadata.raw}) is opened.
 */
final class BodyReader {

    /** Where errors stand within errors. */
    private static final List<String> INNER = List.of(
            "error",
            "errors",
            "detail",
            "details",
            "metadata",
            "raw",
            "response",
            "innererror",
            "body",
            "cause",
            "incomplete_details");

    /** Words for people. */
    private static final List<String> WORDS = List.of(
            "message", "msg", "error_message", "errormessage", "error_description", "detail", "error", "raw", "title");

    /** Codes, the most telling first. */
    private static final List<String> CODES = List.of(
            "code", "status", "type", "__type", "error_code", "errorcode", "error_type", "provider_code", "reason");

    private static final List<String> STATUSES =
            List.of("status", "code", "status_code", "statuscode", "http_status", "api_error_status", "error_status");

    /** What the types of whole envelopes are called; they say nothing. */
    private static final Set<String> ENVELOPES = Set.of("error", "result", "message", "object");

    /** How often text is opened as JSON again in one look. */
    private static final int MOST_OPENED = 4;

    private static final int MOST_LEVELS = 256;

    private record Level(Object value, int depth) {}

    private final LookBounds bounds;
    private final ErrorSigns signs = new ErrorSigns();
    private final Deque<Level> open = new ArrayDeque<>();
    private int opened;
    private int levels;

    private BodyReader(LookBounds bounds) {
        this.bounds = bounds;
    }

    /**
     * What a body says.
     *
     * @param body bytes, characters, a parsed tree, or maps and lists; null for none
     * @param wordsAlone whether a text that is not JSON is an error's words; the body of an answer is not
     * @param bounds what may still be read
     */
    static ErrorSigns read(@Nullable Object body, boolean wordsAlone, LookBounds bounds) {
        BodyReader reader = new BodyReader(bounds);
        String whole = LooseTree.text(body);
        String text = bounds.text(whole);
        if (whole != null && text == null) {
            return reader.signs;
        }
        PartialJson.Found found = text == null ? null : PartialJson.read(text, reader.bounds);
        Object tree = text == null ? LooseTree.of(body, reader.bounds) : found == null ? null : found.tree();
        if (text != null && (found == null || (wordsAlone && !found.whole()))) {
            reader.plain(text, wordsAlone);
        }
        if (tree != null) {
            reader.open.add(new Level(tree, 0));
        }
        reader.walk();
        for (String words : reader.signs.lowerTexts) {
            GoogleDetails.read(words, reader.signs);
        }
        return reader.signs;
    }

    /** A body that is plain text is looked through, but not repeated: it may be anything. A page is not even that. */
    private void plain(String text, boolean wordsAlone) {
        if (wordsAlone || !text.stripLeading().startsWith("<")) {
            signs.text(text);
            signs.showable = wordsAlone;
        }
    }

    private void walk() {
        while (!open.isEmpty() && levels++ < MOST_LEVELS) {
            Level level = open.remove();
            if (level.value() instanceof Map<?, ?> map) {
                object(map, level.depth());
            } else if (level.value() instanceof List<?> list) {
                for (Object one : list) {
                    descend(one, level.depth());
                }
            } else if (level.value() instanceof String text) {
                text(text, level.depth());
            }
        }
    }

    private void object(Map<?, ?> error, int depth) {
        for (String key : STATUSES) {
            status(error.get(key));
        }
        for (String key : CODES) {
            if (error.get(key) instanceof String code && !ENVELOPES.contains(code)) {
                signs.code(code);
                signs.rpcStatus = signs.rpcStatus == 0 ? StatusTable.ofRpc(code) : signs.rpcStatus;
            }
        }
        for (String key : WORDS) {
            if (error.get(key) instanceof String words) {
                text(words, depth);
            }
        }
        if (error.get("error") instanceof String word && CodeTable.of(word) != null) {
            signs.code(word);
        }
        if ("true".equals(error.get("is_error")) && error.get("result") instanceof String words) {
            text(words, depth);
        }
        GoogleDetails.read(error, signs);
        WaitFields.read(error, signs);
        ClaudeCodeFields.read(error, signs);
        if (error.get("headers") instanceof Map<?, ?> headers) {
            HeaderFields.of(headers).forEach(signs.headers::putIfAbsent);
        }
        events(error, depth);
        for (String key : INNER) {
            Object inner = error.get(key);
            if (inner instanceof Map || inner instanceof List) {
                descend(inner, depth);
            }
        }
    }

    /** Bedrock's streams name the error by the field it stands in: {@code {"throttlingException":{"message":..}}}. */
    private void events(Map<?, ?> error, int depth) {
        for (Map.Entry<?, ?> field : error.entrySet()) {
            if (field.getKey() instanceof String name
                    && name.endsWith("exception")
                    && field.getValue() instanceof Map<?, ?> event) {
                if (CodeTable.of(name) != null) {
                    signs.code(name);
                }
                descend(event, depth);
            }
        }
    }

    private void descend(@Nullable Object inner, int depth) {
        if (inner != null && depth < LookBounds.DEEPEST) {
            open.add(new Level(inner, depth + 1));
        }
    }

    private void text(String text, int depth) {
        if (startsAsJson(text) && depth < LookBounds.DEEPEST && opened < MOST_OPENED) {
            opened++;
            PartialJson.Found found = PartialJson.read(text, bounds);
            if (found != null) {
                descend(found.tree(), depth);
                if (found.whole()) {
                    return;
                }
            }
        }
        signs.text(text);
    }

    private void status(@Nullable Object value) {
        if (value instanceof String text && text.length() == 3 && StatusTable.isError((int) Scan.whole(text))) {
            signs.status((int) Scan.whole(text));
        }
    }

    private static boolean startsAsJson(String text) {
        int at = Scan.spacesEnd(text, text.startsWith("\ufeff") ? 1 : 0);
        return at < text.length() && (text.charAt(at) == '{' || text.charAt(at) == '[');
    }
}
