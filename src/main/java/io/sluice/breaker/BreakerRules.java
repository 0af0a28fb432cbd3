package io.sluice.breaker;

import org.jspecify.annotations.Nullable;

/**
 * The state machine of a breaker: from one state to the next, given what happened and when. Plain arithmetic: no clock, no
 * thread, nothing kept. Each step is one transition at most; where nothing changes, the state itself comes back.
 */
final class BreakerRules {

    /** No hint how long to stay open. */
    static final long NO_HINT = -1;

    private final CircuitBreakerConfig config;
    private final CallWindow empty;
    private final int threshold;
    private final long openFor;
    private final long longestOpen;
    private final long halfOpenFor;
    private final long slowAfter;

    BreakerRules(CircuitBreakerConfig config) {
        this.config = config;
        this.empty = emptyWindow(config);
        Integer failures = config.consecutiveFailures();
        this.threshold = failures == null ? Integer.MAX_VALUE : failures;
        this.openFor = CircuitBreakerConfig.nanos(config.openFor());
        this.longestOpen = Math.max(openFor, CircuitBreakerConfig.nanos(config.longestOpen()));
        this.halfOpenFor = CircuitBreakerConfig.nanos(config.halfOpenFor());
        this.slowAfter = config.slowRate() == null ? Long.MAX_VALUE : CircuitBreakerConfig.nanos(config.slowAfter());
    }

    private static CallWindow emptyWindow(CircuitBreakerConfig config) {
        if (config.failureRate() == null && config.slowRate() == null) {
            return CallWindow.NONE;
        }
        return config.timeWindow() == null
                ? new CountWindow(config.countWindow())
                : new TimeWindow(CircuitBreakerConfig.nanos(config.timeWindow()));
    }

    BreakerState initial() {
        return new BreakerState(CircuitState.CLOSED, 0, 0, empty, 0, 0, 0, 0, null);
    }

    /** Whether the time that calls take matters. */
    boolean timesCalls() {
        return slowAfter != Long.MAX_VALUE;
    }

    boolean isSlow(long took) {
        return took >= slowAfter;
    }

    /** Whether a success that was not slow leaves this state as it is. */
    boolean isUnmovedBySuccess(BreakerState now) {
        return now.state() == CircuitState.DISABLED
                || (now.state().passesAll() && now.consecutive() == 0 && empty == CallWindow.NONE);
    }

    /**
     * Whether a breaker that nobody used for long can be forgotten: nothing is on its way, and nobody switched it.
     *
     * @param state as {@link #due}
     */
    static boolean isForgettable(BreakerState state, long now) {
        return state.state() == CircuitState.CLOSED || (state.state() == CircuitState.OPEN && now >= state.until());
    }

    /** What has become of the state by the passing of time alone: probes without a result are overdue. */
    BreakerState due(BreakerState state, long now) {
        if (state.state() != CircuitState.HALF_OPEN || now < state.until()) {
            return state;
        }
        return open(state, OpenReason.PROBE_OVERDUE, state.consecutive(), state.window(), NO_HINT, state.until());
    }

    /**
     * What a call that comes now finds, without coming: a breaker whose time is over is half-open to whoever looks.
     *
     * @param state as {@link #due}
     */
    static CircuitState seen(BreakerState state, long now) {
        return state.state() == CircuitState.OPEN && now >= state.until() ? CircuitState.HALF_OPEN : state.state();
    }

    /**
     * Lets a call in.
     *
     * @param state as {@link #due}
     * @return the state that admitted it, or null if it is refused
     */
    @Nullable
    BreakerState admit(BreakerState state, long now) {
        return switch (state.state()) {
            case CLOSED, DISABLED, METRICS_ONLY -> state;
            case FORCED_OPEN -> null;
            case OPEN ->
                now < state.until()
                        ? null
                        : state.halfOpened(later(now, halfOpenFor)).probing(1, 0);
            case HALF_OPEN ->
                state.out() + state.succeeded() < config.probes()
                        ? state.probing(state.out() + 1, state.succeeded())
                        : null;
        };
    }

