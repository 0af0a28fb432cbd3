package io.sluice.approval;

/** What a reply says. */
public sealed interface ReplyReading {

    /** It approves. */
    record Approves() implements ReplyReading {}

    /**
     * It rejects.
     *
     * @param comment the sender's own words; may be empty
     */
    record Rejects(String comment) implements ReplyReading {}

    /**
     * It decides nothing.
     *
     * @param why for whoever asked again, and the audit log
     */
    record DecidesNothing(String why) implements ReplyReading {}
}
