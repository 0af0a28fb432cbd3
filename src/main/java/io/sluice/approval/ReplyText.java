package io.sluice.approval;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A reply as a channel has decoded it.
 *
 * @param subject its subject; empty for none
 * @param body its text, or its HTML
 * @param html whether the body is HTML; take the text where a message has both
 * @param sentSubject the subject of the message that it replies to, which is not the sender's own words; null for none
 * @param references ids and tokens that may stand beside the decision word
 */
public record ReplyText(
        String subject, String body, boolean html, @Nullable String sentSubject, List<String> references) {

    /** Keeps a copy. */
    public ReplyText {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(body, "body");
        references = List.copyOf(references);
    }

    /** A plain text without anything beside it. */
    public static ReplyText of(String body) {
        return new ReplyText("", body, false, null, List.of());
    }

    /** Leaves out the body. */
    @Override
    public String toString() {
        return "ReplyText[" + OneLine.of(subject, 80) + ", " + body.length() + " characters]";
    }
}
