package io.sluice.simulator;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The provider without a network: decides what comes of a request at the moment it arrives. It reads no clock and waits
 * for nothing, so that the same decisions can be made on a port and on virtual time.
 *
 * <p>Thread-safe. The lock covers arithmetic only; JSON is read before and written after it.
 */
final class SimulatedProvider {

    /** The instant that time 0 stands for in {@code created}, as epoch seconds; made up, so that runs can be compared. */
    private static final long EPOCH = 1_700_000_000;

    private final SimulatorSettings settings;
    private final Randomness random;

    // Guarded by this.
    private final SimulatedLimits limits;
    private final Tally tally = new Tally();
    private long requests;

    SimulatedProvider(SimulatorSettings settings) {
        this.settings = settings;
        this.random = new Randomness(settings.seed());
        this.limits = new SimulatedLimits(
                settings.models(), settings.anyModel(), settings.window().toNanos());
    }

    /**
     * What comes of a request. A call that is let in is in flight until the answer's {@link SimulatedAnswer#end()}.
     *
     * @param authorization the header of this name, or null
     * @param body what was sent
     * @param now the time of the arrival in nanoseconds
     */
    SimulatedAnswer arrive(@Nullable String authorization, byte[] body, long now) {
        String key = settings.apiKey();
        if (key != null && !("Bearer " + key).equals(authorization)) {
            return reject(ApiError.wrongKey());
        }
        ReadCall read = ChatCall.of(body);
        if (read instanceof ApiError wrong) {
            return reject(wrong);
        }
        ChatCall call = (ChatCall) read;
        int failure;
        try {
            failure = settings.failure(call.body());
        } catch (RuntimeException thrownByRule) {
            return reject(ApiError.invalid(
                    500,
                    null,
                    null,
                    "A rule of failWhen threw " + thrownByRule.getClass().getName() + "."));
        }
        Reply reply =
                Reply.of(random.answer(Arrays.hashCode(body)), settings.minReply(), settings.maxReply(), call.cap());
        return decide(call, reply, failure, now);
    }

    /** The answer to something that is no call at all; counted as failed. */
    SimulatedAnswer reject(ApiError error) {
        long number;
        synchronized (this) {
            number = requests++;
            tally.failed();
        }
        return answer(error, id(number), Map.of());
    }

    synchronized SimulatorReport report() {
        return tally.report(limits);
    }

    private SimulatedAnswer decide(ChatCall call, Reply reply, int failure, long now) {
        long used = call.promptTokens() + (failure == 0 ? reply.tokens() : 0);
        Verdict verdict;
        long number;
        synchronized (this) {
            number = requests++;
            verdict = limits.offer(call.model(), call.charge(), now);
            count(verdict, call.user() == null ? id(number) : call.user(), used, failure != 0);
        }
        String id = id(number);
        if (verdict == null) {
            return answer(ApiError.unknownModel(call.model()), id, Map.of());
        }
        Map<String, String> headers = LimitHeaders.of(verdict.standing());
        if (verdict instanceof Verdict.Refused refused) {
            headers.put("retry-after", LimitHeaders.retryAfter(refused.waitNanos()));
            return answer(ApiError.rateLimit(call.model(), refused), id, headers);
        }
        if (verdict instanceof Verdict.TooLarge tooLarge) {
            return answer(ApiError.tooLarge(call.model(), tooLarge), id, headers);
        }
        long charge = ((Verdict.Admitted) verdict).number();
        long latency = random.latency(number, settings.minLatencyNanos(), settings.maxLatencyNanos());
        headers.put("openai-processing-ms", String.valueOf(latency / 1_000_000));
        AtomicBoolean ended = new AtomicBoolean();
        return new SimulatedAnswer(
                failure == 0 ? 200 : failure,
                withId(headers, id),
                failure == 0
                        ? completion(call, reply, id, now)
                        : ApiError.ofStatus(failure).json(),
                Duration.ofNanos(latency),
                () -> {
                    if (ended.compareAndSet(false, true)) {
                        end(call.model(), charge, used);
                    }
                });
    }

    /** Called with the lock. */
    private void count(@Nullable Verdict verdict, String name, long used, boolean failing) {
        if (verdict instanceof Verdict.Admitted) {
            tally.begin();
        }
        if (verdict == null || (failing && verdict instanceof Verdict.Admitted)) {
            tally.failed();
        } else if (verdict instanceof Verdict.Admitted) {
            tally.admitted(name, used);
        } else {
            tally.refused();
        }
    }

    private synchronized void end(String model, long number, long used) {
        tally.end();
        if (settings.settleActual()) {
            limits.settle(model, number, used);
        }
    }

    private static SimulatedAnswer answer(ApiError error, String id, Map<String, String> headers) {
        return new SimulatedAnswer(error.status(), withId(headers, id), error.json(), Duration.ZERO, () -> {});
    }

    private static Map<String, String> withId(Map<String, String> headers, String id) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("x-request-id", id);
        all.put("content-type", "application/json");
        return all;
    }

    private static String id(long number) {
        return "req_" + number;
    }

    private static byte[] completion(ChatCall call, Reply reply, String id, long now) {
        ObjectNode root = ChatCall.MAPPER.createObjectNode();
        root.put("id", "chatcmpl-" + id)
                .put("object", "chat.completion")
                .put("created", EPOCH + now / 1_000_000_000)
                .put("model", call.model());
        ObjectNode choice = root.putArray("choices").addObject();
        choice.put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", reply.text());
        choice.put("finish_reason", reply.finishReason());
        root.putObject("usage")
                .put("prompt_tokens", call.promptTokens())
                .put("completion_tokens", reply.tokens())
                .put("total_tokens", call.promptTokens() + reply.tokens());
        return ChatCall.MAPPER.writeValueAsBytes(root);
    }
}
