package io.sluice.simulator;

/** How an answer ends. */
enum Ending {
    /** With its last byte. */
    WHOLE,
    /** Before it begins, with a reset of the connection. */
    RESET_BEFORE_HEADERS,
    /** After the headers, with a reset of the connection. */
    RESET_AFTER_HEADERS,
    /** After the pieces that it has, which are not all, as the connection is closed. */
    CUT
}