    /**
     * A call succeeded.
     *
     * @param state as {@link #due}
     * @param generation which state admitted it
     */
    BreakerState succeeded(BreakerState state, long generation, boolean slow, long now) {
        if (state.generation() != generation) {
            return state;
        }
        return switch (state.state()) {
            case CLOSED, METRICS_ONLY -> counted(state, 0, false, slow, NO_HINT, now);
            case HALF_OPEN -> probed(state, slow, now);
            case OPEN, FORCED_OPEN, DISABLED -> state;
        };
    }

    private BreakerState probed(BreakerState state, boolean slow, long now) {
        if (slow) {
            return open(state, OpenReason.PROBE_FAILED, state.consecutive(), state.window(), NO_HINT, now);
        }
        int succeeded = state.succeeded() + 1;
        return succeeded >= config.probes()
                ? state.fresh(CircuitState.CLOSED, empty)
                : state.probing(state.out() - 1, succeeded);
    }

    /**
     * A call failed in a way that counts.
     *
     * @param state as {@link #due}
     * @param generation which state admitted it
     * @param hint how long the other side says to wait, or {@link #NO_HINT}
     */
    BreakerState failed(BreakerState state, long generation, boolean slow, long hint, long now) {
        if (state.generation() != generation) {
            return state;
        }
        int failures = state.consecutive() == Integer.MAX_VALUE ? Integer.MAX_VALUE : state.consecutive() + 1;
        return switch (state.state()) {
            case CLOSED, METRICS_ONLY -> counted(state, failures, true, slow, hint, now);
            case HALF_OPEN -> open(state, OpenReason.PROBE_FAILED, failures, state.window(), hint, now);
            case OPEN, FORCED_OPEN, DISABLED -> state;
        };
    }

    /** A call ended without a result that counts: a probe gives its place back. */
    BreakerState withoutResult(BreakerState state, long generation) {
        boolean probe = state.state() == CircuitState.HALF_OPEN && state.generation() == generation;
        return probe ? state.probing(state.out() - 1, state.succeeded()) : state;
    }

    /** Somebody decides what is to be done with calls. */
    BreakerState switched(BreakerState state, CircuitState to) {
        return state.fresh(to, empty);
    }

    private BreakerState counted(BreakerState state, int failures, boolean failed, boolean slow, long hint, long now) {
        if (!failed && !slow && isUnmovedBySuccess(state)) {
            return state;
        }
        CallWindow results = state.window().with(failed, slow, now);
        OpenReason exceeded = exceeded(failures, results);
        if (exceeded == null || state.state() == CircuitState.METRICS_ONLY) {
            return state.counted(failures, results, exceeded);
        }
        return open(state, exceeded, failures, results, hint, now);
    }

    private @Nullable OpenReason exceeded(int failures, CallWindow results) {
        if (failures >= threshold) {
            return OpenReason.CONSECUTIVE_FAILURES;
        }
        if (empty == CallWindow.NONE || results.calls() < config.minimumCalls()) {
            return null;
        }
        Double failureRate = config.failureRate();
        if (failureRate != null && results.failureRate() >= failureRate) {
            return OpenReason.FAILURE_RATE;
        }
        Double slowRate = config.slowRate();
        return slowRate != null && results.slowRate() >= slowRate ? OpenReason.SLOW_RATE : null;
    }

    private BreakerState open(
            BreakerState state, OpenReason why, int failures, CallWindow results, long hint, long from) {
        return state.opened(why, failures, results, later(from, openTime(state.openings(), hint)));
    }

    /**
     * How long to stay open.
     *
     * @param before how often it opened since it was last closed
     */
    private long openTime(int before, long hint) {
        if (config.followHints() && hint > 0) {
            return Math.min(hint, longestOpen);
        }
        if (before == 0) {
            return openFor;
        }
        return (long) Math.min(openFor * Math.pow(config.growth(), before), (double) longestOpen);
    }

    private static long later(long now, long by) {
        return now > Long.MAX_VALUE - by ? Long.MAX_VALUE : now + by;
    }
}
