package io.sluice.simulator;

import io.sluice.time.TimeSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/** Settings of a {@link Simulator}; not thread-safe. */
public final class SimulatorBuilder {

    private final Map<String, ModelLimits> models = new LinkedHashMap<>();
    private final List<FaultRules.Rule> faults = new ArrayList<>();
    private @Nullable ModelLimits anyModel;
    private Duration window = Duration.ofSeconds(60);
    private Latency latency = Latency.none();
    private Latency travel = Latency.none();
    private Duration streamGap = Duration.ZERO;
    private long seed;
    private int minReply = 1;
    private int maxReply = 100;
    private @Nullable String apiKey;
    private @Nullable Scheduler scheduler;
    private @Nullable InstantSource instants;
    private int port;

    SimulatorBuilder() {}

    /** Serves a model, by its exact name. */
    public SimulatorBuilder model(String name, ModelLimits limits) {
        models.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(limits, "limits"));
        return this;
    }

    /** Serves every other model too, each with these limits and a window of its own; at most 10,000 models. */
    public SimulatorBuilder anyModel(ModelLimits limits) {
        this.anyModel = Objects.requireNonNull(limits, "limits");
        return this;
    }

    /**
     * The window of all limits that name none; 60 seconds where nothing is said.
     *
     * @throws IllegalArgumentException if it is not longer than zero, or longer than a day
     */
    public SimulatorBuilder window(Duration window) {
        ModelLimits.check("window", window);
        this.window = window;
        return this;
    }

    /**
     * How long the work on an admitted request takes: evenly distributed between the two, both included. Zero where
     * nothing is said.
     *
     * @throws IllegalArgumentException if {@code min} is negative, {@code max} below it, or longer than a day
     */
    public SimulatorBuilder latency(Duration min, Duration max) {
        return latency(Latency.between(min, max));
    }

    /**
     * How long the work on an admitted request takes, until the headers of its answer are sent; no time where nothing is
     * said. OpenAI's answers state it in {@code openai-processing-ms}, rounded down.
     */
    public SimulatorBuilder latency(Latency latency) {
        this.latency = Objects.requireNonNull(latency, "latency");
        return this;
    }

    /**
     * How long a request is on its way before it arrives and is counted; no time where nothing is said. A client that
     * counts from the moment of sending is then wrong by this much.
     */
    public SimulatorBuilder travel(Latency travel) {
        this.travel = Objects.requireNonNull(travel, "travel");
        return this;
    }

    /**
     * The time between the pieces of a streamed answer, of which each is one token; none where nothing is said.
     *
     * @throws IllegalArgumentException if it is negative, or longer than a day
     */
    public SimulatorBuilder streamGap(Duration gap) {
        if (gap.isNegative() || gap.compareTo(ModelLimits.LONGEST) > 0) {
            throw new IllegalArgumentException("streamGap must be between 0 and a day, was " + gap);
        }
        this.streamGap = gap;
        return this;
    }

    /** Decides all that is random: the answers and the latencies. 0 where nothing is said. */
    public SimulatorBuilder seed(long seed) {
        this.seed = seed;
        return this;
    }

    /**
     * How many tokens a model wants to answer with, both included, before the cap of the request cuts it; 1 to 100 where
     * nothing is said. Which number it is follows from the seed and the request's body.
     *
     * @throws IllegalArgumentException if {@code min} is below 1, {@code max} below it, or above 1,000,000
     */
    public SimulatorBuilder replyTokens(int min, int max) {
        if (min < 1 || max < min || max > 1_000_000) {
            throw new IllegalArgumentException(
                    "replyTokens must be between 1 and 1,000,000, the smaller first, was " + min + " to " + max);
        }
        this.minReply = min;
        this.maxReply = max;
        return this;
    }

    /** Refuses every request with another key, or none; without this any will do. */
    public SimulatorBuilder apiKey(String key) {
        this.apiKey = Objects.requireNonNull(key, "key");
        return this;
    }

    /**
     * Makes requests fail: short for {@link #fault} with {@link Fault#status} and {@link Occasion#of}. They are charged and
     * take their time as any other, and then are answered with this status; a limit that is reached comes first.
     *
     * @param which tells by the body of the request; is called on event loops, from several at once, and must not block
     * @param status 400 to 599; 429 is answered as a used-up quota
     * @throws IllegalArgumentException if the status is out of its range
     */
    public SimulatorBuilder failWhen(Predicate<? super JsonNode> which, int status) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status must be between 400 and 599, was " + status);
        }
        return fault(status == 429 ? Fault.insufficientQuota() : Fault.status(status), Occasion.of(which));
    }

    /**
     * Lets something go wrong with requests that the limits let in. Where several faults match, the first decides; each
     * counts all the requests that it concerns. More can be added while the simulator runs, see {@link SimulatorRun#inject}.
     */
    public SimulatorBuilder fault(Fault fault, Occasion occasion) {
        faults.add(new FaultRules.Rule(
                Objects.requireNonNull(fault, "fault"), Objects.requireNonNull(occasion, "occasion")));
        return this;
    }

    /** Where latencies are waited for and the clock comes from; {@code Schedulers.parallel()} where nothing is said. */
    public SimulatorBuilder scheduler(Scheduler scheduler) {
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        return this;
    }

    /**
     * Where the wall clock is read, once at the start; the scheduler's own where nothing is said. It decides where fixed
     * windows begin, and what the answers say of the time.
     */
    public SimulatorBuilder instantSource(InstantSource instants) {
        this.instants = Objects.requireNonNull(instants, "instants");
        return this;
    }

    /**
     * The port on the loopback address; 0, which is any free one, where nothing is said.
     *
     * @throws IllegalArgumentException if it is no port
     */
    public SimulatorBuilder port(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, was " + port);
        }
        this.port = port;
        return this;
    }

    /**
     * @throws IllegalStateException if there is no model to serve
     * @throws IllegalArgumentException if the scheduler cannot wait
     */
    public Simulator build() {
        if (models.isEmpty() && anyModel == null) {
            throw new IllegalStateException(
                    "the simulator serves no model; add one with model(name, limits) or anyModel(limits)");
        }
        TimeSource.of(scheduler, null);
        return new Simulator(settings(), scheduler, instants, port);
    }

    SimulatorSettings settings() {
        return new SimulatorSettings(
                Map.copyOf(models),
                anyModel,
                window,
                latency,
                travel,
                streamGap,
                seed,
                minReply,
                maxReply,
                apiKey,
                List.copyOf(faults));
    }
}
