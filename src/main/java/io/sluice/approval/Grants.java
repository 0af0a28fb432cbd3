package io.sluice.approval;

import io.sluice.time.TimeSource;
import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Issues, uses and revokes standing grants. A use is counted before it approves: a crash between loses a use, never adds one. */
final class Grants {

    private final ApprovalStore store;
    private final Clerk clerk;
    private final TimeSource time;
    private final Errands errands;
    private final Approvers approvers;

    Grants(ApprovalStore store, Clerk clerk, TimeSource time, Errands errands, Approvers approvers) {
        this.store = store;
        this.clerk = clerk;
        this.time = time;
        this.errands = errands;
        this.approvers = approvers;
    }

    Mono<StandingGrant> issue(String id, String issuer, GrantOffer offer) {
        Approver known = approvers.find(issuer);
        if (known == null) {
            return Mono.error(new ApproverRefusedException(id, issuer, "nobody of that name is known"));
        }
        Instant now = time.instant();
        StandingGrant grant = new StandingGrant(
                id,
                1,
                offer.action(),
                offer.arguments(),
                offer.requester(),
                offer.run(),
                issuer,
                now,
                now.plus(offer.validFor()),
                offer.maxUses(),
                0,
                false);
        AuditNote note = AuditNote.of(now, AuditKind.GRANT_ISSUED, null, issuer)
                .with("grant", id)
                .with("action", grant.action())
                .with("arguments", grant.arguments())
                .with("requester", grant.requester())
                .with("run", grant.run())
                .with("expiresAt", grant.expiresAt().toString())
                .with("maxUses", Integer.toString(grant.maxUses()));
        return replace(grant, note).thenReturn(grant);
    }

    Mono<StandingGrant> revoke(String id, String by) {
        Mono<StandingGrant> once = store.grants()
                .filter(grant -> grant.id().equalsIgnoreCase(id))
                .next()
                .switchIfEmpty(Mono.error(() -> new ApprovalNotFoundException(id, "standing grant")))
                .flatMap(grant -> {
                    if (grant.revoked()) {
                        return Mono.just(grant);
                    }
                    StandingGrant next = grant.revoke();
                    AuditNote note = AuditNote.of(time.instant(), AuditKind.GRANT_REVOKED, null, by)
                            .with("grant", grant.id());
                    return replace(next, note).filter(done -> done).map(done -> next);
                });
        return once.repeatWhenEmpty(tries -> tries);
    }

    /** The record after a standing grant has approved it; empty where none does. */
    Mono<ApprovalRecord> approve(ApprovalRecord record) {
        return Flux.defer(store::grants)
                .concatMap(grant -> use(grant, record))
                .next()
                .flatMap(grant -> clerk.change(
                        record.id(),
                        (latest, now) -> latest.pending() ? Progression.granted(latest, grant, now) : null));
    }

    private Mono<StandingGrant> use(StandingGrant grant, ApprovalRecord record) {
        Approver issuer = approvers.find(grant.issuer());
        Instant now = time.instant();
        if (issuer == null || !Ruling.approves(grant, record, issuer, now)) {
            return Mono.empty();
        }
        StandingGrant next = grant.used();
        AuditNote note = AuditNote.of(now, AuditKind.GRANT_USED, record.id(), grant.issuer())
                .with("grant", grant.id())
                .with("use", Integer.toString(next.uses()));
        return replace(next, note)
                .flatMap(done -> done
                        ? Mono.just(next)
                        // Somebody else used or revoked it meanwhile: as it stands now, it may still do.
                        : store.grants()
                                .filter(latest -> latest.id().equals(grant.id()))
                                .next()
                                .flatMap(latest -> use(latest, record)));
    }

    private Mono<Boolean> replace(StandingGrant next, AuditNote note) {
        return errands.carriedToItsEnd(store.replace(next, List.of(note)).doOnNext(done -> {
            if (done) {
                clerk.tell(List.of(note));
            }
        }));
    }
}
