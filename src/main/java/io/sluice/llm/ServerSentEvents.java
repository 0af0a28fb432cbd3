package io.sluice.llm;

import io.sluice.support.Internal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Takes a body apart into events, as the HTML standard says (section 9.2.6, "Interpreting an event stream", as of
 * 2026-11): lines end with LF, CR or both, lines that begin with a colon are comments, and what is no {@code event} or
 * {@code data} is passed over. An event that the body ends in the middle of is given out too, because servers forget the
 * last empty line; whether the stream is whole is told by its contents.
 */
@Internal
public final class ServerSentEvents {

    /** The longest line and the most data of one event, in bytes: an image in an answer stays below. */
    public static final int MAX_EVENT = 32 << 20;

    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final int maxEvent;
    private byte[] line = new byte[256];
    private int length;
    private boolean first = true;
    private boolean afterReturn;
    private @Nullable String name;
    private @Nullable StringBuilder data;

    private ServerSentEvents(int maxEvent) {
        this.maxEvent = maxEvent;
    }

    /**
     * The events of a body.
     *
     * @return the events as they come, or {@link EventTooLargeException} at the first that is longer than
     *     {@link #MAX_EVENT}
     */
    public static Flux<ServerSentEvent> of(Flux<byte[]> body) {
        return of(body, MAX_EVENT);
    }

    static Flux<ServerSentEvent> of(Flux<byte[]> body, int maxEvent) {
        return Flux.defer(() -> {
            ServerSentEvents events = new ServerSentEvents(maxEvent);
            return body.concatMapIterable(events::take).concatWith(Flux.defer(() -> Flux.fromIterable(events.end())));
        });
    }

    private List<ServerSentEvent> take(byte[] piece) {
        List<ServerSentEvent> events = new ArrayList<>(1);
        int from = 0;
        for (int at = 0; at < piece.length; at++) {
            byte one = piece[at];
            if (one == '\n' && afterReturn) {
                from = at + 1;
            } else if (one == '\n' || one == '\r') {
                append(piece, from, at);
                lineEnds(events);
                from = at + 1;
            }
            afterReturn = one == '\r';
        }
        append(piece, from, piece.length);
        return events;
    }

    private List<ServerSentEvent> end() {
        List<ServerSentEvent> events = new ArrayList<>(1);
        if (length > 0) {
            lineEnds(events);
        }
        dispatch(events);
        return events;
    }

    private void append(byte[] piece, int from, int to) {
        int more = to - from;
        if (more > maxEvent - length) {
            throw new EventTooLargeException(maxEvent);
        }
        if (length + more > line.length) {
            line = Arrays.copyOf(line, Math.max(length + more, Math.min(maxEvent, line.length * 2)));
        }
        System.arraycopy(piece, from, line, length, more);
        length += more;
    }

    private void lineEnds(List<ServerSentEvent> events) {
        int from = first && startsWith(BOM) ? BOM.length : 0;
        first = false;
        int to = length;
        length = 0;
        if (from == to) {
            dispatch(events);
        } else if (line[from] != ':') {
            field(from, to);
        }
    }

    private void field(int from, int to) {
        int colon = from;
        while (colon < to && line[colon] != ':') {
            colon++;
        }
        int value = Math.min(to, colon + 1);
        if (value < to && line[value] == ' ') {
            value++;
        }
        switch (text(from, colon)) {
            case "event" -> name = text(value, to);
            case "data" -> {
                if (data == null) {
                    data = new StringBuilder();
                } else {
                    data.append('\n');
                }
                if (to - value > maxEvent - data.length()) {
                    throw new EventTooLargeException(maxEvent);
                }
                data.append(text(value, to));
            }
            default -> {}
        }
    }

    private void dispatch(List<ServerSentEvent> events) {
        if (data != null) {
            events.add(new ServerSentEvent(name, data.toString()));
        }
        data = null;
        name = null;
    }

    private boolean startsWith(byte[] start) {
        return length >= start.length && Arrays.equals(line, 0, start.length, start, 0, start.length);
    }

    private String text(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.UTF_8);
    }
}
