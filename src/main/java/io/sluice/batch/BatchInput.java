package io.sluice.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Where the lines of a batch come from: one JSON object a line, UTF-8. Each is one of
 *
 * <ul>
 *   <li>OpenAI's batch format: {@code {"custom_id": …, "method": "POST", "url": "/v1/chat/completions", "body": {…}}};
 *   <li>the body of a chat completion: {@code {"model": …, "messages": […], …}};
 *   <li>a prompt alone: {@code {"prompt": "…"}}, with a {@code system} text and any field of such a body beside it.
 * </ul>
 *
 * The latter two may have a {@code custom_id} too, which is not sent.
 */
public final class BatchInput {

    @FunctionalInterface
    private interface Source {
        InputStream open() throws IOException;
    }

    private final Source source;

    private BatchInput(Source source) {
        this.source = source;
    }

    /** The lines of a file, which is opened for each run. */
    public static BatchInput file(Path file) {
        return new BatchInput(() -> Files.newInputStream(file));
    }

    /** The lines of a stream, which is read to its end and closed; for one run. */
    public static BatchInput stream(InputStream stream) {
        return new BatchInput(() -> stream);
    }

    /** Blocks. */
    LineReader open() throws IOException {
        return new LineReader(source.open());
    }

    /**
     * Reads on a thread that may block, no further than lines are asked for and the budget allows; who gets a line gives its
     * bytes back to the budget.
     */
    Flux<BatchLine> lines(ByteBudget budget) {
        return Flux.<BatchLine, LineReader>generate(
                        this::open,
                        (reader, sink) -> {
                            try {
                                BatchLine line = reader.next();
                                if (line == null) {
                                    sink.complete();
                                } else {
                                    budget.take(line.length());
                                    sink.next(line);
                                }
                            } catch (IOException unreadable) {
                                sink.error(unreadable);
                            } catch (InterruptedException cancelled) {
                                Thread.currentThread().interrupt();
                                sink.error(new InterruptedIOException("reading was interrupted"));
                            }
                            return reader;
                        },
                        BatchInput::close)
                .subscribeOn(Schedulers.boundedElastic());
    }

    private static void close(LineReader reader) {
        try {
            reader.close();
        } catch (IOException nothingLost) {
            // It was only read.
        }
    }
}
