package io.sluice.failure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was found in an error, before anybody concludes from it. Filled by {@link BodyReader}, the outermost first. */
final class ErrorSigns {

    private static final int MOST = 32;

    /** No words for people are longer; what follows is not looked through. */
    private static final int LONGEST_TEXT = 16 * 1024;

    /** The first status of an error that was named, such as the {@code code} of OpenRouter and Google; 0 if none. */
    int status;

    /** The status that belongs to the name Google gave ({@code RESOURCE_EXHAUSTED}); 0 if none. */
    int rpcStatus;

    /** Codes and types, as they were written. */
    final List<String> codes = new ArrayList<>(4);

    /** The words for people, and the same in lower case. */
    final List<String> texts = new ArrayList<>(4);

    final List<String> lowerTexts = new ArrayList<>(4);

    /** Headers that stand in the body, by lower-case name. */
    final Map<String, List<String>> headers = new HashMap<>();

    /** {@code RetryInfo.retryDelay} or another field with a delay, the longest; {@link Nanos#NONE} if none. */
    long retryDelay = Nanos.NONE;

    /** {@code quotaResetDelay} of Vertex; {@link Nanos#NONE} if none. */
    long quotaResetDelay = Nanos.NONE;

    /** Fields that say when to come again, as they were written: they need the time to be read. */
    final List<String> resets = new ArrayList<>(1);

    /** Google names a quota per day among those that were exceeded. */
    boolean dailyQuota;

    /** Google names a quota of zero. */
    boolean zeroQuota;

    /** Google names quotas that were exceeded, or says when to come again: it is a limit and not an account. */
    boolean quotaDetails;

    /** Whether the words may be repeated to people. */
    boolean showable = true;

    /** The answer is a refusal of content, or somebody ended the run: either way nothing to repeat. */
    boolean refused;

    void code(String code) {
        if (codes.size() < MOST && !code.isBlank()) {
            codes.add(code);
        }
    }

    void text(String text) {
        if (texts.size() < MOST && !text.isBlank()) {
            String some = Scan.cut(text, LONGEST_TEXT);
            texts.add(some);
            lowerTexts.add(some.toLowerCase(Locale.ROOT));
        }
    }

    void reset(String value) {
        if (resets.size() < MOST) {
            resets.add(value);
        }
    }

    void status(int named) {
        if (status == 0) {
            status = named;
        }
    }

    /** The provider's words that stand outermost; null where there are none that may be repeated. */
    @Nullable
    String message() {
        return texts.isEmpty() || !showable ? null : texts.get(0);
    }

    /** The first code that is known, else the first; null where there is none. */
    @Nullable
    String code() {
        for (String code : codes) {
            if (CodeTable.of(code) != null) {
                return code;
            }
        }
        return codes.isEmpty() ? null : codes.get(0);
    }
}
