package io.sluice.simulator;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong with a request that was let in. The request is charged and takes its time as any other, and
 * then is answered so; errors are in the words of the protocol that the request came in. Immutable.
 */
public final class Fault {

    enum Kind {
        STATUS,
        RATE_LIMITED,
        INSUFFICIENT_QUOTA,
        SLOW_DOWN,
        RESET_BEFORE_HEADERS,
        RESET_AFTER_HEADERS,
        CUT,
        ERROR_IN_STREAM,
        SLOW_FIRST_BYTE,
        MALFORMED_JSON
    }

    private final Kind kind;

    /** The status, or after how many pieces it goes wrong. */
    private final int number;

    private final @Nullable Duration time;

    private Fault(Kind kind, int number, @Nullable Duration time) {
        this.kind = kind;
        this.number = number;
        this.time = time;
    }

    /**
     * An error of the provider with this status, such as 500, 503, or Anthropic's 529.
     *
     * @param status 400 to 599, but not 429, of which there are several: see the methods below
     * @throws IllegalArgumentException if it is not that
     */
    public static Fault status(int status) {
        if (status < 400 || status > 599 || status == 429) {
            throw new IllegalArgumentException("status must be between 400 and 599, and for 429 there are"
                    + " rateLimited(), insufficientQuota() and slowDown(); was " + status);
        }
        return new Fault(Kind.STATUS, status, null);
    }

    /** 429 for too many requests, which does not say how long to wait. */
    public static Fault rateLimited() {
        return new Fault(Kind.RATE_LIMITED, 429, null);
    }

    /**
     * 429 for too many requests, which says how long to wait: in {@code retry-after}, rounded up to seconds, and with
     * OpenAI to the millisecond in the message.
     *
     * @throws IllegalArgumentException if it is negative, or longer than a day
     */
    public static Fault rateLimited(Duration hint) {
        return new Fault(Kind.RATE_LIMITED, 429, checked("hint", hint));
    }

    /** 429 for an account that has run dry, which no waiting mends; with Anthropic a spend limit. */
    public static Fault insufficientQuota() {
        return new Fault(Kind.INSUFFICIENT_QUOTA, 429, null);
    }

    /** 429 for traffic that grew too fast: OpenAI's {@code slow_down}, Anthropic's acceleration limit. */
    public static Fault slowDown() {
        return new Fault(Kind.SLOW_DOWN, 429, null);
    }

    /** The connection is reset when the answer should begin. */
    public static Fault resetBeforeHeaders() {
        return new Fault(Kind.RESET_BEFORE_HEADERS, 0, null);
    }

    /** The connection is reset after status 200 and the headers. */
    public static Fault resetAfterHeaders() {
        return new Fault(Kind.RESET_AFTER_HEADERS, 0, null);
    }

    /**
     * The connection is closed in the middle of the answer. A plain answer is cut in half.
     *
     * @param pieces after how many events of a streamed answer, at least 0
     * @throws IllegalArgumentException if that is negative
     */
    public static Fault cut(int pieces) {
        return new Fault(Kind.CUT, checked(pieces), null);
    }

    /**
     * A streamed answer ends with an event that is an error: OpenAI's {@code server_error}, Anthropic's
     * {@code overloaded_error}. A plain answer is not affected.
     *
     * @param pieces after how many events, at least 0
     * @throws IllegalArgumentException if that is negative
     */
    public static Fault errorInStream(int pieces) {
        return new Fault(Kind.ERROR_IN_STREAM, checked(pieces), null);
    }

    /**
     * Headers come in time, but the first byte of the body so much later. The call succeeds all the same.
     *
     * @throws IllegalArgumentException if it is negative, or longer than a day
     */
    public static Fault slowFirstByte(Duration delay) {
        return new Fault(Kind.SLOW_FIRST_BYTE, 0, checked("delay", delay));
    }

    /** Status 200 with a body, or the first event of a stream, whose JSON breaks off. */
    public static Fault malformedJson() {
        return new Fault(Kind.MALFORMED_JSON, 0, null);
    }

    Kind kind() {
        return kind;
    }

    int number() {
        return number;
    }

    /** How long to wait, as a rate limit says it; null where it does not. */
    @Nullable
    Duration hint() {
        return time;
    }

    /** How much later the first byte comes. */
    Duration delay() {
        return kind == Kind.SLOW_FIRST_BYTE && time != null ? time : Duration.ZERO;
    }

    /** Whether a call that this happens to does not get its answer. */
    boolean fails(boolean streamed) {
        return switch (kind) {
            case SLOW_FIRST_BYTE -> false;
            case ERROR_IN_STREAM -> streamed;
            default -> true;
        };
    }

    @Override
    public String toString() {
        return "Fault[" + kind + (number == 0 ? "" : " " + number) + (time == null ? "" : " " + time) + "]";
    }

    private static int checked(int pieces) {
        if (pieces < 0) {
            throw new IllegalArgumentException("pieces must be at least 0, was " + pieces);
        }
        return pieces;
    }

    private static Duration checked(String name, Duration time) {
        Objects.requireNonNull(time, name);
        if (time.isNegative() || time.compareTo(ModelLimits.LONGEST) > 0) {
            throw new IllegalArgumentException(name + " must be between 0 and a day, was " + time);
        }
        return time;
    }
}
