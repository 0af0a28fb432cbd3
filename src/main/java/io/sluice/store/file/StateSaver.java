package io.sluice.store.file;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitState;
import io.sluice.ratelimit.UnknownModelException;
import io.sluice.time.TimeSource;
import io.sluice.time.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Keeps a state file up to date with a limiter: saves every second what has changed, and once more at the end.
 *
 * <pre>{@code
 * StateSaver saver = StateSaver.of(limiter, StateFile.in(project)).window(window).start();
 * ...
 * saver.disposeLater()   // completes when the last save is done
 * }</pre>
 *
 * <p>Models whose state only grew older are not saved: the file says when it was. A save that fails is told once, until
 * one goes through again, and is tried again with the next; the calls go on.
 *
 * <p><b>Threads.</b> Periods run on the limiter's kind of scheduler, and so on virtual time where it is virtual; files are
 * written on {@link Schedulers#boundedElastic()}, never two at once.
 */
public final class StateSaver implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(StateSaver.class);

    private final ModelRateLimiter limiter;
    private final StateFile file;
    private final Duration window;
    private final Duration period;
    private final TimeSource time;
    private final Supplier<Scheduler> writers;
    private final Consumer<? super Throwable> onFailure;

    private final AtomicBoolean disposed = new AtomicBoolean();
    private final Sinks.Empty<Void> done = Sinks.empty();
    /** Saves that were asked for; whoever raises it from zero hands them to a writer. */
    private final AtomicInteger asked = new AtomicInteger();

    private volatile @Nullable Timeout next;

    // Of the one writer.
    private @Nullable Map<ModelKey, RateLimitState> saved;
    private boolean failing;

    private StateSaver(Builder builder) {
        this.limiter = builder.limiter;
        this.file = builder.file;
        this.window = builder.window;
        this.period = builder.period;
        this.time = TimeSource.of(builder.scheduler, null);
        Scheduler writer = builder.writer;
        this.writers = writer == null ? Schedulers::boundedElastic : () -> writer;
        this.onFailure = builder.onFailure;
    }

    /** Begins a saver of all models of a limiter; {@link Builder#start()} starts it. */
    public static Builder of(ModelRateLimiter limiter, StateFile file) {
        return new Builder(limiter, file);
    }

    /** Saves once more what has changed, without waiting for it, and then no more. */
    @Override
    public void dispose() {
        if (disposed.compareAndSet(false, true)) {
            cancelNext();
            ask();
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed.get();
    }

    /**
     * Disposes of the saver on subscription, and completes when the last save is done, or has failed, which is told like
     * any other failure. Dispose of the limiter before, so that what its last calls used is in the file. All subscribers
     * see the same completion, on the thread that wrote.
     */
    public Mono<Void> disposeLater() {
        return Mono.defer(() -> {
            dispose();
            return done.asMono();
        });
    }

    private void ask() {
        if (asked.getAndIncrement() != 0) {
            return;
        }
        try {
            writers.get().schedule(this::write);
        } catch (RejectedExecutionException refused) {
            asked.set(0);
            failed(refused);
            goOn(disposed.get());
        }
    }

    private void write() {
        int missed = 1;
        boolean last;
        do {
            // Read before the states are taken, so that the last save has all that was there at the disposal.
            last = disposed.get();
            try {
                save();
                failing = false;
            } catch (Throwable failure) {
                // Also an Error: whoever waits for the last save must not wait for ever.
                failed(failure);
            }
            missed = asked.addAndGet(-missed);
        } while (missed != 0);
        goOn(last);
    }

    /** What follows a save: the next period, or the end. */
    private void goOn(boolean last) {
        if (last) {
            done.tryEmitEmpty();
            return;
        }
        next = time.schedule(TimeSource.after(time.nanos(), period), new Period());
        if (disposed.get()) {
            cancelNext();
        }
    }

    private void cancelNext() {
        Timeout standing = next;
        if (standing != null) {
            standing.dispose();
        }
    }

    private void save() {
        Map<ModelKey, RateLimitState> before = saved;
        if (before == null) {
            // What is in the file already need not be saved: a limiter hands on what it was restored from.
            before = new HashMap<>();
            for (RateLimitState state : file.read().states()) {
                before.put(state.key(), state);
            }
            saved = before;
        }
        List<SavedState> changed = new ArrayList<>();
        Set<ModelKey> present = new HashSet<>();
        for (RateLimitState state : limiter.states()) {
            present.add(state.key());
            if (Ageing.isMore(before.get(state.key()), state)) {
                changed.add(new SavedState(state, window, limits(state.key())));
            }
        }
        file.save(changed);
        for (SavedState one : changed) {
            before.put(one.state().key(), one.state());
        }
        // What the limiter has forgotten needs no comparing any more.
        before.keySet().retainAll(present);
    }

    private @Nullable RateLimitProfile limits(ModelKey key) {
        try {
            return limiter.snapshot(key).profile();
        } catch (UnknownModelException restoredWithoutProfile) {
            return null;
        }
    }

    private void failed(Throwable failure) {
        if (failing) {
            return;
        }
        failing = true;
        try {
            onFailure.accept(failure);
        } catch (RuntimeException alsoFailed) {
            LOG.warn("what was to be told of a failed save has failed", alsoFailed);
        }
    }

    private final class Period implements Timeout.Task {

        @Override
        public void due() {
            if (!disposed.get()) {
                ask();
            }
        }

        /** The scheduler is gone, and with it the limiter's waiting; the last save does not need it. */
        @Override
        public void rejected(RejectedExecutionException reason) {
            LOG.warn("{} is saved only at the end: no more periods on a scheduler that is disposed", file.path());
        }
    }

    /** Collects the settings of a saver. Not thread-safe. */
    public static final class Builder {

        private final ModelRateLimiter limiter;
        private final StateFile file;
        private Duration window = Duration.ofMinutes(1);
        private Duration period = Duration.ofSeconds(1);
        private @Nullable Scheduler scheduler;
        private @Nullable Scheduler writer;
        private Consumer<? super Throwable> onFailure;

        private Builder(ModelRateLimiter limiter, StateFile file) {
            this.limiter = Objects.requireNonNull(limiter, "limiter");
            this.file = Objects.requireNonNull(file, "file");
            this.onFailure =
                    failure -> LOG.warn("{} is not up to date: {}", file.path(), String.valueOf(failure.getMessage()));
        }

        /**
         * The limiter's window; default a minute.
         *
         * @throws IllegalArgumentException if it is not between a microsecond and 400 days
         */
        public Builder window(Duration window) {
            if (!SavedState.isWindow(window)) {
                throw new IllegalArgumentException("window must be between 1 microsecond and 400 days, was " + window);
            }
            this.window = window;
            return this;
        }

        /**
         * How long after one save the next begins; default a second. What is not saved is lost in a crash.
         *
         * @throws IllegalArgumentException if it is less than a millisecond
         */
        public Builder every(Duration period) {
            if (period.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException("period must be at least 1 millisecond, was " + period);
            }
            this.period = period;
            return this;
        }

        /** Where periods are waited for; default {@link Schedulers#parallel()}, looked up at every use. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
            return this;
        }

        /** Where the file is written; must allow blocking; default {@link Schedulers#boundedElastic()}. */
        public Builder writeOn(Scheduler writer) {
            this.writer = Objects.requireNonNull(writer, "writer");
            return this;
        }

        /** Told of the first save that fails, on the thread that wrote; by default a warning is logged. */
        public Builder onFailure(Consumer<? super Throwable> onFailure) {
            this.onFailure = Objects.requireNonNull(onFailure, "onFailure");
            return this;
        }

        /** A saver that runs until it is disposed of; its first save begins after the first period. */
        public StateSaver start() {
            StateSaver saver = new StateSaver(this);
            saver.goOn(false);
            return saver;
        }
    }
}
