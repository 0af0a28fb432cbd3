package io.sluice.channel.mail;

import java.util.List;
import java.util.Locale;

/**
 * How it is known that a reply is from whom it says. A sender must be listed and hold the token of their own in any case.
 *
 * @param authority the name by which the receiving server signs its {@code Authentication-Results} headers; empty for no check
 */
public record SenderCheck(String authority) {

    /**
     * The mailbox's own server says so in its {@code Authentication-Results} header (RFC 8601): DMARC passed, or DKIM did for
     * the sender's domain. The header of that name which stands first counts; headers of other names are ignored, since
     * whoever writes a mail can put them there. The server must remove those that come in under its own name, as RFC 8601
     * section 5 asks of it.
     *
     * @param authority the name at the beginning of that header, the {@code authserv-id}
     */
    public static SenderCheck authenticatedBy(String authority) {
        if (authority.isBlank()) {
            throw new IllegalArgumentException(
                    "the name in the Authentication-Results header must not be blank; use SenderCheck.none() for no check");
        }
        return new SenderCheck(authority.strip().toLowerCase(Locale.ROOT));
    }

    /** Anybody can write any sender: the list of approvers and the token alone protect. For mailboxes inside of a company. */
    public static SenderCheck none() {
        return new SenderCheck("");
    }

    /**
     * @param headers the values of the headers {@code Authentication-Results}, from the top
     * @param domain of the sender's address
     */
    boolean passes(List<String> headers, String domain) {
        if (authority.isEmpty()) {
            return true;
        }
        for (String header : headers) {
            AuthenticationResults results = AuthenticationResults.of(header);
            if (results.authority().equals(authority)) {
                return results.vouchFor(domain.toLowerCase(Locale.ROOT));
            }
        }
        return false;
    }
}
