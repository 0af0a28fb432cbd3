package io.sluice.simulator;

import io.sluice.simulator.SimulatedAnswer.Course;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the course of an answer go wrong after its headers. */
final class FaultyAnswer {

    private final Dialect dialect;
    private final String id;

    FaultyAnswer(Dialect dialect, String id) {
        this.dialect = dialect;
        this.id = id;
    }

    Course of(List<byte[]> pieces, boolean streamed, Duration latency, Duration gap, @Nullable Fault fault) {
        if (fault == null) {
            return new Course(pieces, latency, Duration.ZERO, gap, streamed, Ending.WHOLE);
        }
        return switch (fault.kind()) {
            case RESET_BEFORE_HEADERS ->
                new Course(List.of(), latency, Duration.ZERO, gap, streamed, Ending.RESET_BEFORE_HEADERS);
            case RESET_AFTER_HEADERS ->
                new Course(List.of(), latency, Duration.ZERO, gap, streamed, Ending.RESET_AFTER_HEADERS);
            case CUT -> new Course(cut(pieces, streamed, fault), latency, Duration.ZERO, gap, streamed, Ending.CUT);
            case ERROR_IN_STREAM ->
                new Course(withError(pieces, streamed, fault), latency, Duration.ZERO, gap, streamed, Ending.WHOLE);
            case MALFORMED_JSON ->
                new Course(malformed(pieces, streamed), latency, Duration.ZERO, gap, streamed, Ending.WHOLE);
            default -> new Course(pieces, latency, fault.delay(), gap, streamed, Ending.WHOLE);
        };
    }

    private static List<byte[]> cut(List<byte[]> pieces, boolean streamed, Fault fault) {
        return streamed ? pieces.subList(0, Math.min(fault.number(), pieces.size() - 1)) : List.of(half(pieces.get(0)));
    }

    private List<byte[]> withError(List<byte[]> pieces, boolean streamed, Fault fault) {
        if (!streamed) {
            return pieces;
        }
        List<byte[]> all = new ArrayList<>(pieces.subList(0, Math.min(fault.number(), pieces.size() - 1)));
        all.add(dialect.errorInStream(id));
        return all;
    }

    /** The JSON without its end; an event that holds it is whole. */
    private static List<byte[]> malformed(List<byte[]> pieces, boolean streamed) {
        byte[] half = half(pieces.get(0));
        if (!streamed) {
            return List.of(half);
        }
        byte[] event = Arrays.copyOf(half, half.length + 2);
        event[half.length] = '\n';
        event[half.length + 1] = '\n';
        return List.of(event);
    }

    private static byte[] half(byte[] whole) {
        return Arrays.copyOf(whole, whole.length / 2);
    }
}
