package io.sluice.approval;

import io.sluice.support.SecureBytes;
import io.sluice.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Asks people whether something may be done, and waits for what they say, across restarts.
 *
 * <pre>{@code
 * ApprovalFlow flow = ApprovalFlow.builder().channel(mail).approver(Approver.of("ada").at("mail", "ada@example.com")).build();
 * flow.request(ApprovalRequest.of("delete table", Map.of("table", "users")).requester("agent"))
 *         .flatMap(decision -> decision.approved() ? flow.execute(decision.id(), this::delete) : Mono.empty())
 *
 *   request ──► stored ──► told over each channel ──► votes … ──► decided ──► Mono<Decision>
 *                              └── ladder: others as well      └── deadline: one last look for replies, then expired
 * }</pre>
 *
 * <p><b>Durable.</b> A request is stored before anybody is told of it, and every change before anybody hears of it. A flow that
 * starts takes up what its store holds: sets every deadline again, and applies those that passed.
 *
 * <p><b>Same call, same request.</b> Whoever asks for the same again while it is pending waits for the same decision.
 * Cancelling leaves it pending, unless its terms say {@link ApprovalTerms#withdrawOnCancel}.
 *
 * <p><b>While it waits</b> nothing is held: no thread, permit or budget; a pending request is a record, a place in a timer and
 * who waits for it.
 *
 * <p><b>Threads and virtual time.</b> Decisions and lists are told on the scheduler, which is looked up at every use; deadlines
 * are instants of the instant source beside it, and waited for on the one timer of the scheduler. At exactly the deadline the
 * time is over.
 */
public final class ApprovalFlow implements ApprovalDesk, Disposable {

    private final ApprovalStore store;
    private final TimeSource time;
    private final Board board;
    private final Errands errands;
    private final Upkeep upkeep;
    private final Clerk clerk;
    private final FlowDesk desk;
    private final Grants grants;
    private final Function<? super ApprovalRequest, ApprovalTerms> policy;
    private final String name;
    private final Mono<Boolean> started;
    private volatile boolean closed;

    private ApprovalFlow(Builder builder) {
        this.store = builder.store == null ? ApprovalStore.inMemory() : builder.store;
        this.time = TimeSource.of(builder.scheduler, builder.instants);
        this.board = new Board(time);
        this.errands = new Errands(time);
        this.policy = builder.policy;
        this.name = builder.name;
        Approvers approvers = new Approvers(builder.approvers);
        this.upkeep = new Upkeep(store, time, board, errands, approvers, builder.channels, builder.lastPoll);
        this.clerk = upkeep.clerk();
        this.desk = new FlowDesk(clerk, time, approvers, builder.edits, policy);
        this.grants = new Grants(store, clerk, time, errands, approvers);
        this.started = Mono.defer(this::start).thenReturn(true).cache();
    }

    /** Begins a flow that keeps its requests in memory and has no channel. */
    public static Builder builder() {
        return new Builder();
    }

    private Mono<Void> start() {
        Mono<Void> takenUp = store.unfinished()
                .concatMap(record -> {
                    if (record.pending()) {
                        adopt(record);
                        return Mono.empty();
                    }
                    return Mono.justOrEmpty(upkeep.takeUp(record, store.shared()))
                            .flatMap(change -> change);
                })
                .then();
        Mono<Void> followed = Mono.fromRunnable(() -> errands.run(store.changes()
                .doOnNext(record -> {
                    if (record.pending()) {
                        adopt(record);
                    }
                    board.update(record);
                })
                .then()));
        return upkeep.open(desk).then(followed).then(takenUp);
    }

    /**
     * Completes when the flow has taken up what its store holds. Everything else waits for that by itself. If a channel or the
     * store fails, this and everything else fails with that.
     */
    public Mono<Void> ready() {
        return Mono.defer(() -> closed ? Mono.error(new ApprovalFlowClosedException()) : started.then());
    }

    private <T> Mono<T> whenReady(Mono<T> work) {
        return ready().then(work);
    }

    // ---- those who ask ----

    /**
     * Asks for an approval under the terms of the flow's policy, and waits for the decision. Rejected and expired are values.
     *
     * <p><b>Errors</b>: what the store fails with, and {@link ApprovalFlowClosedException}.
     */
    public Mono<Decision> request(ApprovalRequest request) {
        Objects.requireNonNull(request, "request");
        return Mono.defer(() -> request(request, policy.apply(request)));
    }

    /** Asks for an approval under certain terms, and waits for the decision. */
    public Mono<Decision> request(ApprovalRequest request, ApprovalTerms terms) {
        return seated(submitted(request, terms));
    }

    /** Asks for several approvals at once; the decisions come in the order of the requests. */
    public Flux<Decision> requestAll(List<ApprovalRequest> requests) {
        List<ApprovalRequest> all = List.copyOf(requests);
        return Flux.fromIterable(all).flatMapSequential(this::request, Math.max(1, all.size()), 1);
    }

    /**
     * Asks for an approval and does not wait: ends with the record once it is stored. {@link #await} waits for the decision, in
     * this process or another one later.
     */
    public Mono<ApprovalRecord> submit(ApprovalRequest request) {
        Objects.requireNonNull(request, "request");
        return Mono.defer(() -> submit(request, policy.apply(request)));
    }

    /** Asks for an approval under certain terms and does not wait. */
    public Mono<ApprovalRecord> submit(ApprovalRequest request, ApprovalTerms terms) {
        return errands.carriedToItsEnd(submitted(request, terms));
    }

    /**
     * Waits for the decision about a request; ends at once where there is one.
     *
     * <p><b>Errors</b>: {@link ApprovalNotFoundException}, else as of {@link #request}.
     */
    public Mono<Decision> await(String id) {
        return seated(whenReady(Mono.defer(() -> clerk.existing(id))));
    }

    private Mono<ApprovalRecord> submitted(ApprovalRequest request, ApprovalTerms terms) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(terms, "terms");
        return whenReady(SecureBytes.next(32)).flatMap(bytes -> {
            String hex = HexFormat.of().formatHex(bytes);
            Change opened = Progression.opened(
                    hex.substring(0, 32),
                    new ReplySecret(hex.substring(32)),
                    request,
                    terms,
                    upkeep.channels(),
                    time.instant());
            return store.open(opened.next(), opened.notes())
                    .flatMap(standing -> standing.id().equals(opened.next().id())
                            ? afterOpening(opened)
                            : Mono.just(standing).doOnNext(this::adoptIfPending));
        });
    }

    private Mono<ApprovalRecord> afterOpening(Change opened) {
        ApprovalRecord record = opened.next();
        clerk.tell(opened.notes());
        String other = board.otherFor(record);
        Mono<ApprovalRecord> replaced = other == null
                ? Mono.empty()
                : clerk.change(other, (latest, now) -> Progression.superseded(latest, record.id(), now));
        return replaced.then(Mono.defer(() -> grants.approve(record)))
                .defaultIfEmpty(record)
                .doOnNext(this::adoptIfPending);
    }

    private void adoptIfPending(ApprovalRecord record) {
        if (record.pending()) {
            adopt(record);
        }
    }

    private OpenRequest adopt(ApprovalRecord record) {
        OpenRequest known = board.get(record.id());
        if (known != null) {
            return known;
        }
        OpenRequest open = board.adopt(record);
        upkeep.look(open);
        // It may have been decided between being read and being put on the board.
        errands.run(clerk.find(record.id()).doOnNext(board::update));
        return open;
    }

    private Mono<Decision> seated(Mono<ApprovalRecord> source) {
        return Mono.defer(() -> {
            Seat seat = new Seat(this::withdrawIfSo);
            Mono<Mono<Decision>> taken = source.map(record -> {
                Decision decision = record.decision();
                if (decision != null) {
                    return Mono.just(decision);
                }
                OpenRequest open = adopt(record);
                seat.take(open);
                return open.decision();
            });
            return errands.carriedToItsEnd(taken)
                    .flatMap(decision -> decision.publishOn(time.scheduler()))
                    .doOnCancel(seat::cancel);
        });
    }

    /** The last who waited for a request has left. */
    private void withdrawIfSo(OpenRequest open) {
        if (open.record().terms().withdrawOnCancel() && open.record().pending()) {
            errands.run(clerk.change(
                    open.id,
                    (latest, now) -> latest.pending()
                            ? Progression.cancelled(latest, name, "nobody waits for it any more", now)
                            : null));
        }
    }

    /**
     * Takes a request back. Who waits for it is told that it is cancelled; again is fine.
     *
     * <p><b>Errors</b>: {@link ApprovalNotFoundException}; {@link ApprovalConflictException} where it is decided already.
     *
     * @param by who takes it back
     * @param reason why, for whoever waits
     */
    public Mono<ApprovalRecord> cancel(String id, String by, String reason) {
        return whenReady(
                Mono.defer(() -> clerk.change(id, (record, now) -> Progression.cancelled(record, by, reason, now))));
    }

    /**
     * Lets pass the elements that are approved, in order; those that are not are left out. Their arguments cannot be edited.
     *
     * <pre>
     * a ── b ── c ──►  gate  ──► a ───── c ──►     b is rejected, or nobody decides in time
     * </pre>
     *
     * @param request what is asked for an element
     * @param concurrency how many elements may wait for a decision at once; at least 1
     */
    public <T> Function<Flux<T>, Flux<T>> gate(Function<? super T, ApprovalRequest> request, int concurrency) {
        Objects.requireNonNull(request, "request");
        return gate(concurrency, element -> {
            ApprovalRequest asked = request.apply(element);
            return request(asked, policy.apply(asked).notEditable())
                    .filter(Decision::approved)
                    .map(decision -> element);
        });
    }

    /**
     * Lets pass the elements that are approved, in order, as they were edited.
     *
     * @param request what is asked for an element
     * @param edited the element with the arguments that were approved
     * @param concurrency how many elements may wait for a decision at once; at least 1
     */
    public <T> Function<Flux<T>, Flux<T>> gate(
            Function<? super T, ApprovalRequest> request,
            BiFunction<? super T, Decision.Approved, ? extends T> edited,
            int concurrency) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(edited, "edited");
        return gate(
                concurrency,
                element -> request(request.apply(element))
                        .ofType(Decision.Approved.class)
                        .map(approved -> approved.edited() ? edited.apply(element, approved) : element));
    }

    private static <T> Function<Flux<T>, Flux<T>> gate(int concurrency, Function<? super T, Mono<T>> passage) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("a gate lets at least one element wait at once, was " + concurrency);
        }
        return source -> source.flatMapSequential(passage, concurrency, 1);
    }

    // ---- those who decide ----

    @Override
    public Mono<ApprovalRecord> find(String id) {
        return whenReady(Mono.defer(() -> clerk.find(id)));
    }

    /**
     * Counts what somebody says. The first valid decision wins, and the same again is fine. Carried to its end, also if its
     * subscriber leaves. Each ballot that does not count is audited.
     *
     * <p><b>Errors</b>, each an {@link ApprovalException}: {@link ApprovalNotFoundException}; {@link
     * ApproverRefusedException} for who may not; {@link ApprovalConflictException} for the contrary of what is decided, or
     * about arguments that were edited meanwhile; {@link ApprovalLateException} at or after the deadline; {@link
     * EditRefusedException} for arguments that do not fit.
     *
     * @return the record after it, pending where others have to agree as well
     */
    @Override
    public Mono<ApprovalRecord> decide(String id, Ballot ballot) {
        return whenReady(Mono.defer(() -> desk.decide(id, ballot)));
    }

    /** Counts several ballots, one after the other; one that does not count leaves the others alone. In order. */
    public Flux<Ruled> decideAll(List<String> ids, Ballot ballot) {
        return Flux.fromIterable(List.copyOf(ids))
                .concatMap(id -> decide(id, ballot)
                        .map(record -> new Ruled(id, record, null))
                        .onErrorResume(ApprovalException.class, refused -> Mono.just(new Ruled(id, null, refused))));
    }

    @Override
    public Mono<Void> refuse(Refusal refusal) {
        return whenReady(Mono.defer(() -> desk.refuse(refusal)));
    }

    @Override
    public List<Approver> approvers() {
        return desk.approvers();
    }

    @Override
    public Instant now() {
        return time.instant();
    }

    // ---- those who carry out ----

    /**
     * Takes the right to carry out an approved request. It is given exactly once.
     *
     * <p><b>Errors</b>: {@link ApprovalNotFoundException}; {@link ExecutionRefusedException} where it is not approved, or
     * somebody has the right already.
     */
    public Mono<Execution> claim(String id) {
        return whenReady(Mono.defer(() -> clerk.change(id, (record, now) -> Progression.claimed(record, name, now))
                .map(record -> new Execution(record, clerk))));
    }

    /**
     * Carries out an approved request, once, and says how it ended. Cancelled on the way, its outcome is unknown.
     *
     * @param action given the arguments that were approved, as JSON
     */
    public <T> Mono<T> execute(String id, Function<? super String, ? extends Mono<T>> action) {
        return Mono.usingWhen(
                claim(id),
                execution -> Mono.defer(() -> action.apply(execution.arguments())),
                Execution::succeeded,
                Execution::failed,
                Execution::unknown);
    }

    // ---- those who watch ----

    /**
     * What is pending: the whole list now, and again after changes, the oldest first. A subscriber that is slow misses lists and
     * never the latest. Hot; never errors; completes when the flow is closed.
     */
    public Flux<List<ApprovalRecord>> pending() {
        return board.pending();
    }

    /** What happens from now on. Hot; never errors; a subscriber that is slow loses the oldest and sees a gap. */
    public Flux<ApprovalEvent> events() {
        return clerk.events();
    }

    /** All requests that the store keeps, the oldest first. */
    public Flux<ApprovalRecord> history() {
        return ready().thenMany(Flux.defer(store::all));
    }

    /** The audit log, from the oldest entry that the store keeps. */
    public Flux<AuditEntry> audit() {
        return ready().thenMany(Flux.defer(store::audit));
    }

    // ---- standing grants ----

    /**
     * Approves in advance.
     *
     * <p><b>Errors</b>: {@link ApproverRefusedException} where the flow knows its approvers and the issuer is none.
     */
    public Mono<StandingGrant> grant(String issuer, GrantOffer offer) {
        return whenReady(SecureBytes.next(16))
                .flatMap(id -> grants.issue(HexFormat.of().formatHex(id), issuer, offer));
    }

    /** Takes a standing grant back; what it has approved stays approved. Fails with {@link ApprovalNotFoundException}. */
    public Mono<StandingGrant> revoke(String id, String by) {
        return whenReady(Mono.defer(() -> grants.revoke(id, by)));
    }

    /** The standing grants, also those that are over. */
    public Flux<StandingGrant> grants() {
        return ready().thenMany(Flux.defer(store::grants));
    }

    // ---- the end ----

    /**
     * Closes the flow: those who wait are told so with an {@link ApprovalFlowClosedException}; their requests stay in the store,
     * which stays open. Completes when the channels are closed.
     */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            boolean first = !closed;
            closed = true;
            board.close(new ApprovalFlowClosedException());
            clerk.close();
            return first ? upkeep.close().doFinally(end -> errands.dispose()) : Mono.empty();
        });
    }

    /** Closes the flow without waiting for its channels. */
    @Override
    public void dispose() {
        close().subscribe(done -> {}, failure -> Operators.onErrorDropped(failure, Context.empty()));
    }

    @Override
    public boolean isDisposed() {
        return closed;
    }

    /** Collects what a flow is made of. Not thread-safe. */
    public static final class Builder {

        private static final Duration LAST_POLL = Duration.ofSeconds(30);

        private @Nullable ApprovalStore store;
        private final List<ApprovalChannel> channels = new ArrayList<>();
        private final List<Approver> approvers = new ArrayList<>();
        private Function<? super ApprovalRequest, ApprovalTerms> policy = request -> ApprovalTerms.STANDARD;
        private EditCheck edits = EditCheck.schema();
        private Duration lastPoll = LAST_POLL;
        private String name = "sluice";
        private @Nullable Scheduler scheduler;
        private @Nullable InstantSource instants;

        private Builder() {}

        /** Where requests are kept; default a store in memory of the flow's own. */
        public Builder store(ApprovalStore store) {
            this.store = Objects.requireNonNull(store, "store");
            return this;
        }

        /** One more way to people; each needs a name of its own. */
        public Builder channel(ApprovalChannel channel) {
            channels.add(Objects.requireNonNull(channel, "channel"));
            return this;
        }

        /**
         * One more who may decide. Where there is none, whoever hands in a decision is believed to be who they say they are; that
         * is for programs that make sure of it themselves.
         */
        public Builder approver(Approver approver) {
            approvers.add(Objects.requireNonNull(approver, "approver"));
            return this;
        }

        /** The same terms for all requests; default {@link ApprovalTerms#STANDARD}. */
        public Builder terms(ApprovalTerms terms) {
            Objects.requireNonNull(terms, "terms");
            this.policy = request -> terms;
            return this;
        }

        /** The terms of each request; asked again for edited arguments, where the stricter ones count. */
        public Builder terms(Function<? super ApprovalRequest, ApprovalTerms> policy) {
            this.policy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** What edited arguments have to pass; default {@link EditCheck#schema()}. */
        public Builder edits(EditCheck edits) {
            this.edits = Objects.requireNonNull(edits, "edits");
            return this;
        }

        /**
         * How long a look for replies may take, also the last one at a deadline; default 30 seconds.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder lastPoll(Duration lastPoll) {
            if (lastPoll.isNegative() || lastPoll.isZero()) {
                throw new IllegalArgumentException("the last poll needs some time, was " + lastPoll);
            }
            this.lastPoll = lastPoll;
            return this;
        }

        /** What the audit log calls this flow where it carries out or withdraws something; default {@code sluice}. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Where everything waits; default {@link Schedulers#parallel()}, looked up at every use.
         *
         * @throws IllegalArgumentException if it cannot wait
         */
        public Builder scheduler(Scheduler scheduler) {
            TimeSource.of(scheduler, null);
            this.scheduler = scheduler;
            return this;
        }

        /** Where the instants of deadlines come from; default the scheduler's own. */
        public Builder instantSource(InstantSource instants) {
            this.instants = Objects.requireNonNull(instants, "instants");
            return this;
        }

        /** Makes the flow, which begins to take up what its store holds. */
        public ApprovalFlow build() {
            ApprovalFlow flow = new ApprovalFlow(this);
            // What fails here is told to everybody who asks for something.
            flow.errands.run(flow.started.onErrorComplete());
            return flow;
        }
    }
}
