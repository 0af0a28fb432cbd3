package io.sluice.approval;

import io.sluice.time.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The desk of a flow: counts ballots, and audits those that do not count. */
final class FlowDesk implements ApprovalDesk {

    private final Clerk clerk;
    private final TimeSource time;
    private final Approvers approvers;
    private final EditCheck edits;
    private final Function<? super ApprovalRequest, ApprovalTerms> policy;

    FlowDesk(
            Clerk clerk,
            TimeSource time,
            Approvers approvers,
            EditCheck edits,
            Function<? super ApprovalRequest, ApprovalTerms> policy) {
        this.clerk = clerk;
        this.time = time;
        this.approvers = approvers;
        this.edits = edits;
        this.policy = policy;
    }

    @Override
    public Mono<ApprovalRecord> find(String id) {
        return clerk.find(id);
    }

    @Override
    public Mono<ApprovalRecord> decide(String id, Ballot ballot) {
        return clerk.changeLater(id, (record, now) -> ruling(record, ballot, now))
                .onErrorResume(
                        ApprovalException.class,
                        refused -> refuse(new Refusal(
                                        OneLine.of(id, 40),
                                        ballot.approver(),
                                        ballot.channel(),
                                        Progression.shown(refused)))
                                .onErrorComplete()
                                .then(Mono.error(refused)));
    }

    private Mono<Change> ruling(ApprovalRecord record, Ballot ballot, Instant now) {
        Approver approver = approvers.find(ballot.approver());
        if (approver == null) {
            return Mono.error(
                    new ApproverRefusedException(record.id(), ballot.approver(), "nobody of that name is known"));
        }
        String edited = ballot.edited();
        if (edited == null || edited.equals(record.arguments()) || !record.pending()) {
            return Mono.justOrEmpty(Ruling.vote(record, ballot, approver, record.terms(), now));
        }
        ApprovalRequest request = record.request().arguments(edited);
        return Mono.defer(() -> edits.problems(record, request))
                .defaultIfEmpty(List.of("nobody said that they are right"))
                .onErrorResume(failure -> Mono.just(
                        List.of("the check failed: " + failure.getClass().getSimpleName())))
                .flatMap(problems -> {
                    if (!problems.isEmpty()) {
                        return Mono.error(new EditRefusedException(record.id(), problems));
                    }
                    ApprovalTerms terms = record.terms().tightened(policy.apply(request));
                    return Mono.justOrEmpty(Ruling.vote(record, ballot, approver, terms, now));
                });
    }

    @Override
    public Mono<Void> refuse(Refusal refusal) {
        String actor = refusal.actor();
        return clerk.note(AuditNote.of(
                        time.instant(),
                        AuditKind.REPLY_REFUSED,
                        refusal.request(),
                        actor == null ? null : OneLine.of(actor, 200))
                .via(refusal.channel())
                .with("reason", refusal.reason()));
    }

    @Override
    public List<Approver> approvers() {
        return approvers.all();
    }

    @Override
    public Instant now() {
        return time.instant();
    }
}
