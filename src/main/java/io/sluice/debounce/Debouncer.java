package io.sluice.debounce;

import io.sluice.time.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Lets what is triggered again and again run only so often: once a cooldown for each key, and only so many times an hour.
 *
 * <pre>{@code
 * Debouncer debouncer = Debouncer.builder().cooldown(Duration.ofMinutes(5)).perHour(5).build();
 * debouncer.protect("deploy", tool.deploy())
 * }</pre>
 *
 * <p><b>One step.</b> Whether a trigger may run is decided and recorded in one atomic step, before it runs: of many
 * triggers at once one runs, and one that fails in a tight loop runs once a cooldown. A run that fails counts, unless
 * {@link Builder#countFailures} says otherwise; one that is cancelled always counts.
 *
 * <p><b>Denied</b> triggers get a {@link DebouncedException} with the true time until their key may run as things stand.
 *
 * <p><b>Keys</b> of which nothing matters any more are forgotten. State is in memory: a restart forgets it.
 *
 * <p><b>Threads and virtual time.</b> Thread-safe; nothing blocks. What runs at once runs where it was subscribed, what had
 * to wait on the scheduler, which is looked up at every use: a debouncer that was built anywhere runs on virtual time
 * inside {@code StepVerifier.withVirtualTime}.
 */
public final class Debouncer {

    /** The cooldown of a key unless another is set. */
    public static final Duration DEFAULT_COOLDOWN = Duration.ofMinutes(5);

    /** How many triggers of all keys may run within an hour unless another number is set. */
    public static final int DEFAULT_PER_HOUR = 5;

    private final DebounceMode mode;
    private final FiringDesk desk;
    /** What waits for its key to be quiet. */
    private final Map<String, QuietSlot> slots = new ConcurrentHashMap<>();

    private Debouncer(Builder builder) {
        this.mode = builder.mode;
        this.desk = new FiringDesk(
                new DebounceRules(
                        builder.cooldown,
                        Map.copyOf(builder.cooldowns),
                        builder.perHour,
                        builder.perHourOfKey,
                        builder.countFailures),
                TimeSource.of(builder.scheduler, null));
    }

    /** Begins a debouncer; without further settings a cooldown of five minutes, five runs an hour, and the first one runs. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A call that runs only if its key may. Asked at each subscription.
     *
     * <pre>
     * LEADING    t1 ──► runs      t2 ──✗      t3 ──✗      (cooldown over)  t4 ──► runs
     * TRAILING   t1 ──── ✗ t2 ──── ✗ t3 ──── quiet for a cooldown ────► t3 runs
     * SHARE      t1 ──► runs ───► answer      t3 ──✗
     *               t2 ─────────► the same
     * </pre>
     *
     * <p>Shared calls run with the Context of the trigger that began them, and are cancelled when all who wait for them have
     * cancelled; so one key should stand for one kind of call with one type of answer. A call with one answer cannot join a
     * stream: it ends with {@link SharedStreamException}.
     */
    public <T> Mono<T> protect(String key, Mono<T> call) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(call, "call");
        return switch (mode) {
            case LEADING -> LeadingMono.of(call, key, desk);
            case TRAILING -> TrailingMono.of(call, key, desk, slots);
            case SHARE -> SharedMono.of(call, key, desk);
        };
    }

    /**
     * A stream that runs only if its key may, in the same way. A shared stream is asked for all that it has, which is kept
     * while it runs: whoever joins it later is told everything from its beginning.
     *
     * @see #protect(String, Mono)
     */
    public <T> Flux<T> protect(String key, Flux<T> call) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(call, "call");
        return switch (mode) {
            case LEADING -> LeadingCalls.of(call, key, desk);
            case TRAILING -> TrailingCalls.of(call, key, desk, slots);
            case SHARE -> SharedFlux.of(call, key, desk);
        };
    }

    /**
     * Whether a trigger that somebody else runs may run now; if so, it counts as having run. Decides at once, as LEADING
     * does, whatever the mode.
     */
    public TriggerDecision admit(String key) {
        Objects.requireNonNull(key, "key");
        return desk.tryFire(key) == null ? desk.denial(key) : new TriggerDecision.Admitted(key);
    }

    /**
     * An operator for {@code transform} that lets only those elements pass whose key may run; others are discarded. With
     * TRAILING the last element of a key passes once the key has been quiet for its cooldown, or at the end of the stream
     * if its key may run then. With SHARE as with LEADING.
     *
     * <p>With TRAILING the source is asked for all it has, and of each key one element is kept at most.
     *
     * @param key gives the key of an element; if it throws, the stream ends with that
     */
    public <T> Function<Flux<T>, Flux<T>> throttle(Function<? super T, String> key) {
        Objects.requireNonNull(key, "key");
        return mode == DebounceMode.TRAILING
                ? source -> TrailingFlux.of(source, key, desk)
                : source -> LeadingFlux.of(source, key, desk);
    }

    /** How long until a key may run as things stand; zero if it may now. Takes nothing. */
    public Duration timeUntilAllowed(String key) {
        long until = desk.allowedAt(key);
        long now = desk.time.nanos();
        return until <= now ? Duration.ZERO : Duration.ofNanos(until - now);
    }

    /** Forgets the cooldown of a key. What ran still counts for the hour. */
    public void reset(String key) {
        desk.reset(Objects.requireNonNull(key, "key"));
    }

    /** Forgets all that ran. Calls that run or wait go on. */
    public void reset() {
        desk.reset();
    }

    /** How many keys are remembered. */
    int keys() {
        return desk.size() + slots.size();
    }

    /** Puts a debouncer together. Not thread-safe. */
    public static final class Builder {

        private Duration cooldown = DEFAULT_COOLDOWN;
        private final Map<String, Duration> cooldowns = new HashMap<>();
        private int perHour = DEFAULT_PER_HOUR;
        private int perHourOfKey = DebounceRules.UNLIMITED;
        private boolean countFailures = true;
        private DebounceMode mode = DebounceMode.LEADING;
        private @Nullable Scheduler scheduler;

        private Builder() {}

        private static Duration notNegative(Duration cooldown) {
            if (cooldown.isNegative()) {
                throw new IllegalArgumentException("cooldown must not be negative, was " + cooldown);
            }
            return cooldown;
        }

        private static int positive(String name, int runs) {
            if (runs < 1) {
                throw new IllegalArgumentException(name + " must be at least 1, was " + runs);
            }
            return runs;
        }

        /**
         * How long a key rests after it ran; with TRAILING how long it must be quiet before it runs. Default 5 minutes, zero
         * for not at all.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder cooldown(Duration cooldown) {
            this.cooldown = notNegative(cooldown);
            return this;
        }

        /**
         * The cooldown of one key.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder cooldown(String key, Duration cooldown) {
            cooldowns.put(key, notNegative(cooldown));
            return this;
        }

        /**
         * How many triggers of all keys together may run in any hour; default 5.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder perHour(int runs) {
            this.perHour = positive("perHour", runs);
            return this;
        }

        /** No cap on the triggers of all keys together. */
        public Builder unlimitedPerHour() {
            this.perHour = DebounceRules.UNLIMITED;
            return this;
        }

        /**
         * How many triggers of one key may run in any hour; default no cap but that of all keys.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder perHourOfKey(int runs) {
            this.perHourOfKey = positive("perHourOfKey", runs);
            return this;
        }

        /** Whether a run that failed counts; default true. Where not, its key may run again as soon as it failed. */
        public Builder countFailures(boolean countFailures) {
            this.countFailures = countFailures;
            return this;
        }

        /** Which trigger of several runs; default {@link DebounceMode#LEADING}. */
        public Builder mode(DebounceMode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /** Where everything waits; default {@link Schedulers#parallel()}, looked up at every use. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
            return this;
        }

        /**
         * The debouncer.
         *
         * @throws IllegalArgumentException for {@link Schedulers#immediate()}, which cannot wait
         */
        public Debouncer build() {
            return new Debouncer(this);
        }
    }
}
