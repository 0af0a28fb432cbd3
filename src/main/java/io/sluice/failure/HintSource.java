package io.sluice.failure;

/** Where a wait hint was found. In the order in which they are asked; the first that gives one counts. */
public enum HintSource {
    /** The header {@code retry-after-ms}, or Azure's {@code x-ms-retry-after-ms}. */
    RETRY_AFTER_MS,
    /** The header {@code Retry-After}, RFC 9110 section 10.2.3. */
    RETRY_AFTER,
    /** A field of the body, such as Google's {@code RetryInfo}. */
    BODY,
    /** The words of the error. */
    TEXT,
    /** The {@code RateLimit} fields of the IETF draft. */
    RATELIMIT_FIELD,
    /** The header that says when the limit is free again. */
    RESET_HEADER,
    /** An error of this library, which knows its own wait. */
    OWN
}
