package io.sluice.approval;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The end of an audit log: what the next entry follows. Immutable. For whoever implements an {@link ApprovalStore}. */
public final class AuditChain {

    /** Of an empty log. */
    public static final AuditChain EMPTY = new AuditChain(0, AuditEntry.GENESIS);

    private final long sequence;
    private final String hash;

    private AuditChain(long sequence, String hash) {
        this.sequence = sequence;
        this.hash = hash;
    }

    /** The end of a log with this last entry. */
    public static AuditChain after(AuditEntry last) {
        return new AuditChain(last.sequence(), last.hash());
    }

    /** The entries of some notes, in order; the log ends with the last of them once they are written. */
    public List<AuditEntry> entries(List<AuditNote> notes) {
        List<AuditEntry> entries = new ArrayList<>(notes.size());
        AuditChain end = this;
        for (AuditNote note : notes) {
            AuditEntry entry = AuditEntry.of(end.sequence + 1, end.hash, note);
            entries.add(entry);
            end = after(entry);
        }
        return entries;
    }

    /** How many entries the log has. */
    public long size() {
        return sequence;
    }

    /**
     * Goes through a log from its beginning. Cannot see that entries are missing at its end; compare {@code entries} and
     * {@code last} with what was noted elsewhere.
     */
    public static Mono<Verification> verify(Flux<AuditEntry> log) {
        return log.scan(new Verification(0, AuditEntry.GENESIS, null, null), AuditChain::step)
                .takeUntil(seen -> seen.brokenAt() != null)
                .last();
    }

    private static Verification step(Verification seen, AuditEntry entry) {
        long expected = seen.entries() + 1;
        String problem = null;
        if (entry.sequence() != expected) {
            problem = "it has number " + entry.sequence() + ", entries are missing or were put in";
        } else if (!entry.previous().equals(seen.last())) {
            problem = "it does not follow the entry before, which was changed";
        } else if (!entry.intact()) {
            problem = "its content is not what was hashed";
        }
        return problem == null
                ? new Verification(expected, entry.hash(), null, null)
                : new Verification(seen.entries(), seen.last(), expected, problem);
    }

    /**
     * What going through a log found.
     *
     * @param entries how many entries are good, from the first on
     * @param last the hash of the last good one
     * @param brokenAt the place of the first that is not, counted from 1; null if all are good
     * @param problem what is wrong with it; null if all are good
     */
    public record Verification(
            long entries,
            String last,
            @Nullable Long brokenAt,
            @Nullable String problem) {

        /** Whether all entries are good. */
        public boolean intact() {
            return brokenAt == null;
        }
    }
}
