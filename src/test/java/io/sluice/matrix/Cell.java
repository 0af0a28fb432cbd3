package io.sluice.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** One operator in one situation. Whatever happens, nothing may be held afterwards. */
final class Cell {

    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    private final Function<@Nullable Scheduler, Subject> row;
    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);

    Cell(Function<@Nullable Scheduler, Subject> row) {
        this.row = row;
    }

    void in(Situation situation) {
        switch (situation) {
            case VIRTUAL_TIME -> virtualTime();
            case CANCEL_WHILE_WAITING -> cancelWhileWaiting();
            case CANCEL_WHILE_RUNNING -> cancelWhileRunning();
            case TIMEOUT_DOWNSTREAM -> {
                timeout(false);
                timeout(true);
            }
            case ZIP_WITH_A_FAILING_LEG -> {
                zip(false);
                zip(true);
            }
            case CONTEXT_VISIBLE_UPSTREAM -> context();
            case THREAD_LOCALS_OF_ITS_OWN -> threadLocals();
            case HOOK_OPERATOR_DEBUG -> operatorDebug();
            case HOOK_ON_EACH_OPERATOR -> onEachOperator();
            case NO_BLOCKING_CALLS -> noBlockingCalls();
        }
    }

    private static void nothingIsHeldBy(Subject subject) {
        assertThat(subject.held()).as("held").isEmpty();
    }

    /** Built before virtual time begins, and kept by it all the same: ten seconds of waiting, five of running. */
    private void virtualTime() {
        Subject subject = row.apply(null);
        Duration total = Duration.ofSeconds(subject.canWait() ? 15 : 5);
        StepVerifier.withVirtualTime(() -> {
                    Flux<String> source = Flux.defer(() -> Mono.delay(Duration.ofSeconds(5))
                            .thenReturn("answer")
                            .flux());
                    if (!subject.canWait()) {
                        return subject.around(source);
                    }
                    Runnable release = subject.occupy();
                    return subject.afterWaiting(source)
                            .doOnSubscribe(
                                    subscription -> Schedulers.parallel().schedule(release, 10, TimeUnit.SECONDS));
                })
                .expectSubscription()
                .expectNoEvent(total.minusNanos(1))
                .thenAwait(Duration.ofSeconds(11))
                .expectNext("answer")
                .verifyComplete();
        nothingIsHeldBy(subject);
    }

    /** Cancelled, it never begins, also when its turn would have come. */
    private void cancelWhileWaiting() {
        Subject subject = row.apply(clock);
        PublisherProbe<String> source = PublisherProbe.of(Flux.just("answer"));
        Runnable release = subject.occupy();
        BaseSubscriber<String> subscriber = new BaseSubscriber<>() {};
        subject.afterWaiting(source.flux()).subscribe(subscriber);
        clock.advanceTimeBy(A_SECOND);
        subscriber.cancel();
        release.run();
        clock.advanceTimeBy(A_MINUTE);
        source.assertWasNotSubscribed();
        nothingIsHeldBy(subject);
    }

    private void cancelWhileRunning() {
        Subject subject = row.apply(clock);
        PublisherProbe<String> source = PublisherProbe.of(Flux.never());
        BaseSubscriber<String> subscriber = new BaseSubscriber<>() {};
        subject.around(source.flux()).subscribe(subscriber);
        clock.advanceTimeBy(Duration.ofSeconds(30));
        source.assertWasSubscribed();
        subscriber.cancel();
        source.assertWasCancelled();
        nothingIsHeldBy(subject);
    }

    /** A time-out downstream counts from the subscription, waiting included. */
    private void timeout(boolean waiting) {
        Subject subject = row.apply(clock);
        if (waiting && !subject.canWait()) {
            return;
        }
        PublisherProbe<String> source = PublisherProbe.of(Flux.never());
        Runnable release = waiting ? subject.occupy() : () -> {};
        Duration patience = waiting ? A_SECOND : Duration.ofSeconds(20);
        List<Throwable> errors = new ArrayList<>();
        (waiting ? subject.afterWaiting(source.flux()) : subject.around(source.flux()))
                .timeout(patience, clock)
                .subscribe(answer -> {}, errors::add);
        clock.advanceTimeBy(patience.minusNanos(1));
        assertThat(errors).isEmpty();
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(errors).hasSize(1).first().isInstanceOf(TimeoutException.class);
        release.run();
        clock.advanceTimeBy(A_MINUTE);
        if (waiting) {
            source.assertWasNotSubscribed();
        } else {
            source.assertWasCancelled();
        }
        nothingIsHeldBy(subject);
    }

    /** Where another leg fails, this one is cancelled and leaves nothing open. */
    private void zip(boolean waiting) {
        Subject subject = row.apply(clock);
        if (waiting && !subject.canWait()) {
            return;
        }
        PublisherProbe<String> source = PublisherProbe.of(Flux.never());
        Runnable release = waiting ? subject.occupy() : () -> {};
        List<Throwable> errors = new ArrayList<>();
        Mono<String> leg = (waiting ? subject.afterWaiting(source.flux()) : subject.around(source.flux())).next();
        Mono<String> failing = Mono.delay(waiting ? A_SECOND : Duration.ofSeconds(20), clock)
                .then(Mono.error(new IllegalStateException()));
        Mono.zip(leg, failing).subscribe(both -> {}, errors::add);
        clock.advanceTimeBy(A_MINUTE);
        release.run();
        clock.advanceTimeBy(A_MINUTE);
        assertThat(errors).hasSize(1).first().isInstanceOf(IllegalStateException.class);
        if (waiting) {
            source.assertWasNotSubscribed();
        } else {
            source.assertWasCancelled();
        }
        nothingIsHeldBy(subject);
    }

    private void context() {
        Subject subject = row.apply(clock);
        List<String> seen = new ArrayList<>();
        Flux<String> source = Flux.deferContextual(context -> {
            seen.add(context.getOrDefault("tenant", "nobody"));
            return Flux.just("answer");
        });
        Runnable release = subject.occupy();
        subject.afterWaiting(source)
                .contextWrite(Context.of("tenant", "caller"))
                .subscribe();
        release.run();
        clock.advanceTimeBy(A_MINUTE);
        assertThat(seen).containsExactly("caller");
        nothingIsHeldBy(subject);
    }

    /** Where Reactor keeps thread-locals, a call sees its own, also when another thread's work lets it go on. */
    private void threadLocals() {
        ContextRegistry.getInstance().registerThreadLocalAccessor("tenant", TENANT);
        Hooks.enableAutomaticContextPropagation();
        try {
            Subject subject = row.apply(clock);
            List<String> seen = new ArrayList<>();
            Flux<String> source = Flux.defer(() -> {
                seen.add(String.valueOf(TENANT.get()));
                return Flux.just("answer").doOnNext(answer -> seen.add(String.valueOf(TENANT.get())));
            });
            TENANT.set("releaser");
            Runnable release = subject.occupy();
            TENANT.set("caller");
            subject.afterWaiting(source)
                    .contextWrite(Context.of("tenant", "caller"))
                    .subscribe();
            TENANT.set("releaser");
            release.run();
            clock.advanceTimeBy(A_MINUTE);
            assertThat(TENANT.get()).isEqualTo("releaser");
            assertThat(seen).isNotEmpty().containsOnly("caller");
            nothingIsHeldBy(subject);
        } finally {
            TENANT.remove();
            Hooks.disableAutomaticContextPropagation();
            ContextRegistry.getInstance().removeThreadLocalAccessor("tenant");
        }
    }

    /** A failure tells where its operators were put together. */
    private void operatorDebug() {
        Hooks.onOperatorDebug();
        try {
            Subject subject = row.apply(clock);
            List<Throwable> errors = new ArrayList<>();
            subject.around(Flux.error(() -> new IllegalArgumentException("a defect")))
                    .subscribe(answer -> {}, errors::add);
            clock.advanceTimeBy(A_MINUTE);
            assertThat(errors).hasSize(1);
            assertThat(Arrays.stream(errors.get(0).getSuppressed()).map(Throwable::getMessage))
                    .anyMatch(message -> message != null && message.contains("Error has been observed"));
            nothingIsHeldBy(subject);
        } finally {
            Hooks.resetOnOperatorDebug();
        }
    }

    /** What others put around every operator is put around ours as well. */
    private void onEachOperator() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Hooks.onEachOperator("matrix", publisher -> {
            seen.add(publisher.getClass().getName());
            return publisher;
        });
        try {
            Subject subject = row.apply(clock);
            List<String> answers = new ArrayList<>();
            subject.around(Flux.just("answer")).subscribe(answers::add);
            clock.advanceTimeBy(A_MINUTE);
            assertThat(answers).containsExactly("answer");
            assertThat(seen).anyMatch(name -> name.startsWith("io.sluice."));
            nothingIsHeldBy(subject);
        } finally {
            Hooks.resetOnEachOperator("matrix");
        }
    }

    /** Made on threads that must not block, where BlockHound looks on. */
    private void noBlockingCalls() {
        Subject subject = row.apply(clock);
        AtomicInteger answers = new AtomicInteger();
        Runnable release = subject.occupy();
        BaseSubscriber<String> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(String answer) {
                answers.incrementAndGet();
            }
        };
        Mono.fromRunnable(() -> {
                    subject.afterWaiting(Flux.just("answer")).subscribe(subscriber);
                    release.run();
                    clock.advanceTimeBy(A_MINUTE);
                })
                .subscribeOn(Schedulers.parallel())
                .block(Duration.ofSeconds(10));
        assertThat(answers).hasValue(1);
        nothingIsHeldBy(subject);
    }
}
