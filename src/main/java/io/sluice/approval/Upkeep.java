package io.sluice.approval;

import io.sluice.time.TimeSource;
import io.sluice.time.Timeout;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What has to be done about pending requests without anybody asking: tell people, ask others as well, look for replies, end. */
final class Upkeep {

    /** How long a channel may take to tell people. */
    private static final Duration SEND_LIMIT = Duration.ofSeconds(60);
    /** When to try again what a store refused. */
    private static final Duration STORE_PAUSE = Duration.ofSeconds(5);

    private final TimeSource time;
    private final Board board;
    private final Errands errands;
    private final Approvers approvers;
    private final Duration lastPoll;
    private final Map<String, ApprovalChannel> channels = new LinkedHashMap<>();
    private final Map<String, Poller> pollers = new LinkedHashMap<>();
    private final Clerk clerk;

    Upkeep(
            ApprovalStore store,
            TimeSource time,
            Board board,
            Errands errands,
            Approvers approvers,
            List<ApprovalChannel> channels,
            Duration lastPoll) {
        this.time = time;
        this.board = board;
        this.errands = errands;
        this.approvers = approvers;
        this.lastPoll = lastPoll;
        this.clerk = new Clerk(store, time, board, errands, this::changed);
        for (ApprovalChannel channel : channels) {
            if (channel.name().isBlank() || this.channels.put(channel.name(), channel) != null) {
                throw new IllegalArgumentException(
                        "each channel needs a name of its own, there are two '" + channel.name() + "' or it is blank");
            }
            if (channel instanceof PollingChannel polling) {
                pollers.put(channel.name(), poller(polling));
            }
        }
    }

    private Poller poller(PollingChannel channel) {
        return new Poller(
                channel,
                time,
                errands,
                lastPoll,
                () -> waitsFor(channel.name()),
                failure -> clerk.note(AuditNote.of(time.instant(), AuditKind.POLL_FAILED, null, null)
                        .via(channel.name())
                        .with("error", Progression.shown(failure))));
    }

    Clerk clerk() {
        return clerk;
    }

    Set<String> channels() {
        return channels.keySet();
    }

    Mono<Void> open(ApprovalDesk desk) {
        return Flux.fromIterable(channels.values())
                .concatMap(channel -> channel.open(desk))
                .then();
    }

    Mono<Void> close() {
        pollers.values().forEach(Poller::stop);
        return Flux.fromIterable(channels.values())
                .concatMap(channel -> Mono.defer(channel::close).onErrorComplete())
                .then();
    }

    private boolean waitsFor(String channel) {
        for (OpenRequest open : board.open()) {
            if (wentOver(open.record(), channel)) {
                return true;
            }
        }
        return false;
    }

    private static boolean wentOver(ApprovalRecord record, String channel) {
        for (Delivery delivery : record.deliveries()) {
            if (delivery.delivered() && delivery.channel().equals(channel)) {
                return true;
            }
        }
        return false;
    }

    /** After a change was stored. */
    private void changed(ApprovalRecord record) {
        if (record.pending()) {
            OpenRequest open = board.get(record.id());
            if (open != null) {
                look(open);
            }
        } else if (record.decidedAt() != null && record.executor() == null) {
            channels.forEach((name, channel) -> {
                if (wentOver(record, name)) {
                    errands.run(Mono.defer(() -> channel.settled(record)).onErrorComplete());
                }
            });
        }
    }

