package io.sluice.retry;

import io.sluice.FailureClass;
import io.sluice.call.Sluice;
import io.sluice.failure.Backoff;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.FailureReading;
import io.sluice.support.HandOver;
import io.sluice.time.TimeSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Repeats calls to providers the way that providers prescribe.
 *
 * <pre>{@code
 * ProviderRetry retry = ProviderRetry.attempts(3);
 * limiter.withPermit(request, permit -> client.call(prompt)).transform(retry::protect)
 * }</pre>
 *
 * <p><b>What is repeated.</b> What the {@linkplain FailureClass#retryable() class} of the failure says can succeed: rate
 * limits, overload, server errors, broken connections, and what nobody knows. Never what waiting does not help: used-up
 * quota, requests that are too large or wrong, bugs, refusals of this library, and what ends the virtual machine.
 *
 * <p><b>When.</b> Not before the time that the provider named, plus a random part, so that not everybody comes back at
 * once; where it named none, after a time that doubles. If the provider names more than is believed ({@link
 * FailureClassifier#maxWait}), or the wait would not be over before the {@linkplain #total total deadline}, the failure is
 * told now.
 *
 * <p><b>The end.</b> The last failure is told itself; {@link #report} says how many attempts it is the end of, and why.
 * What the functions of a user throw that it is given ({@link #random}, {@link #instantSource}) is told in its place, with
 * the failure as a suppressed exception.
 *
 * <p><b>Two forms.</b> {@link #protect} is the one to prefer: it costs next to nothing until something fails, sees whether
 * a Flux has told elements already and then lets the failure pass, and keeps the place of a call in the queue of its
 * limiter, also where one retry is inside another. As a {@link Retry} it works in {@code retryWhen}, which repeats a Flux
 * from its beginning.
 *
 * <p><b>Threads and virtual time.</b> The first attempt is subscribed to where the whole is, each further one on the
 * scheduler, which is looked up at every use, and by as many tasks at a time as there are processors. No two attempts
 * overlap. Immutable: each wither returns a new one; attempts are counted for each subscriber.
 */
public final class ProviderRetry extends Retry {

    /** How long after the first attempt began another one may begin, unless something else is set. */
    public static final Duration DEFAULT_TOTAL = Duration.ofMinutes(10);

    final RetryRules rules;
    final DoubleSupplier random;
    final TimeSource time;
    /** Where further attempts begin. */
    final HandOver handOver;

    private final FailureClassifier classifier;
    private final @Nullable Scheduler scheduler;
    private final @Nullable InstantSource instantSource;

    private ProviderRetry(
            RetryRules rules,
            FailureClassifier classifier,
            DoubleSupplier random,
            @Nullable Scheduler scheduler,
            @Nullable InstantSource instantSource) {
        this.rules = rules;
        this.classifier = classifier;
        this.random = random;
        this.scheduler = scheduler;
        this.instantSource = instantSource;
        this.time = TimeSource.of(scheduler, instantSource);
        this.handOver = new HandOver(time::scheduler);
    }

    /**
     * So many attempts at most, the first one included; with {@link Backoff#DEFAULT} between them.
     *
     * @param attempts at least 1, which means that nothing is repeated
     * @throws IllegalArgumentException if it is less than 1
     */
    public static ProviderRetry attempts(int attempts) {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, was " + attempts);
        }
        return new ProviderRetry(
                new RetryRules(attempts, Backoff.DEFAULT, DEFAULT_TOTAL, true, false),
                FailureClassifier.standard(),
                () -> ThreadLocalRandom.current().nextDouble(),
                null,
                null);
    }

    private ProviderRetry with(RetryRules changed) {
        return new ProviderRetry(changed, classifier, random, scheduler, instantSource);
    }

    /** How long to wait between attempts where the provider does not say it, and how much of a wait is random. */
    public ProviderRetry backoff(Backoff backoff) {
        Objects.requireNonNull(backoff, "backoff");
        return with(new RetryRules(
                rules.attempts(), backoff, rules.total(), rules.idempotent(), rules.afterFirstElement()));
    }

    /**
     * The wait after the first failure, which doubles from then on, and the longest one; the random part stays as it is.
     *
     * @throws IllegalArgumentException if {@code first} is not positive, or {@code longest} less than it
     */
    public ProviderRetry backoff(Duration first, Duration longest) {
        return backoff(new Backoff(first, longest, rules.backoff().jitter()));
    }

    /**
     * How long after the first attempt began another one may begin; default 10 minutes. An attempt that runs is not cut
     * off by it.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public ProviderRetry total(Duration total) {
        if (total.isNegative() || total.isZero()) {
            throw new IllegalArgumentException("total must be greater than zero, was " + total);
        }
        return with(new RetryRules(
                rules.attempts(), rules.backoff(), total, rules.idempotent(), rules.afterFirstElement()));
    }

    /**
     * Whether calls may be repeated after a failure that does not tell whether they were carried out; default true. A
     * call that may not is repeated only after a rate limit, an overload, or where nothing was sent. What a single call
     * says with {@link Sluice#idempotent(boolean)} goes before this.
     */
    public ProviderRetry idempotent(boolean idempotent) {
        return with(rules.idempotent(idempotent));
    }

    /**
     * Whether {@link #protect(Flux)} repeats a Flux that has told elements already, from its beginning; default false. One
     * that must not be made twice is not repeated then, whatever the failure says.
     */
    public ProviderRetry repeatAfterFirstElement(boolean repeat) {
        return with(rules.afterFirstElement(repeat));
    }

    /** What failures mean; default {@link FailureClassifier#standard()}. */
    public ProviderRetry classifier(FailureClassifier classifier) {
        Objects.requireNonNull(classifier, "classifier");
        return new ProviderRetry(rules, classifier, random, scheduler, instantSource);
    }

    /**
     * Numbers in [0, 1) for the random part of waits; default random ones.
     *
     * @param random asked once for each wait, on the thread of the failure; must not block
     */
    public ProviderRetry random(DoubleSupplier random) {
        Objects.requireNonNull(random, "random");
        return new ProviderRetry(rules, classifier, random, scheduler, instantSource);
    }

    /**
     * Where waits are timed and further attempts subscribed to; default {@link Schedulers#parallel()}, looked up at every
     * use.
     *
     * @throws IllegalArgumentException for {@link Schedulers#immediate()}, which cannot wait
     */
    public ProviderRetry scheduler(Scheduler scheduler) {
        Objects.requireNonNull(scheduler, "scheduler");
        return new ProviderRetry(rules, classifier, random, scheduler, instantSource);
    }

    /** What dates in answers are compared with where the answer has none of its own; default the scheduler's clock. */
    public ProviderRetry instantSource(InstantSource instantSource) {
        Objects.requireNonNull(instantSource, "instantSource");
        return new ProviderRetry(rules, classifier, random, scheduler, instantSource);
    }

    /**
     * A call with one answer, repeated after failures.
     *
     * <pre>
     * subscribe ──► attempt 1 ──✗   wait   ──► attempt 2 ──► answer
     * </pre>
     *
     * <p>{@code onSubscribe} comes at once. A cancellation ends the attempt or the wait, and leaves nothing behind.
     */
    public <T> Mono<T> protect(Mono<T> call) {
        return RetryMono.of(Objects.requireNonNull(call, "call"), this);
    }

    /**
     * A call with many answers, repeated after failures until its first element has been told; later failures pass.
     *
     * <pre>
     * subscribe ──► attempt 1 ──✗   wait   ──► attempt 2 ──► 1 ──► 2 ──✗ told as it is
     * </pre>
     *
     * @see #repeatAfterFirstElement
     * @see #protect(Mono)
     */
    public <T> Flux<T> protect(Flux<T> call) {
        return RetryFlux.of(Objects.requireNonNull(call, "call"), this);
    }

    /**
     * How it came that an error was not followed by another attempt; null where no retry had to do with it, where its
     * first attempt failed in a way that is never repeated, and where the error cannot carry it (one that disables
     * suppression). Looked for on the error and on its causes. Of an error that is the same object for several calls, the
     * latest report; of retries inside one another, that of the outer.
     */
    public static @Nullable RetryReport report(Throwable error) {
        return ReportCarrier.report(error);
    }

    FailureReading read(Throwable error) {
        return classifier.read(error, time.instant());
    }

    /** For {@code retryWhen}: called by Reactor for each subscriber. */
    @Override
    public Publisher<?> generateCompanion(Flux<RetrySignal> failures) {
        return RetryCompanion.of(this, failures);
    }
}
