package io.sluice.ratelimit;

import java.util.List;

/**
 * Calls whose charges do not age yet, because the provider may not have counted them so far: until an answer arrives, or
 * the time is over within which it must have counted them.
 *
 * <p>Plain and single-threaded.
 */
final class OpenCharges {

    private final DeadlineHeap<Grant> heap = new DeadlineHeap<>();
    private long tokens;
    private int kept;
    private long keptTokens;

    /** When the first of them begins to age; the largest long where there is none. */
    long earliest() {
        return heap.earliest();
    }

    /** The one that begins to age first. */
    Grant first() {
        return heap.first();
    }

    /** All of them, in no order. */
    List<Grant> all() {
        return heap.entries();
    }

    /** How many requests are open. */
    int requests() {
        return heap.size();
    }

    /** How many tokens are open. */
    long tokens() {
        return tokens;
    }

    /** How many of the requests will not be given back. */
    int keptRequests() {
        return kept;
    }

    /** How many of the tokens will not be given back. */
    long keptTokens() {
        return keptTokens;
    }

    void add(Grant grant) {
        heap.add(grant);
        tokens += grant.estimate.total();
    }

    /** Declares a charge final that goes on being open. */
    void keep(Grant grant) {
        grant.kept = true;
        kept++;
        keptTokens += grant.estimate.total();
    }

    void remove(Grant grant) {
        heap.remove(grant);
        tokens -= grant.estimate.total();
        if (grant.kept) {
            kept--;
            keptTokens -= grant.estimate.total();
        }
    }
}
