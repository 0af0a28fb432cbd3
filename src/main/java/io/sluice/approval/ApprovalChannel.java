package io.sluice.approval;

import reactor.core.publisher.Mono;

/**
 * A way to people: tells them of requests and hands in what they say at the {@link ApprovalDesk}. One that has to look for
 * replies is a {@link PollingChannel}.
 *
 * <p>A channel answers for who somebody is: it makes sure of the sender before it hands in a ballot in their name, and hands in
 * a {@link Refusal} for all else. It must not block; what blocks goes to bounded elastic threads.
 */
public interface ApprovalChannel {

    /** Its name in terms, addresses and the audit log; the same after a restart. Not blank. */
    String name();

    /**
     * Gets ready. Called once, before anything else; the flow waits for it. If it fails, the flow does not start.
     *
     * @param desk where to hand in what people say
     */
    default Mono<Void> open(ApprovalDesk desk) {
        return Mono.empty();
    }

    /**
     * Tells people of a request, which is stored already. What fails is tried again by the flow, and after a crash it may be
     * called again for the same notice: telling twice is better than never.
     *
     * @return completes with a receipt once the message is out of the channel's hands; must not be empty
     */
    Mono<Receipt> send(ApprovalNotice notice);

    /**
     * A request that was sent over this channel is decided; to change or take back what was shown. Best effort: errors are
     * ignored, and it may be called more than once.
     */
    default Mono<Void> settled(ApprovalRecord record) {
        return Mono.empty();
    }

    /** Lets go of what it holds. Called once. */
    default Mono<Void> close() {
        return Mono.empty();
    }
}
