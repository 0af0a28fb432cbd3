package io.sluice.approval;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What time, channels and whoever asked do to a request: all but the decision of people. Pure; given the time. */
final class Progression {

    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int ERROR_LENGTH = 200;

    private Progression() {}

    /** The first version of a request. */
    static Change opened(
            String id,
            ReplySecret secret,
            ApprovalRequest request,
            ApprovalTerms terms,
            Set<String> channels,
            Instant now) {
        ApprovalRecord record = new ApprovalRecord(
                id,
                1,
                request,
                terms,
                ApprovalStatus.REQUESTED,
                request.arguments(),
                now,
                now.plus(terms.timeout()),
                List.of(),
                due(terms.channels(), channels, 0, now),
                0,
                null,
                List.of(),
                null,
                null,
                secret);
        AuditNote note = AuditNote.of(now, AuditKind.REQUESTED, id, request.requester())
                .with("action", request.action())
                .with("arguments", request.arguments())
                .with("argumentsHash", request.argumentsHash())
                .with("run", request.run())
                .with("call", request.callId())
                .with("deadline", record.deadline().toString());
        return new Change(record, List.of(note));
    }

    private static List<Delivery> due(Set<String> wanted, Set<String> channels, int step, Instant now) {
        List<Delivery> due = new ArrayList<>();
        for (String channel : new TreeSet<>(wanted.isEmpty() ? channels : wanted)) {
            due.add(Delivery.due(channel, step, now));
        }
        return due;
    }

    /** After an edit, those who have to agree as well are told of what stands now. */
    static void tellAgain(Draft draft, Instant now) {
        Set<String> told = new TreeSet<>();
        draft.deliveries.forEach(delivery -> told.add(delivery.channel()));
        told.forEach(channel -> draft.deliveries.add(Delivery.due(channel, draft.step, now)));
    }

    static Change delivered(ApprovalRecord record, int index, Receipt receipt, Instant now) {
        Draft draft = record.next();
        Delivery was = record.deliveries().get(index);
        draft.deliveries.set(
                index,
                new Delivery(was.channel(), was.step(), was.attempts() + 1, now, null, receipt.reference(), null));
        if (draft.status == ApprovalStatus.REQUESTED) {
            draft.status = ApprovalStatus.NOTIFIED;
        }
        AuditNote note = AuditNote.of(now, AuditKind.DELIVERED, record.id(), null)
                .via(was.channel())
                .with("reference", receipt.reference())
                .with("step", Integer.toString(was.step()));
        return new Change(draft.done(), List.of(note));
    }

    /**
     * @param again whether it is worth another attempt
     */
    static Change deliveryFailed(ApprovalRecord record, int index, Throwable error, boolean again, Instant now) {
        Draft draft = record.next();
        Delivery was = record.deliveries().get(index);
        int attempts = was.attempts() + 1;
        Instant next = again && record.pending() ? now.plus(waitAfter(attempts)) : null;
        String shown = shown(error);
        draft.deliveries.set(index, new Delivery(was.channel(), was.step(), attempts, null, next, null, shown));
        AuditNote note = AuditNote.of(now, AuditKind.DELIVERY_FAILED, record.id(), null)
                .via(was.channel())
                .with("error", shown)
                .with("attempt", Integer.toString(attempts));
        return new Change(draft.done(), List.of(note));
    }

    static String shown(Throwable error) {
        String message = error.getMessage();
        return error.getClass().getSimpleName() + (message == null ? "" : ": " + OneLine.of(message, ERROR_LENGTH));
    }

