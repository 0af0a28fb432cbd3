package io.sluice.simulator;

import io.sluice.simulator.SimulatedAnswer.Course;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The provider without a network: decides what comes of a request at the moment it arrives. It waits for nothing, so that
 * the same decisions are made on a port and on virtual time.
 *
 * <p>Thread-safe. The lock covers arithmetic only; JSON is read before and written after it.
 */
final class SimulatedProvider {

    private static final Dialect OPENAI = new OpenAiDialect();
    private static final Dialect ANTHROPIC = new AnthropicDialect();

    /** What a request got under the lock. */
    private record Decision(
            long number,
            @Nullable ModelMeter meter,
            @Nullable Verdict verdict,
            @Nullable Fault fault) {}

    private final SimulatorSettings settings;
    private final Randomness random;
    private final FaultRules faults;
    private final LongSupplier clock;

    // Guarded by this.
    private final SimulatedLimits limits;
    private final Tally tally = new Tally();
    private long requests;

    /**
     * @param clock the time in nanoseconds since 1970
     */
    SimulatedProvider(SimulatorSettings settings, LongSupplier clock) {
        this.settings = settings;
        this.clock = clock;
        this.random = new Randomness(settings.seed());
        this.faults = new FaultRules(settings.faults(), random);
        this.limits = new SimulatedLimits(settings.models(), settings.anyModel(), settings.window());
    }

    /** How long the next request is on its way, in nanoseconds. */
    long travel(long sent) {
        return random.travel(settings.travel(), sent);
    }

    FaultRules faults() {
        return faults;
    }

    /**
     * What comes of a request that arrives now. A call that is let in is in flight until the answer's
     * {@link SimulatedAnswer#end()}.
     */
    SimulatedAnswer arrive(SimulatedRequest request) {
        Dialect dialect = request.path().endsWith("/messages") ? ANTHROPIC : OPENAI;
        boolean known = dialect == ANTHROPIC || request.path().endsWith("/chat/completions");
        if (!known || !request.method().equals("POST")) {
            return reject(
                    dialect, dialect.invalid(404, "Invalid URL (" + request.method() + " " + request.path() + ")"));
        }
        ApiError wrongKey = settings.apiKey() == null ? null : dialect.checkKey(request, settings.apiKey());
        if (wrongKey != null) {
            return reject(dialect, wrongKey);
        }
        ReadCall read = dialect.read(request);
        if (read instanceof ApiError wrong) {
            return reject(dialect, wrong);
        }
        ChatCall call = (ChatCall) read;
        FaultRules.Concerned concerned;
        try {
            concerned = faults.of(call.body());
        } catch (RuntimeException thrownByRule) {
            String message =
                    "An occasion of a fault threw " + thrownByRule.getClass().getName() + ".";
            return reject(dialect, dialect.invalid(500, message));
        }
        Reply reply = Reply.of(
                random.answer(Arrays.hashCode(request.body())), settings.minReply(), settings.maxReply(), call.cap());
        return answer(dialect, call, reply, decide(dialect, call, reply, concerned));
    }

    /** The answer to a body that was too large to be read; counted as failed. */
    SimulatedAnswer tooLarge(String path, int most) {
        Dialect dialect = path.endsWith("/messages") ? ANTHROPIC : OPENAI;
        return reject(dialect, dialect.invalid(413, "The body is larger than " + most + " bytes."));
    }

    synchronized SimulatorReport report() {
        return tally.report(limits);
    }

    private synchronized Decision decide(Dialect dialect, ChatCall call, Reply reply, FaultRules.Concerned concerned) {
        long number = requests++;
        ModelMeter meter = limits.find(call.model());
        if (meter == null) {
            tally.failed();
            return new Decision(number, null, null, null);
        }
        Verdict verdict = meter.offer(clock.getAsLong(), call.promptTokens(), call.cap());
        if (!(verdict instanceof Verdict.Admitted)) {
            tally.refused();
            return new Decision(number, meter, verdict, null);
        }
        Fault fault = concerned.next(number);
        tally.begin();
        if (fault != null && fault.fails(call.streamed())) {
            tally.failed();
        } else {
            String name = call.user() == null ? dialect.id(number) : call.user();
            tally.admitted(name, call.promptTokens() + reply.tokens());
        }
        return new Decision(number, meter, verdict, fault);
    }

