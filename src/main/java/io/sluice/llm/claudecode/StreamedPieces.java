package io.sluice.llm.claudecode;

import io.sluice.llm.AnswerFields;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmResponse;
import java.util.List;
import java.util.concurrent.Semaphore;
import reactor.core.publisher.FluxSink;

/** Gives pieces to a subscriber, and holds up the program while it wants none. */
final class StreamedPieces implements ClaudeCodeAnswer {

    /** So many at once are as many as there are. */
    private static final int WITHOUT_END = 1 << 30;

    private final FluxSink<LlmChunk> sink;
    private final Semaphore wanted = new Semaphore(0);
    private volatile boolean endless;
    private volatile boolean stopped;
    private boolean said;

    StreamedPieces(FluxSink<LlmChunk> sink) {
        this.sink = sink.onRequest(this::request);
    }

    private void request(long more) {
        if (more >= WITHOUT_END || wanted.availablePermits() >= WITHOUT_END) {
            goOn();
        } else {
            wanted.release((int) more);
        }
    }

    @Override
    public void stop() {
        stopped = true;
        goOn();
    }

    private void goOn() {
        endless = true;
        wanted.release();
    }

    private void room() throws InterruptedException {
        if (!endless) {
            wanted.acquire();
            if (endless) {
                wanted.release();
            }
        }
    }

    @Override
    public void says(LlmChunk piece) throws InterruptedException {
        room();
        if (!stopped) {
            said |= !piece.text().isEmpty();
            sink.next(piece);
        }
    }

    @Override
    public void whole(LlmResponse response) throws InterruptedException {
        room();
        if (stopped) {
            return;
        }
        sink.next(new LlmChunk(
                said ? "" : response.text(),
                List.of(),
                response.finishReason(),
                AnswerFields.known(response.usage()),
                response.cost(),
                response.requestId(),
                response.raw()));
        sink.complete();
    }

    @Override
    public void failed(Throwable failure) {
        sink.error(failure);
    }
}
