package io.sluice.approval;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the reply tokens of one request are made from; stored with the request before anybody is told of it, and nowhere else.
 *
 * @param hex 32 hex digits
 */
public record ReplySecret(String hex) {

    private static final int TOKEN_BYTES = 16;

    /**
     * @throws IllegalArgumentException if it is not 32 hex digits; the message does not show it
     */
    public ReplySecret {
        if (!hex.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("the secret of a request has 32 hex digits, this one has not");
        }
    }

    /** A token of 32 hex digits for one recipient of one snapshot over one channel: HMAC-SHA-256, cut to 128 bits. */
    String token(String channel, String recipient, String argumentsHash) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(HexFormat.of().parseHex(hex), "HmacSHA256"));
            String text = channel + '\n' + recipient + '\n' + argumentsHash;
            byte[] full = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(full, TOKEN_BYTES));
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException("every Java platform has HmacSHA256", never);
        }
    }

    /** Does not show it. */
    @Override
    public String toString() {
        return "ReplySecret[hidden]";
    }
}
