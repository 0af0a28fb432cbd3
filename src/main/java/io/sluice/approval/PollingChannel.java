package io.sluice.approval;

import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * A channel that has to look for replies. The flow lets it look while a request waits that was sent over it, and once more at
 * each deadline, so that what arrived in time counts although nobody had looked.
 */
public interface PollingChannel extends ApprovalChannel {

    /** How long the flow waits between two looks; longer than zero. A channel that is told of replies looks by itself as well. */
    Duration interval();

    /**
     * Looks once: hands in all that has arrived, each with {@link Ballot#receivedAt} as its server stamped it, and completes
     * when all of it is handed in. One reply that cannot be read or handed in must not keep the others from it. The flow never
     * calls it while an earlier look is under way.
     */
    Mono<Void> poll();
}
