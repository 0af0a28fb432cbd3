package io.sluice.approval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The store in memory keeps the contract of all stores, and a bounded past. */
class MemoryStoreTest extends ApprovalStoreContract {

    private final ApprovalStore store = ApprovalStore.inMemory();

    @Override
    ApprovalStore store() {
        return store;
    }

    @Test
    void theOldestFinishedRequestsAreForgotten() {
        MemoryStore small = new MemoryStore(2);
        for (int n = 1; n <= 5; n++) {
            Change change = opened(n, request(n));
            get(small.open(change.next(), change.notes()));
            Change no = Progression.cancelled(change.next(), "me", "why not", NOW);
            get(small.replace(no.next(), no.notes()));
        }
        List<ApprovalRecord> kept = all(small.all());
        assertThat(kept.stream().map(ApprovalRecord::id))
                .containsExactly(String.format("%032x", 4), String.format("%032x", 5));
    }
}
