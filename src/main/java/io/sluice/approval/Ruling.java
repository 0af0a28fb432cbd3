package io.sluice.approval;

import io.sluice.call.Risk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What somebody's ballot does to a request: the only place that decides. Pure; given the time. */
final class Ruling {

    private Ruling() {}

    /**
     * Counts a ballot.
     *
     * @param terms the terms for the arguments as edited; those of the record where nothing is
     * @return the change; null where the same was said before
     * @throws ApprovalException if it does not count
     */
    static @Nullable Change vote(
            ApprovalRecord record, Ballot ballot, Approver approver, ApprovalTerms terms, Instant now) {
        mayDecide(record, approver);
        if (!record.pending()) {
            repeats(record, ballot);
            return null;
        }
        Instant at = ballot.receivedAt() == null || ballot.receivedAt().isAfter(now) ? now : ballot.receivedAt();
        if (!at.isBefore(record.deadline())) {
            throw new ApprovalLateException(record);
        }
        String arguments = Objects.requireNonNullElse(ballot.edited(), record.arguments());
        boolean edits = !arguments.equals(record.arguments());
        if (ballot.verdict() == Verdict.APPROVE) {
            isAboutWhatStands(record, ballot);
        }
        Vote before = voteOf(record, approver);
        if (before != null && !edits) {
            if (before.verdict() == ballot.verdict()) {
                return null;
            }
            if (before.verdict() == Verdict.REJECT) {
                throw new ApprovalConflictException(
                        record.id(),
                        record.status(),
                        approver.id() + " has rejected it already. Somebody else may approve.");
            }
        }
        return count(record, ballot, approver, edits ? terms : record.terms(), arguments, at);
    }

    private static Change count(
            ApprovalRecord record,
            Ballot ballot,
            Approver approver,
            ApprovalTerms terms,
            String arguments,
            Instant at) {
        Draft draft = record.next();
        List<AuditNote> notes = new ArrayList<>();
        String hash = record.request().arguments(arguments).argumentsHash();
        if (!arguments.equals(record.arguments())) {
            if (!record.terms().editable()) {
                throw new EditRefusedException(record.id(), List.of("this request may not be edited"));
            }
            draft.arguments = arguments;
            draft.terms = terms;
            // What the others agreed to was something else; what they are against, they are still against.
            draft.votes.removeIf(vote -> vote.verdict() == Verdict.APPROVE);
            notes.add(AuditNote.of(at, AuditKind.EDITED, record.id(), approver.id())
                    .via(ballot.channel())
                    .with("before", record.arguments())
                    .with("after", arguments)
                    .with("changed", String.join(" ", JsonChanges.between(record.arguments(), arguments))));
        }
        draft.votes.removeIf(vote -> vote.approver().equals(approver.id()));
        draft.votes.add(new Vote(approver.id(), ballot.verdict(), ballot.channel(), ballot.comment(), hash, at));
        notes.add(AuditNote.of(at, AuditKind.VOTED, record.id(), approver.id())
                .via(ballot.channel())
                .with("verdict", ballot.verdict().name())
                .with("comment", ballot.comment())
                .with("argumentsHash", hash));
        decideIfEnough(record, draft, at, notes);
        if (draft.status.pending() && !arguments.equals(record.arguments())) {
            Progression.tellAgain(draft, at);
        }
        return new Change(draft.done(), notes);
    }

    private static void decideIfEnough(ApprovalRecord record, Draft draft, Instant at, List<AuditNote> notes) {
        List<Vote> against = with(draft, Verdict.REJECT);
        List<Vote> inFavour = with(draft, Verdict.APPROVE);
        if (draft.terms.quorum().rejectedBy(against.size())) {
            draft.decide(ApprovalStatus.REJECTED, at, names(against), comments(against));
            notes.add(AuditNote.of(at, AuditKind.REJECTED, record.id(), String.join(", ", draft.decidedBy))
                    .with("reason", draft.reason));
        } else if (inFavour.size() >= draft.terms.quorum().needed()) {
            boolean edited = !draft.arguments.equals(record.request().arguments());
            ApprovalStatus as = edited ? ApprovalStatus.APPROVED_WITH_EDITS : ApprovalStatus.APPROVED;
            draft.decide(as, at, names(inFavour), comments(inFavour));
            notes.add(AuditNote.of(at, AuditKind.APPROVED, record.id(), String.join(", ", draft.decidedBy))
                    .with(
                            "argumentsHash",
                            record.request().arguments(draft.arguments).argumentsHash()));
        }
    }

