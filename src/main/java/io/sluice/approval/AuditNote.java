package io.sluice.approval;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is to be entered into the audit log.
 *
 * @param at when it happened
 * @param kind what happened
 * @param request the id of the request; null where it is about none
 * @param actor who did it: an approver, a requester, a flow; null where nobody did
 * @param channel over which channel; null where over none
 * @param details more, by name; also the arguments that were decided about
 */
public record AuditNote(
        Instant at,
        AuditKind kind,
        @Nullable String request,
        @Nullable String actor,
        @Nullable String channel,
        Map<String, String> details) {

    /** Keeps a sorted copy. */
    public AuditNote {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(kind, "kind");
        details = Collections.unmodifiableMap(new TreeMap<>(details));
    }

    static AuditNote of(Instant at, AuditKind kind, @Nullable String request, @Nullable String actor) {
        return new AuditNote(at, kind, request, actor, null, Map.of());
    }

    AuditNote via(@Nullable String channel) {
        return new AuditNote(at, kind, request, actor, channel, details);
    }

    /** The same with a detail, unless that is null. */
    AuditNote with(String name, @Nullable String value) {
        if (value == null) {
            return this;
        }
        Map<String, String> more = new TreeMap<>(details);
        more.put(name, value);
        return new AuditNote(at, kind, request, actor, channel, more);
    }

    /** Leaves out the details, which may hold arguments. */
    @Override
    public String toString() {
        return "AuditNote[" + at + ", " + kind + ", " + request + ", " + (actor == null ? "" : OneLine.of(actor, 80))
                + "]";
    }
}
