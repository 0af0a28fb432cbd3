package io.sluice.simulator;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One provider's protocol: how its calls are read, and how its answers, headers and errors look. Stateless; {@code now}
 * is in nanoseconds since 1970.
 */
interface Dialect {

    /** What a wrong key is told; null where the key is right. */
    @Nullable
    ApiError checkKey(SimulatedRequest request, String key);

    /** The call in the request, or the error that it deserves. */
    ReadCall read(SimulatedRequest request);

    ApiError unknownModel(String model);

    ApiError refused(String model, Verdict.Refused refused);

    ApiError tooLarge(String model, Verdict.TooLarge refused);

    /** Something that is not the caller's fault, in the provider's words for this status. */
    ApiError ofStatus(int status);

    /** Too many requests, without a limit that was reached; the hint is in the error. */
    ApiError rateLimited(String model, Fault fault);

    ApiError insufficientQuota(long now);

    ApiError slowDown();

    /** A wrong request of this status: 400, 404 or 413. */
    ApiError invalid(int status, String message);

    /** The name of the header with the request's id. */
    String idHeader();

    /** The id of the request of this number. */
    String id(long number);

    /** How the limits stand, in the provider's headers. */
    void headers(Map<String, String> headers, Standing standing, long now);

    /** What goes with the answer to a call that was let in. */
    void processing(Map<String, String> headers, long latencyNanos);

    byte[] body(ApiError error, String id);

    byte[] completion(ChatCall call, Reply reply, String id, long now);

    /** A streamed answer in the pieces that it is sent in; the last tells that it is over. */
    List<byte[]> stream(ChatCall call, Reply reply, String id, long now);

    /** An error in a stream that had begun well. */
    byte[] errorInStream(String id);
}