    /** Who asks for something may not approve it, by whatever name or address. */
    private static void mayDecide(ApprovalRecord record, Approver approver) {
        String requester = record.request().requester();
        if (requester != null
                && (requester.equalsIgnoreCase(approver.id())
                        || approver.addresses().values().stream().anyMatch(requester::equalsIgnoreCase))) {
            throw new ApproverRefusedException(
                    record.id(), approver.id(), "whoever asks for something may not decide it");
        }
        if (!asked(record, approver)) {
            throw new ApproverRefusedException(
                    record.id(), approver.id(), "neither the name nor a role is among those who may");
        }
    }

    /** Whether somebody is among those asked first, or on a step of the ladder that was taken. */
    static boolean asked(ApprovalRecord record, Approver approver) {
        if (record.terms().electorate().includes(approver)) {
            return true;
        }
        for (int i = 0; i < record.step(); i++) {
            if (record.terms().ladder().get(i).to().includes(approver)) {
                return true;
            }
        }
        return false;
    }

    /** Of a decided request: the same again is fine, everything else is an error. */
    private static void repeats(ApprovalRecord record, Ballot ballot) {
        ApprovalStatus status = record.status();
        if (status == ApprovalStatus.REJECTED || status.approved()) {
            boolean wasApproved = status.approved();
            boolean approves = ballot.verdict() == Verdict.APPROVE;
            String arguments =
                    Objects.requireNonNullElse(ballot.edited(), record.request().arguments());
            boolean same = wasApproved == approves
                    && (!approves
                            || arguments.equals(record.arguments())
                            || record.argumentsHash().equals(ballot.argumentsHash()));
            if (!same) {
                throw new ApprovalConflictException(
                        record.id(),
                        status,
                        "it is " + status + " since " + record.decidedAt() + ", by "
                                + String.join(", ", record.decidedBy()) + ". What is decided stays decided.");
            }
            return;
        }
        throw new ApprovalLateException(record);
    }

    private static void isAboutWhatStands(ApprovalRecord record, Ballot ballot) {
        boolean stale = ballot.argumentsHash() == null
                ? record.edited() && ballot.edited() == null
                : !ballot.argumentsHash().equals(record.argumentsHash());
        if (stale) {
            throw new ApprovalConflictException(
                    record.id(),
                    record.status(),
                    "the arguments were edited since they were shown. Look at them again, and decide about those.");
        }
    }

    private static @Nullable Vote voteOf(ApprovalRecord record, Approver approver) {
        for (Vote vote : record.votes()) {
            if (vote.approver().equals(approver.id())) {
                return vote;
            }
        }
        return null;
    }

    private static List<Vote> with(Draft draft, Verdict verdict) {
        return draft.votes.stream().filter(vote -> vote.verdict() == verdict).toList();
    }

    private static List<String> names(List<Vote> votes) {
        return votes.stream().map(Vote::approver).toList();
    }

    private static @Nullable String comments(List<Vote> votes) {
        List<String> said = votes.stream()
                .map(Vote::comment)
                .filter(Objects::nonNull)
                .filter(comment -> !comment.isBlank())
                .toList();
        return said.isEmpty() ? null : String.join("; ", said);
    }

    /** What a time-out may approve: nothing that reached nobody, cannot be undone, or needs a decision about itself. */
    static boolean approvesOnTimeout(ApprovalRecord record) {
        return record.terms().onTimeout() == OnTimeout.APPROVE
                && record.terms().delegable()
                && record.request().risk() != Risk.HIGH
                && !record.edited()
                && record.votes().stream().noneMatch(vote -> vote.verdict() == Verdict.REJECT)
                && record.deliveries().stream().anyMatch(Delivery::delivered);
    }

    /** Whether a standing grant approves a request: only what its issuer could approve alone. */
    static boolean approves(StandingGrant grant, ApprovalRecord record, Approver issuer, Instant now) {
        if (!grant.valid(now)
                || !grant.covers(record.request())
                || !record.terms().delegable()) {
            return false;
        }
        try {
            mayDecide(record, issuer);
        } catch (ApproverRefusedException mayNot) {
            return false;
        }
        return record.terms().quorum().needed() == 1;
    }
}
