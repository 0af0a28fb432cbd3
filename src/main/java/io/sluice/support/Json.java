package io.sluice.support;

import java.math.BigDecimal;
import java.time.Duration;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one JSON mapper. It reads one value and nothing after it, at most {@value #MAX_DEPTH} levels deep, and keeps
 * numbers as they were written, so that what is read and written again is the same.
 */
@Internal
public final class Json {

    /** The deepest nesting that is read: schemas of tools stay far below, and recursion over a tree stays safe. */
    public static final int MAX_DEPTH = 250;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final ObjectWriter PRETTY = MAPPER.writer()
            .with(JsonWriteFeature.ESCAPE_NON_ASCII)
            .without(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .with(prettyPrinter());

    static {
        // The first use of a kind takes a lock, which an event loop must not wait for.
        PRETTY.writeValueAsString(MAPPER.readTree(MAPPER.writeValueAsString(MAPPER.readTree("{\"a\":[1]}"))));
        PRETTY.writeValueAsString(MAPPER.readTree(MAPPER.writeValueAsString(MAPPER.readTree("[]"))));
        MAPPER.readTree(new byte[] {'{', '}'});
    }

    private Json() {}

    /** The mapper, for what the methods below do not do. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /**
     * Reads a document in UTF-8, or in UTF-16 or UTF-32; a byte order mark is skipped.
     *
     * @throws tools.jackson.core.JacksonException if it is not one JSON value; its location says where
     */
    public static JsonNode read(byte[] document) {
        try {
            return present(MAPPER.readTree(document));
        } catch (NumberFormatException beyondAnyNumber) {
            throw unreadableNumber();
        }
    }

    /**
     * Reads a document.
     *
     * @throws tools.jackson.core.JacksonException if it is not one JSON value; its location says where
     */
    public static JsonNode read(String document) {
        try {
            return present(MAPPER.readTree(document));
        } catch (NumberFormatException beyondAnyNumber) {
            throw unreadableNumber();
        }
    }

    /** On one line, without spaces. */
    public static String compact(JsonNode value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * For people: two spaces a level, one line an entry, ASCII only, so that it survives any terminal. The bytes are
     * those of Python's {@code json.dumps(value, indent=2)}.
     */
    public static String pretty(JsonNode value) {
        return PRETTY.writeValueAsString(value);
    }

    /** Numbers are kept exactly, and an exponent beyond an int cannot be; the parser itself lets this one through. */
    private static StreamReadException unreadableNumber() {
        return new StreamReadException("somewhere in it is a number that is too large to be read");
    }

    private static JsonNode present(JsonNode node) {
        if (node.isMissingNode()) {
            throw new StreamReadException("there is no content");
        }
        return node;
    }

    private static DefaultPrettyPrinter prettyPrinter() {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator(""))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
    }

    /** A time as a number of seconds. */
    public static BigDecimal seconds(Duration time) {
        BigDecimal seconds = BigDecimal.valueOf(time.getSeconds())
                .add(BigDecimal.valueOf(time.getNano(), 9))
                .stripTrailingZeros();
        return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
    }
}
