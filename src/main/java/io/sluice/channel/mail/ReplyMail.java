package io.sluice.channel.mail;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mail as it came in, decoded. {@link #toString} leaves out what it says.
 *
 * @param from the addresses in its From header, as they stand there
 * @param subject decoded; empty for none
 * @param thread the values of In-Reply-To and References
 * @param body its text, or its HTML where there is none
 * @param html whether the body is HTML
 * @param authentication the values of Authentication-Results, from the top
 * @param machine whether a program wrote it: an automatic reply, a report, a list
 * @param ours whether it is one of our own requests
 * @param receivedAt when its server got it; null where it does not say
 */
record ReplyMail(
        List<String> from,
        String subject,
        String thread,
        String body,
        boolean html,
        List<String> authentication,
        boolean machine,
        boolean ours,
        @Nullable Instant receivedAt) {

    @Override
    public String toString() {
        return "ReplyMail[" + from + ", " + receivedAt + "]";
    }
}
