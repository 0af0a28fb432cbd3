package io.sluice.failure;

import io.sluice.FailureClass;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Concludes from the signs: the status first, then codes, then words. A status that blames the request (4xx) is final
 * in that no code and no words make it one that is retried; they may still tell a used-up account and an oversized
 * request from a wrong one.
 */
final class ClassDecision {

    private final int status;
    private final ErrorSigns signs;
    private final Set<TextSign> words = EnumSet.noneOf(TextSign.class);
    private boolean neverFits;

    private ClassDecision(int status, ErrorSigns signs) {
        this.status = status;
        this.signs = signs;
        for (String text : signs.texts) {
            words.addAll(TextSign.in(text));
        }
        for (String text : signs.lowerTexts) {
            neverFits |= LimitNumbers.neverFits(text);
        }
        neverFits |= signs.zeroQuota;
    }

    /**
     * The status that counts: HTTP's, unless there is none or it says success; then the one that the body or the words
     * name. Gateways deliver Google's quota errors as 400 or 500, so there Google's own name for the error goes before.
     */
    static int status(int http, ErrorSigns signs) {
        boolean rewrapped = http == 400 || http == 500;
        if (rewrapped && (signs.rpcStatus == StatusTable.TOO_MANY_REQUESTS || signs.rpcStatus == 503)) {
            return signs.rpcStatus;
        }
        if (http >= 300 && http <= 999) {
            return http;
        }
        if (signs.status != 0) {
            return signs.status;
        }
        if (signs.rpcStatus != 0) {
            return signs.rpcStatus;
        }
        for (String text : signs.texts) {
            int named = StatusText.in(text);
            if (named != 0) {
                return named;
            }
        }
        return http >= 100 && http < 300 ? http : 0;
    }

    /** What the signs mean together with a status. */
    static FailureClass of(int status, ErrorSigns signs) {
        ClassDecision decision = new ClassDecision(status, signs);
        FailureClass fixed = decision.neverRetried();
        return fixed != null ? fixed : decision.retriedOrUnknown();
    }

    private @Nullable FailureClass neverRetried() {
        if (status == 413) {
            return FailureClass.TOO_LARGE;
        }
        if (status == 402 || (hasCode(FailureClass.QUOTA) && !isLimitThatAShimRenamed())) {
            return FailureClass.QUOTA;
        }
        if (status == 401 || status == 404) {
            return FailureClass.CALLER;
        }
        if (hasCode(FailureClass.TOO_LARGE)
                || words.contains(TextSign.TOO_LARGE)
                || words.contains(TextSign.TOO_LONG)) {
            return FailureClass.TOO_LARGE;
        }
        if (neverFits && refusedForRate()) {
            return FailureClass.TOO_LARGE;
        }
        if (words.contains(TextSign.QUOTA)
                || (words.contains(TextSign.SPEND_LIMIT) && !namesAWait())
                || (words.contains(TextSign.QUOTA_UNLESS_A_LIMIT) && !isLimitOfGoogle())) {
            return FailureClass.QUOTA;
        }
        return StatusTable.isCallers(status) || signs.refused ? FailureClass.CALLER : null;
    }

    private FailureClass retriedOrUnknown() {
        if (status == StatusTable.TOO_MANY_REQUESTS) {
            boolean capacity =
                    hasCode(FailureClass.OVERLOADED) || (words.contains(TextSign.OVERLOADED) && !spokenOfRate());
            return capacity ? FailureClass.OVERLOADED : FailureClass.RATE_LIMIT;
        }
        FailureClass byStatus = StatusTable.of(status);
        if (byStatus != FailureClass.UNKNOWN) {
            boolean capacity = hasCode(FailureClass.OVERLOADED) || words.contains(TextSign.OVERLOADED);
            return capacity ? FailureClass.OVERLOADED : byStatus;
        }
        for (String code : signs.codes) {
            FailureClass meaning = CodeTable.of(code);
            if (meaning != null) {
                return meaning;
            }
        }
        if (spokenOfRate()) {
            return FailureClass.RATE_LIMIT;
        }
        return words.contains(TextSign.OVERLOADED) ? FailureClass.OVERLOADED : FailureClass.UNKNOWN;
    }

    private boolean hasCode(FailureClass meaning) {
        for (String code : signs.codes) {
            if (CodeTable.of(code) == meaning) {
                return true;
            }
        }
        return false;
    }

    private boolean spokenOfRate() {
        return words.contains(TextSign.RATE_LIMIT)
                || (words.contains(TextSign.RATE_LIMITS) && words.contains(TextSign.EXCEEDED));
    }

    private boolean refusedForRate() {
        return status == StatusTable.TOO_MANY_REQUESTS
                || (!StatusTable.isError(status) && (spokenOfRate() || hasCode(FailureClass.RATE_LIMIT)));
    }

    /** Google says "exceeded your current quota" of a limit per minute too; OpenAI only where the money is used up. */
    private boolean isLimitOfGoogle() {
        return signs.rpcStatus == StatusTable.TOO_MANY_REQUESTS
                || signs.quotaDetails
                || words.contains(TextSign.RATE_LIMIT)
                || namesAWait()
                || isOfGoogle();
    }

    /** Gateways that speak OpenAI's protocol call Google's limits {@code insufficient_quota} for want of a better name. */
    private boolean isLimitThatAShimRenamed() {
        return words.contains(TextSign.QUOTA_UNLESS_A_LIMIT) && namesAWait() && isOfGoogle();
    }

    private boolean isOfGoogle() {
        for (String text : signs.lowerTexts) {
            if (text.contains("googleapis.com") || text.contains("ai.google.dev")) {
                return true;
            }
        }
        return false;
    }

    /** Google's spend limit counts over ten minutes ("Rate limits", 2026), so it passes; it says when. */
    private boolean namesAWait() {
        return signs.retryDelay != Nanos.NONE
                || signs.quotaResetDelay != Nanos.NONE
                || HintFinder.words(signs, false) != Nanos.NONE;
    }
}