    /** Does what is due about a request, and sees to it that it is looked at again when something else is. */
    void look(OpenRequest open) {
        ApprovalRecord record = open.record();
        if (!record.pending() || errands.isDisposed()) {
            return;
        }
        Instant now = time.instant();
        if (!now.isBefore(record.deadline())) {
            end(open);
            return;
        }
        Instant next = record.deadline();
        for (int i = 0; i < record.deliveries().size(); i++) {
            Delivery delivery = record.deliveries().get(i);
            Instant due = delivery.nextAttemptAt();
            if (due != null && now.isBefore(due)) {
                next = earlier(next, due);
            } else if (due != null && open.sending.add(i)) {
                send(open, record, i);
            }
        }
        pollers.forEach((name, poller) -> {
            if (wentOver(record, name)) {
                poller.awake();
            }
        });
        Instant escalation = Progression.escalationDue(record);
        if (escalation != null && !now.isBefore(escalation)) {
            attempt(open, clerk.change(open.id, (latest, at) -> Progression.escalated(latest, channels(), at)));
        } else if (escalation != null) {
            next = earlier(next, escalation);
        }
        lookAgain(open, next);
        if (open.record().version() != record.version()) {
            // Changed meanwhile, perhaps by what was done here; this look saw what was before.
            look(open);
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return other.isBefore(one) ? other : one;
    }

    private void lookAgain(OpenRequest open, Instant at) {
        Duration wait = Duration.between(time.instant(), at);
        open.set(time.schedule(
                TimeSource.after(time.nanos(), wait.isNegative() ? Duration.ZERO : wait), new Look(open)));
        if (!open.record().pending()) {
            // Decided meanwhile; nothing is to be looked at any more.
            open.set(null);
        }
    }

    /** Does something that is tried again where the store refuses it. */
    private void attempt(OpenRequest open, Mono<ApprovalRecord> change) {
        errands.run(change.doOnError(refused -> lookAgain(open, time.instant().plus(STORE_PAUSE))));
    }

    private void send(OpenRequest open, ApprovalRecord record, int index) {
        Delivery delivery = record.deliveries().get(index);
        ApprovalChannel channel = channels.get(delivery.channel());
        Mono<ApprovalRecord> told;
        if (channel == null) {
            Throwable missing = new IllegalStateException("there is no channel of that name any more");
            told = clerk.change(open.id, (latest, at) -> Progression.deliveryFailed(latest, index, missing, false, at));
        } else {
            ApprovalNotice notice = new ApprovalNotice(
                    record, delivery.channel(), approvers.recipients(record, index), delivery.step());
            Mono<Receipt> sent = Mono.defer(() -> channel.send(notice))
                    .switchIfEmpty(Mono.error(() -> new IllegalStateException("the channel gave no receipt")));
            told = errands.within(SEND_LIMIT, sent, "telling people over " + delivery.channel())
                    .map(receipt ->
                            clerk.change(open.id, (latest, at) -> Progression.delivered(latest, index, receipt, at)))
                    .onErrorResume(failure -> Mono.just(clerk.change(
                            open.id, (latest, at) -> Progression.deliveryFailed(latest, index, failure, true, at))))
                    .flatMap(change -> change);
        }
        attempt(open, told.doOnTerminate(() -> open.sending.remove(index)).doOnSuccess(any -> look(open)));
    }

    /** The time is over: replies that arrived in time are looked for once more, then it is decided without any. */
    private void end(OpenRequest open) {
        if (!open.ending.compareAndSet(false, true)) {
            return;
        }
        List<Mono<Boolean>> looks = pollers.values().stream()
                .filter(poller -> wentOver(open.record(), poller.channel()))
                .map(Poller::look)
                .toList();
        Mono<Void> looked = looks.isEmpty()
                ? Mono.empty()
                : errands.within(lastPoll, Mono.when(looks), "the last look").onErrorComplete();
        Mono<ApprovalRecord> over = looked.then(Mono.defer(() -> clerk.change(open.id, Progression::timedOut)));
        attempt(open, over.doOnTerminate(() -> open.ending.set(false)).doOnSuccess(any -> look(open)));
    }

    private final class Look implements Timeout.Task {

        private final OpenRequest open;

        Look(OpenRequest open) {
            this.open = open;
        }

        @Override
        public void due() {
            look(open);
        }

        /** Deadlines are measured again by whoever decides, and by the next flow. */
        @Override
        public void rejected(RejectedExecutionException reason) {}
    }

    /** The step of a restart for one record; null where there is none but to put it on the board. */
    @Nullable
    Mono<ApprovalRecord> takeUp(ApprovalRecord record, boolean shared) {
        if (record.status() == ApprovalStatus.EXECUTING && !shared) {
            return clerk.change(
                    record.id(),
                    (latest, at) ->
                            Progression.carriedOut(latest, ApprovalStatus.OUTCOME_UNKNOWN, "it was stopped", at));
        }
        return null;
    }
}
