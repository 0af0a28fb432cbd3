package io.sluice.store.file;

import io.sluice.ratelimit.RateLimit;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.TokenCounts;
import io.sluice.ratelimit.TokenCounts.OutputAs;
import io.sluice.support.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How many tokens a call counts, of each limit for which a profile says it: {@code {"itpm": {"input": 1, "cached_input": 0,
 * "output": 0, "output_as": "nothing"}}}. A weight that is missing is 1, that of cached
 * input the weight of input, and 0 for output that counts as nothing.
 */
final class CountsField {

    private static final String NAME = "counts";
    private static final String INPUT = "input";
    private static final String CACHED_INPUT = "cached_input";
    private static final String OUTPUT = "output";
    private static final String OUTPUT_AS = "output_as";

    static final ProfileField COUNTS = new ProfileField(NAME, CountsField::value, CountsField::read);

    private CountsField() {}

    private static @Nullable JsonNode value(RateLimitProfile profile) {
        Map<RateLimit, TokenCounts> own = profile.ownCounts();
        if (own.isEmpty()) {
            return null;
        }
        ObjectNode all = Json.mapper().createObjectNode();
        own.forEach((limit, counts) -> all.putObject(word(limit))
                .put(INPUT, counts.input())
                .put(CACHED_INPUT, counts.cachedInput())
                .put(OUTPUT, counts.output())
                .put(OUTPUT_AS, ProfileField.word(counts.outputAs())));
        return all;
    }

    private static void read(JsonNode entry, RateLimitProfile.Builder profile) throws Unusable {
        if (!(entry.get(NAME) instanceof ObjectNode all)) {
            throw wrong(entry);
        }
        List<RateLimit> ofTokens = new ArrayList<>();
        for (RateLimit limit : RateLimit.values()) {
            if (limit.isOfTokens()) {
                ofTokens.add(limit);
            }
        }
        for (Map.Entry<String, JsonNode> one : all.properties()) {
            RateLimit limit = ofTokens.stream()
                    .filter(named -> word(named).equals(one.getKey()))
                    .findFirst()
                    .orElseThrow(() -> wrong(entry));
            try {
                profile.counts(limit, counts(one.getValue()));
            } catch (Unusable | IllegalArgumentException refused) {
                throw wrong(entry);
            }
        }
    }

    private static TokenCounts counts(JsonNode written) throws Unusable {
        OutputAs as = OutputAs.CAP;
        if (written.has(OUTPUT_AS)) {
            String word = EntryFields.text(written, OUTPUT_AS);
            as = OutputAs.valueOf(word.toUpperCase(Locale.ROOT));
        }
        double input = weight(written, INPUT, 1);
        return new TokenCounts(
                input,
                weight(written, CACHED_INPUT, input),
                weight(written, OUTPUT, as == OutputAs.NOTHING ? 0 : 1),
                as);
    }

    private static double weight(JsonNode written, String field, double orElse) throws Unusable {
        return written.has(field) ? EntryFields.number(written, field) : orElse;
    }

    private static Unusable wrong(JsonNode entry) {
        return new Unusable(
                NAME,
                entry.get(NAME),
                "write an object such as {\"itpm\": {\"input\": 1, \"cached_input\": 0, \"output\": 0, \"output_as\":"
                        + " \"nothing\"}}, of tpm, itpm, otpm and tpd, with weights between 0 and 100 and output as "
                        + ProfileField.words(OutputAs.class));
    }

    private static String word(RateLimit limit) {
        return limit.name().toLowerCase(Locale.ROOT);
    }
}