    private SimulatedAnswer answer(Dialect dialect, ChatCall call, Reply reply, Decision decision) {
        String id = dialect.id(decision.number());
        Verdict verdict = decision.verdict();
        ModelMeter meter = decision.meter();
        if (verdict == null || meter == null) {
            return error(dialect, dialect.unknownModel(call.model()), id, new HashMap<>());
        }
        long now = clock.getAsLong();
        Map<String, String> headers = new HashMap<>();
        dialect.headers(headers, verdict.standing(), now);
        if (verdict instanceof Verdict.Refused refused) {
            return error(dialect, dialect.refused(call.model(), refused), id, headers);
        }
        if (verdict instanceof Verdict.TooLarge tooLarge) {
            return error(dialect, dialect.tooLarge(call.model(), tooLarge), id, headers);
        }
        Verdict.Charge charge = ((Verdict.Admitted) verdict).charge();
        long latency = random.latency(settings.latency(), decision.number());
        dialect.processing(headers, latency);
        Fault fault = decision.fault();
        ApiError error = fault == null ? null : error(dialect, call.model(), fault, now);
        Runnable end = () -> end(meter, charge, error == null ? reply.tokens() : 0);
        if (error != null) {
            Course course = new Course(
                    List.of(dialect.body(error, id)),
                    Duration.ofNanos(latency),
                    Duration.ZERO,
                    Duration.ZERO,
                    false,
                    Ending.WHOLE);
            return new SimulatedAnswer(
                    error.status(), complete(dialect, headers, error.hint(), id, false), course, end);
        }
        List<byte[]> pieces = call.streamed()
                ? dialect.stream(call, reply, id, now)
                : List.of(dialect.completion(call, reply, id, now));
        Course course = new FaultyAnswer(dialect, id)
                .of(pieces, call.streamed(), Duration.ofNanos(latency), settings.streamGap(), fault);
        return new SimulatedAnswer(200, complete(dialect, headers, null, id, call.streamed()), course, end);
    }

    private static @Nullable ApiError error(Dialect dialect, String model, Fault fault, long now) {
        return switch (fault.kind()) {
            case STATUS -> dialect.ofStatus(fault.number());
            case RATE_LIMITED -> dialect.rateLimited(model, fault);
            case INSUFFICIENT_QUOTA -> dialect.insufficientQuota(now);
            case SLOW_DOWN -> dialect.slowDown();
            default -> null;
        };
    }

    private synchronized void end(ModelMeter meter, Verdict.Charge charge, long written) {
        tally.end();
        meter.end(clock.getAsLong(), charge, written);
    }

    private SimulatedAnswer reject(Dialect dialect, ApiError error) {
        long number;
        synchronized (this) {
            number = requests++;
            tally.failed();
        }
        return error(dialect, error, dialect.id(number), new HashMap<>());
    }

    private static SimulatedAnswer error(Dialect dialect, ApiError error, String id, Map<String, String> headers) {
        return new SimulatedAnswer(
                error.status(),
                complete(dialect, headers, error.hint(), id, false),
                Course.atOnce(dialect.body(error, id)),
                () -> {});
    }

    private static Map<String, String> complete(
            Dialect dialect, Map<String, String> headers, @Nullable Duration hint, String id, boolean streamed) {
        if (hint != null) {
            headers.put(
                    "retry-after",
                    String.valueOf(Math.max(1, hint.plusNanos(999_999_999).toSeconds())));
        }
        headers.put(dialect.idHeader(), id);
        headers.put("content-type", streamed ? "text/event-stream" : "application/json");
        return headers;
    }
}
