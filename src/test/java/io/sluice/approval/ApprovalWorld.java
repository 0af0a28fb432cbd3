package io.sluice.approval;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A real flow on virtual time, with a store in memory that outlives it. */
final class ApprovalWorld {

    static final ApprovalRequest REQUEST =
            ApprovalRequest.of("delete", Map.of("table", "users")).requester("agent");

    final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    final ApprovalStore store = ApprovalStore.inMemory();

    ApprovalFlow.Builder builder() {
        return ApprovalFlow.builder().store(store).scheduler(clock);
    }

    ApprovalFlow flow() {
        return builder().build();
    }

    <T> Told<T> subscribe(Publisher<T> publisher) {
        Told<T> told = new Told<>();
        publisher.subscribe(told);
        pass(Duration.ZERO);
        return told;
    }

    /** The one answer of something that does not have to wait. */
    <T> T get(Mono<T> mono) {
        Told<T> told = subscribe(mono);
        assertThat(told.error).isNull();
        return told.values.isEmpty() ? null : told.values.get(0);
    }

    Throwable error(Mono<?> mono) {
        return subscribe(mono).error;
    }

    void pass(Duration time) {
        clock.advanceTimeBy(time);
    }

    Instant now() {
        return Instant.ofEpochMilli(clock.now(TimeUnit.MILLISECONDS));
    }

    String onlyPending(ApprovalFlow flow) {
        List<List<ApprovalRecord>> lists = subscribe(flow.pending()).values;
        List<ApprovalRecord> list = lists.get(lists.size() - 1);
        assertThat(list).hasSize(1);
        return list.get(0).id();
    }

    List<AuditKind> audit() {
        return get(store.audit().map(entry -> entry.note().kind()).collectList());
    }

    /** What a subscriber was told. */
    static final class Told<T> extends BaseSubscriber<T> {
        final List<T> values = new ArrayList<>();
        Throwable error;
        boolean completed;

        T value() {
            assertThat(error).isNull();
            assertThat(values).hasSize(1);
            return values.get(0);
        }

        @Override
        protected void hookOnNext(T value) {
            values.add(value);
        }

        @Override
        protected void hookOnError(Throwable failure) {
            error = failure;
        }

        @Override
        protected void hookOnComplete() {
            completed = true;
        }
    }

    /** A channel that tells nobody and remembers what it was to tell. */
    static class Recorded implements ApprovalChannel {
        final String name;
        final List<ApprovalNotice> sent = new ArrayList<>();
        final List<ApprovalRecord> settled = new ArrayList<>();
        Function<ApprovalNotice, Mono<Receipt>> how = notice -> Mono.just(Receipt.of("<" + notice.id() + ">"));
        ApprovalDesk desk;
        boolean closed;

        Recorded(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Mono<Void> open(ApprovalDesk at) {
            return Mono.fromRunnable(() -> desk = at);
        }

        @Override
        public Mono<Receipt> send(ApprovalNotice notice) {
            sent.add(notice);
            return how.apply(notice);
        }

        @Override
        public Mono<Void> settled(ApprovalRecord record) {
            return Mono.fromRunnable(() -> settled.add(record));
        }

        @Override
        public Mono<Void> close() {
            return Mono.fromRunnable(() -> closed = true);
        }
    }

    /** A channel with an inbox that somebody has to look into. */
    static final class Inbox extends Recorded implements PollingChannel {
        record Letter(String id, Ballot ballot) {}

        final List<Letter> letters = new ArrayList<>();
        int polls;
        Mono<Void> before = Mono.empty();

        Inbox() {
            super("inbox");
        }

        @Override
        public Duration interval() {
            return Duration.ofMinutes(5);
        }

        @Override
        public Mono<Void> poll() {
            return Mono.defer(() -> {
                polls++;
                List<Letter> taken = List.copyOf(letters);
                letters.clear();
                return before.then(Mono.when(taken.stream()
                        .map(letter -> desk.decide(letter.id(), letter.ballot()).onErrorComplete())
                        .toList()));
            });
        }
    }
}
