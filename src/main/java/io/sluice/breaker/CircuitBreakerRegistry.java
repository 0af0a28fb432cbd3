package io.sluice.breaker;

import io.sluice.time.Alarm;
import io.sluice.time.TimeSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One breaker for each name, such as a model or a tool, so that one that is broken does not stop the others. A breaker is
 * made when its name is first asked for, and forgotten when it was not used for a while, unless it is open still or was
 * switched by hand: so ask for it each time, or use {@link #protect}.
 *
 * <p>Thread-safe.
 */
public final class CircuitBreakerRegistry {

    private final Map<String, CircuitBreaker> breakers = new ConcurrentHashMap<>();
    private final CircuitBreakerConfig standard;
    private final Map<String, CircuitBreakerConfig> configs;
    private final TimeSource time;
    private final BreakerNews news;
    private final Duration idleAfter;
    private final Alarm sweep;

    private CircuitBreakerRegistry(Builder builder) {
        this.standard = builder.standard;
        this.configs = Map.copyOf(builder.configs);
        this.time = TimeSource.of(builder.scheduler, builder.instantSource);
        this.news = new BreakerNews(time);
        this.idleAfter = builder.idleAfter;
        this.sweep = new Alarm(time, this::sweep, refused -> {});
    }

    /** A registry whose breakers all have the same configuration. */
    public static CircuitBreakerRegistry of(CircuitBreakerConfig config) {
        return builder().config(config).build();
    }

    /** Begins a registry. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The breaker of a name, made if there is none.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    public CircuitBreaker get(String name) {
        CircuitBreaker known = breakers.get(name);
        if (known != null) {
            return known;
        }
        CircuitBreaker fresh = new CircuitBreaker(name, configs.getOrDefault(name, standard), time, news);
        CircuitBreaker other = breakers.putIfAbsent(name, fresh);
        sweep.at(TimeSource.after(time.nanos(), idleAfter));
        return other == null ? fresh : other;
    }

    /** {@link CircuitBreaker#protect(Mono)} with the breaker that the name has at each subscription. */
    public <T> Mono<T> protect(String name, Mono<T> call) {
        Objects.requireNonNull(name, "name");
        return BreakerMono.of(Objects.requireNonNull(call, "call"), () -> get(name));
    }

    /** {@link CircuitBreaker#protect(Flux)} with the breaker that the name has at each subscription. */
    public <T> Flux<T> protect(String name, Flux<T> call) {
        Objects.requireNonNull(name, "name");
        return BreakerFlux.of(Objects.requireNonNull(call, "call"), () -> get(name));
    }

    /** How all breakers stand, in no order. Those that were forgotten are not among them. */
    public List<CircuitBreakerSnapshot> snapshots() {
        return breakers.values().stream().map(CircuitBreaker::snapshot).toList();
    }

    /** What happens in all breakers from now on. Hot; never errors. */
    public Flux<CircuitBreakerEvent> events() {
        return news.events();
    }

    private void sweep() {
        breakers.values().removeIf(CircuitBreaker::isIdle);
        if (!breakers.isEmpty()) {
            sweep.at(TimeSource.after(time.nanos(), idleAfter));
        }
    }

    /** Puts a registry together. Not thread-safe. */
    public static final class Builder {

        private CircuitBreakerConfig standard = CircuitBreakerConfig.DEFAULT;
        private final Map<String, CircuitBreakerConfig> configs = new HashMap<>();
        private @Nullable Scheduler scheduler;
        private @Nullable InstantSource instantSource;
        private Duration idleAfter = Duration.ofHours(1);

        private Builder() {}

        /** The configuration of breakers that have none of their own; default {@link CircuitBreakerConfig#DEFAULT}. */
        public Builder config(CircuitBreakerConfig config) {
            this.standard = Objects.requireNonNull(config, "config");
            return this;
        }

        /** The configuration of one breaker. */
        public Builder config(String name, CircuitBreakerConfig config) {
            configs.put(name, config);
            return this;
        }

        /** Whose clock counts, and where events are told; default {@link Schedulers#parallel()}, looked up at every use. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
            return this;
        }

        /** Where the instants of events come from; default the scheduler's clock. */
        public Builder instantSource(InstantSource instantSource) {
            this.instantSource = Objects.requireNonNull(instantSource, "instantSource");
            return this;
        }

        /**
         * How long a breaker is kept unused: for so long at least, twice as long at most. Default one hour; should be longer
         * than a call may take.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder idleAfter(Duration idleAfter) {
            if (idleAfter.isNegative() || idleAfter.isZero()) {
                throw new IllegalArgumentException("idleAfter must be greater than zero, was " + idleAfter);
            }
            this.idleAfter = idleAfter;
            return this;
        }

        /**
         * The registry.
         *
         * @throws IllegalArgumentException for {@link Schedulers#immediate()}, which cannot wait
         */
        public CircuitBreakerRegistry build() {
            return new CircuitBreakerRegistry(this);
        }
    }
}