    private static Duration waitAfter(int attempts) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(attempts - 1, 20));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    /** The next step of the ladder; null where none is due. */
    static @Nullable Change escalated(ApprovalRecord record, Set<String> channels, Instant now) {
        Instant due = escalationDue(record);
        if (due == null || now.isBefore(due)) {
            return null;
        }
        Draft draft = record.next();
        Escalation step = record.terms().ladder().get(record.step());
        draft.step = record.step() + 1;
        draft.status = ApprovalStatus.ESCALATED;
        draft.deliveries.addAll(due(step.channels(), channels, draft.step, now));
        AuditNote note = AuditNote.of(now, AuditKind.ESCALATED, record.id(), null)
                .with("step", Integer.toString(draft.step))
                .with("ids", String.join(" ", new TreeSet<>(step.to().ids())))
                .with("roles", String.join(" ", new TreeSet<>(step.to().roles())));
        return new Change(draft.done(), List.of(note));
    }

    /** When the next step of the ladder is due; null where there is none. */
    static @Nullable Instant escalationDue(ApprovalRecord record) {
        List<Escalation> ladder = record.terms().ladder();
        return record.pending() && record.step() < ladder.size()
                ? record.createdAt().plus(ladder.get(record.step()).after())
                : null;
    }

    /** The end of the time to decide; null where it is not here, or somebody has decided. */
    static @Nullable Change timedOut(ApprovalRecord record, Instant now) {
        if (!record.pending() || now.isBefore(record.deadline())) {
            return null;
        }
        Draft draft = record.next();
        if (Ruling.approvesOnTimeout(record)) {
            String why = "nobody decided within " + SpokenTime.of(record.terms().timeout());
            draft.decide(ApprovalStatus.APPROVED, now, List.of(Decision.BY_TIMEOUT), why);
            return new Change(
                    draft.done(),
                    List.of(AuditNote.of(now, AuditKind.APPROVED, record.id(), Decision.BY_TIMEOUT)
                            .with("argumentsHash", record.argumentsHash())));
        }
        draft.decide(ApprovalStatus.EXPIRED, now, List.of(Decision.BY_TIMEOUT), null);
        return new Change(draft.done(), List.of(AuditNote.of(now, AuditKind.EXPIRED, record.id(), null)));
    }

    /**
     * It is taken back.
     *
     * @return null where it was already
     * @throws ApprovalConflictException if it is decided
     */
    static @Nullable Change cancelled(ApprovalRecord record, String by, String reason, Instant now) {
        if (record.status() == ApprovalStatus.CANCELLED || record.status() == ApprovalStatus.SUPERSEDED) {
            return null;
        }
        if (!record.pending()) {
            throw new ApprovalConflictException(
                    record.id(), record.status(), "it is " + record.status() + " and cannot be taken back any more.");
        }
        Draft draft = record.next();
        draft.decide(ApprovalStatus.CANCELLED, now, List.of(by), reason);
        return new Change(
                draft.done(),
                List.of(AuditNote.of(now, AuditKind.CANCELLED, record.id(), by).with("reason", reason)));
    }

    static @Nullable Change superseded(ApprovalRecord record, String by, Instant now) {
        if (!record.pending()) {
            return null;
        }
        Draft draft = record.next();
        draft.decide(
                ApprovalStatus.SUPERSEDED,
                now,
                List.of(),
                "the same call was asked for with other arguments, as " + by);
        return new Change(
                draft.done(),
                List.of(AuditNote.of(now, AuditKind.SUPERSEDED, record.id(), null)
                        .with("by", by)));
    }

    static Change granted(ApprovalRecord record, StandingGrant grant, Instant now) {
        Draft draft = record.next();
        draft.decide(ApprovalStatus.APPROVED, now, List.of(grant.issuer()), "standing grant " + grant.id());
        return new Change(
                draft.done(),
                List.of(AuditNote.of(now, AuditKind.APPROVED, record.id(), grant.issuer())
                        .with("grant", grant.id())
                        .with("argumentsHash", record.argumentsHash())));
    }

    static Change claimed(ApprovalRecord record, String executor, Instant now) {
        if (!record.status().claimable()) {
            throw new ExecutionRefusedException(record.id(), record.status());
        }
        Draft draft = record.next();
        draft.status = ApprovalStatus.EXECUTING;
        draft.executor = executor;
        return new Change(
                draft.done(),
                List.of(AuditNote.of(now, AuditKind.CLAIMED, record.id(), executor)
                        .with("argumentsHash", record.argumentsHash())));
    }

    /** How the carrying out ended; null where that is known already. */
    static @Nullable Change carriedOut(ApprovalRecord record, ApprovalStatus as, @Nullable String error, Instant now) {
        if (record.status() != ApprovalStatus.EXECUTING) {
            return null;
        }
        Draft draft = record.next();
        draft.status = as;
        AuditKind kind = switch (as) {
            case EXECUTED -> AuditKind.EXECUTED;
            case FAILED -> AuditKind.FAILED;
            default -> AuditKind.OUTCOME_UNKNOWN;
        };
        return new Change(
                draft.done(),
                List.of(AuditNote.of(now, kind, record.id(), record.executor()).with("error", error)));
    }
}
