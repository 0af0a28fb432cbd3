package io.sluice.approval;

import org.jspecify.annotations.Nullable;

/**
 * A channel has told people of a request.
 *
 * @param reference what it calls the message, such as a Message-ID; null where it has no name
 */
public record Receipt(@Nullable String reference) {

    /** Of a message without a name. */
    public static final Receipt UNNAMED = new Receipt(null);

    /** Of a message with a name. */
    public static Receipt of(String reference) {
        return new Receipt(reference);
    }
}
